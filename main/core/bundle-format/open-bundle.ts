import { mkdir, open, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { BundleContents, BundleFile, BundleForm } from '../../model/bundle'
import { fromSystemError, WorkbenchError } from '../../model/errors'
import { openRegularFile, readRange } from './file-chunks'
import type { BundleLimits } from './container-limits'
import { defaultLimits, refuseBundle } from './container-limits'
import { printable } from '../../model/plain-text'
import type { DirectoryListing } from './directory-bundle'
import { listDirectory } from './directory-bundle'
import { openZip } from './zip-bundle'

/** A bundle of either form, opened for reading. Its listing passed every safety check; nothing about its content is verified yet. */
export interface OpenBundle {
  readonly path: string
  readonly form: BundleForm
  /** What lies in the root of a directory and is no part of the bundle, because no signature ever covers it. */
  readonly uncovered: readonly string[]
  /** All files in byte order of their names. */
  list(): readonly BundleFile[]
  contents(): BundleContents
  /** The content in chunks of at most 1 MiB; a chunk is valid until the next one is asked for. */
  chunks(name: string): AsyncGenerator<Buffer>
  /** One whole file. @throws WorkbenchError INVALID_INPUT when it is larger than `maxBytes` (16 MiB unless told) */
  read(name: string, maxBytes?: number): Promise<Buffer>
  /** Writes every file below a folder that must not exist yet; after a failure the folder is gone again. */
  extractTo(freshDirectory: string): Promise<void>
  close(): Promise<void>
}

/**
 * Opens a bundle directory or a `.drydock` file.
 * @throws WorkbenchError NOT_FOUND when there is nothing; INVALID_INPUT for anything unsafe, before a byte is written
 */
export async function openBundle(path: string, limits: BundleLimits = defaultLimits): Promise<OpenBundle> {
  try {
    const stats = await stat(path)
    if (stats.isDirectory()) {
      const listing = await listDirectory(path, limits)
      return asBundle(path, 'directory', listing, directoryChunks(path), async () => {})
    }
    if (!stats.isFile()) throw refuseBundle('container', 'This is neither a bundle folder nor a bundle file.')
    const zip = await openZip(path, limits)
    return asBundle(path, 'file', { files: zip.files, uncovered: [] }, (file) => zip.chunks(file.name), zip.close)
  } catch (error) {
    throw fromSystemError(error, 'opening the bundle')
  }
}

type Chunks = (file: BundleFile) => AsyncGenerator<Buffer>

function directoryChunks(root: string): Chunks {
  return async function* (file) {
    const handle = await openRegularFile(join(root, file.name))
    try {
      const { size } = await handle.stat()
      if (size !== file.bytes)
        throw refuseBundle('container', `${printable(file.name)} changed its size while the bundle was read.`, [file.name])
      yield* readRange(handle, 0, size)
    } finally {
      await handle.close()
    }
  }
}

function asBundle(
  path: string,
  form: BundleForm,
  { files, uncovered }: DirectoryListing,
  chunksOf: Chunks,
  close: () => Promise<void>
): OpenBundle {
  const byName = new Map(files.map((file) => [file.name, file]))
  const find = (name: string): BundleFile => {
    const file = byName.get(name)
    if (file) return file
    throw new WorkbenchError('NOT_FOUND', `The bundle has no file ${printable(name)}. Choose one of its files.`)
  }
  const chunks = (name: string) => chunksOf(find(name))
  return {
    path,
    form,
    uncovered,
    list: () => files,
    contents: () => ({ path, form, files, totalBytes: files.reduce((sum, file) => sum + file.bytes, 0) }),
    chunks,
    async read(name, maxBytes = 16 * 1024 * 1024) {
      const { bytes } = find(name)
      if (bytes > maxBytes)
        throw new WorkbenchError(
          'INVALID_INPUT',
          `${printable(name)} has ${bytes} bytes, more than the ${maxBytes} that are read at once. Extract the bundle to look at it.`
        )
      const parts: Buffer[] = []
      for await (const chunk of chunks(name)) parts.push(Buffer.from(chunk))
      return Buffer.concat(parts)
    },
    extractTo: (directory) => extract(files, chunks, directory),
    close
  }
}

async function extract(files: readonly BundleFile[], chunks: (name: string) => AsyncGenerator<Buffer>, directory: string): Promise<void> {
  try {
    await mkdir(directory)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new WorkbenchError('CONFLICT', `${directory} exists already. Nothing was extracted. Choose the name of a new folder.`)
    throw fromSystemError(error, 'making the folder for the bundle')
  }
  try {
    for (const { name } of files) {
      const target = join(directory, name)
      await mkdir(dirname(target), { recursive: true })
      const handle = await open(target, 'wx', 0o644)
      try {
        for await (const chunk of chunks(name)) await handle.writeFile(chunk)
      } finally {
        await handle.close()
      }
    }
  } catch (error) {
    await rm(directory, { recursive: true, force: true })
    throw fromSystemError(error, 'extracting the bundle')
  }
}
