import { randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import { dirname, relative, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { fromSystemError, WorkbenchError } from '../../model/errors'
import { compareNames } from './file-names'
import type { OpenBundle } from './open-bundle'
import { openBundle } from './open-bundle'
import { assertSignableLayout } from './container-limits'

/** One entry of a container that is being written. */
export interface PackEntry {
  name: string
  bytes: number
  chunks(): AsyncIterable<Buffer>
}

/**
 * Writes a bundle directory as one `.drydock` file. Equal content gives equal bytes, whatever the clock, time zone, file times and
 * permissions. The file appears complete or not at all; an existing one is not replaced.
 * @returns the size in bytes
 * @throws WorkbenchError CONFLICT when the file exists; INVALID_INPUT when the directory has anything that cannot be in a bundle
 */
export async function packBundle(directory: string, file: string): Promise<{ path: string; bytes: number }> {
  if (await exists(file)) throw new WorkbenchError('CONFLICT', `${file} exists already. Nothing was written. Choose another name.`)
  if (!relative(resolve(directory), resolve(file)).startsWith('..'))
    throw new WorkbenchError('INVALID_INPUT', 'The bundle file would lie inside the folder that it packs. Choose a place outside of it.')
  const bundle = await openBundle(directory)
  if (bundle.form !== 'directory') {
    await bundle.close()
    throw new WorkbenchError('INVALID_INPUT', `${directory} is a file already. Choose the folder of an exported bundle.`)
  }
  assertSignableLayout(bundle.uncovered)
  return { path: file, bytes: await writeContainer(file, packEntries(bundle)) }
}

/** The files of an open bundle as entries of a new container. */
export function packEntries(bundle: OpenBundle): PackEntry[] {
  return bundle.list().map(({ name, bytes }) => ({ name, bytes, chunks: () => bundle.chunks(name) }))
}

/**
 * Writes the entries in byte order of their names, beside the target first, and then renames.
 * @param beforeRename closes a container that is read from and replaced: some systems do not replace an open file
 * @returns the size in bytes
 */
export async function writeContainer(file: string, entries: PackEntry[], beforeRename?: () => Promise<void>): Promise<number> {
  const partial = `${file}.${randomBytes(6).toString('hex')}.partial`
  const zip = new ZipFile()
  // the ZIP date is local time, so a local date makes the bytes independent of the time zone; it keeps clear of 1980-01-01, to which the
  // library clamps in the zone that the process started in
  const options = { mtime: new Date(1980, 1, 1, 12), mode: 0o100644, compress: false, forceDosTimestamp: true }
  try {
    for (const entry of [...entries].sort((a, b) => compareNames(a.name, b.name)))
      zip.addReadStreamLazy(entry.name, { ...options, size: entry.bytes }, (callback) => {
        const stream = Readable.from(copies(entry.chunks()), { objectMode: false, highWaterMark: 1024 * 1024 })
        stream.once('error', (error) => zip.emit('error', error))
        callback(null, stream)
      })
    // The stream itself: one made from it would wait for the next piece before it ends, and after an error there is none.
    const output = zip.outputStream as Readable
    zip.once('error', (error: Error) => output.destroy(error))
    zip.end()
    await pipeline(output, createWriteStream(partial, { flags: 'wx', mode: 0o644 }))
    const handle = await open(partial, 'r+')
    await handle.sync()
    await handle.close()
    const { size } = await stat(partial)
    await beforeRename?.()
    await rename(partial, file)
    await syncFolder(dirname(file))
    return size
  } catch (error) {
    await rm(partial, { force: true })
    throw fromSystemError(error, 'writing the bundle file')
  }
}

/** A stream may hold several chunks at once, and the reader reuses its buffer. */
async function* copies(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) yield Buffer.from(chunk)
}

/** Makes a rename durable; not every system can open a folder, and then the rename is as durable as it gets. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null)
  if (!handle) return
  await handle.sync().catch(() => undefined)
  await handle.close()
}

/** Whether anything is at the path. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false
  )
}
