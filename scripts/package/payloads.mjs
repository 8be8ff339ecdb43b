/** What people are given of a program folder, by platform. */
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeDebian } from './debian.mjs'
import { writePortable } from './portable.mjs'
import { writeWindowsInstaller } from './windows.mjs'

/**
 * @returns {Promise<{ kind: 'portable' | 'debian' | 'folder', path: string }[]>}
 */
export async function writePayloads({ programFolder, platform, version, seconds, out }) {
  const name = `drydock-${version}-${platform}`
  if (platform === 'linux-x64')
    return [
      { kind: 'portable', path: await writePortable({ programFolder, name, seconds, out }) },
      { kind: 'debian', path: await writeDebian({ programFolder, version, seconds, out }) }
    ]
  const folder = join(out, name)
  rmSync(folder, { recursive: true, force: true })
  cpSync(programFolder, folder, { recursive: true, verbatimSymlinks: true })
  if (platform.startsWith('win32')) writeWindowsInstaller(folder)
  return [{ kind: 'folder', path: folder }]
}
