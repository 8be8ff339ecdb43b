/** Folders as they are to ship: the same rights and times on every machine that builds them. */
import { chmodSync, lstatSync, lutimesSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Every path below a folder in a fixed order, folders before what they hold. */
export function pathsBelow(folder) {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name)
      return lstatSync(path).isDirectory() ? [path, ...pathsBelow(path)] : [path]
    })
}

/** Everybody may read, only the owner may write, and what may be run stays so; the umask of the build does not count. */
export function settleRights(folder) {
  for (const path of [folder, ...pathsBelow(folder)]) {
    const info = lstatSync(path)
    if (!info.isSymbolicLink()) chmodSync(path, info.isDirectory() || info.mode & 0o100 ? 0o755 : 0o644)
  }
}

/** @param {number} seconds since 1970, for every file and folder */
export function settleTimes(folder, seconds) {
  for (const path of [...pathsBelow(folder).reverse(), folder]) lutimesSync(path, seconds, seconds)
}

/** Bytes of all files. */
export const sizeOf = (folder) => pathsBelow(folder).reduce((sum, path) => sum + (lstatSync(path).isFile() ? lstatSync(path).size : 0), 0)
