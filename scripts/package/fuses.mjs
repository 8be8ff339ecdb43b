/** The switches inside Electron's binary that are set for good in a package. */
import { flipFuses, FuseV1Options, FuseVersion, getCurrentFuseWire } from '@electron/fuses'

const off = 48
const on = 49

/** @param {{ platform: string, electronVersion: string }} of */
export function fusesFor({ platform, electronVersion }) {
  const major = Number(electronVersion.split('.')[0])
  // Linux has no check of the archive; Windows has it since 30.
  const checksArchive = platform.startsWith('darwin') || (platform.startsWith('win32') && major >= 30)
  return {
    [FuseV1Options.RunAsNode]: false,
    [FuseV1Options.EnableCookieEncryption]: true,
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: false,
    [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: checksArchive,
    [FuseV1Options.OnlyLoadAppFromAsar]: true,
    // Pages come over a scheme of their own; files need no rights.
    ...(major >= 29 ? { [FuseV1Options.GrantFileProtocolExtraPrivileges]: false } : {})
  }
}

/** Sets the fuses and reads them back. Throws when one did not take. */
export async function setFuses({ binary, platform, electronVersion }) {
  const wanted = fusesFor({ platform, electronVersion })
  await flipFuses(binary, { version: FuseVersion.V1, resetAdHocDarwinSignature: process.platform === 'darwin', ...wanted })
  const wire = await getCurrentFuseWire(binary)
  for (const [option, value] of Object.entries(wanted))
    if (wire[option] !== (value ? on : off)) throw new Error(`The fuse ${FuseV1Options[option]} could not be set in ${binary}.`)
}
