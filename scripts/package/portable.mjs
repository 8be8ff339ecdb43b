/** The portable archive for Linux: the program folder, packed to the same bytes on every machine. */
import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'

/**
 * @param {{ programFolder: string, name: string, seconds: number, out: string }} what `name` is the folder inside the archive
 * @returns {Promise<string>} path of the archive
 */
export async function writePortable({ programFolder, name, seconds, out }) {
  const file = join(out, `${name}.tar.gz`)
  const tar = spawn(
    'tar',
    [
      '--create',
      '--format=gnu',
      '--sort=name',
      '--owner=0',
      '--group=0',
      '--numeric-owner',
      `--mtime=@${seconds}`,
      `--transform=s,^${basename(programFolder)},${name},S`,
      '-C',
      dirname(programFolder),
      basename(programFolder)
    ],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, LC_ALL: 'C' } }
  )
  const ended = new Promise((done, failed) => {
    tar.on('error', failed)
    tar.on('close', done)
  })
  // Node's gzip writes neither a name nor a time.
  await pipeline(tar.stdout, createGzip({ level: 6 }), createWriteStream(file))
  if ((await ended) !== 0) throw new Error('tar failed; GNU tar is needed. The message above says why.')
  return file
}
