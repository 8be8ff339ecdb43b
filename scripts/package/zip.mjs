/** Zip archives: the one that @electron/packager reads, and the one that people on Windows are given. */
import { createWriteStream, statSync } from 'node:fs'
import { relative } from 'node:path'
import { pipeline } from 'node:stream/promises'
import yazl from 'yazl'
import { pathsBelow } from './folders.mjs'

/**
 * @param {object} what
 * @param {string} what.folder
 * @param {string} [what.name] folder inside the archive
 * @param {number} what.seconds time of every file; its zone is that of the process
 * @param {(path: string) => boolean} [what.keeps] by the path inside `folder`, with forward slashes
 * @param {boolean} [what.compress]
 */
export async function writeZip({ folder, name, seconds, file, keeps = () => true, compress = true }) {
  const zip = new yazl.ZipFile()
  for (const path of pathsBelow(folder)) {
    const info = statSync(path)
    const within = relative(folder, path).split('\\').join('/')
    if (!info.isFile() || !keeps(within)) continue
    const mode = info.mode & 0o111 ? 0o100755 : 0o100644
    zip.addFile(path, name ? `${name}/${within}` : within, { compress, mode, mtime: new Date(seconds * 1000) })
  }
  zip.end()
  await pipeline(zip.outputStream, createWriteStream(file))
}
