/** What people are given of a program folder, by platform. */
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeDebian } from './debian.mjs'
import { writePortable } from './portable.mjs'
import { writeWindowsInstaller } from './windows.mjs'
import { writeZip } from './zip.mjs'

/** @returns {Promise<{ kind: 'portable' | 'debian', path: string }[]>} */
export async function writePayloads({ programFolder, platform, version, seconds, out }) {
  const name = `drydock-${version}-${platform}`
  const debian = async () => ({ kind: 'debian', path: await writeDebian({ programFolder, version, seconds, out }) })
  const portable = async () => ({ kind: 'portable', path: await writePortable({ programFolder, name, seconds, out }) })
  if (platform.startsWith('linux')) return Promise.all([portable(), debian()])
  // Here the folder itself is given as well: who installs by a tool of his own packs it anew.
  if (platform.startsWith('win32')) writeWindowsInstaller(programFolder)
  const folder = join(out, name)
  rmSync(folder, { recursive: true, force: true })
  cpSync(programFolder, folder, { recursive: true, verbatimSymlinks: true })
  if (platform.startsWith('darwin')) return [await portable()]
  const path = join(out, `${name}.zip`)
  await writeZip({ folder: programFolder, name, seconds, file: path })
  return [{ kind: 'portable', path }]
}
