import { createHash } from 'node:crypto'
import { mkdir, open, rm, symlink } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { fromSystemError, WorkbenchError } from '../../model/errors'
import { printable } from '../../model/plain-text'
import { digestFrom, syncPath } from '../../storage/objects/durable-files'
import { openBundle, refuseName } from '../bundle-format'
import { refuseArchive } from './byte-queue'
import type { TrustedRelease, Watch } from './open-release'
import type { Payload } from './release-documents'
import { readTar, type TarEntry } from './tar-reader'

/** What the folder of a program may cost at most. */
export const programLimits = { entries: 100_000, bytes: 8 * 1024 ** 3 }

/**
 * Unpacks the program of a release into a new folder, every file of it on the disk afterwards. The packed file is held against its
 * digest while it is read, so that a stick that changes meanwhile is noticed; after any failure the folder is gone again.
 * @throws WorkbenchError INVALID_INPUT for a name, link or size that leads out of the folder, DIGEST_MISMATCH, DISK_FULL, FORBIDDEN, CANCELLED
 */
export async function unpackProgram(release: TrustedRelease, payload: Payload, folder: string, watch: Watch = {}): Promise<void> {
  const top = `drydock-${release.document.version}-${release.document.platform}`
  const bundle = await openBundle(release.path)
  try {
    await mkdir(folder)
    const hash = createHash('sha256')
    let done = 0
    const packed = async function* (): AsyncGenerator<Buffer> {
      for await (const chunk of bundle.chunks(payload.file)) {
        if (watch.signal?.aborted) throw new WorkbenchError('CANCELLED', 'The update was cancelled. Nothing was changed.')
        hash.update(chunk)
        watch.onProgress?.({ stage: 'Unpacking the program', fraction: (done += chunk.length) / payload.bytes })
        // A stream may hold several chunks at once, and the reader reuses its buffer.
        yield Buffer.from(chunk)
      }
    }
    const writer = createWriter(folder, top)
    const unpacked = createGunzip()
    const fed = pipeline(Readable.from(packed(), { objectMode: false }), unpacked)
    const stopped = fed.catch(() => undefined)
    try {
      for await (const entry of readTar(unpacked)) await writer.add(entry)
    } catch (error) {
      // The folder and the file may be let go only when neither side works any more. Were the writer the last part of the pipeline, it would
      // still be writing when the pipeline tells of a damage before it.
      unpacked.destroy()
      await stopped
      throw error
    }
    await fed
    if (digestFrom(hash) !== payload.sha256 || release.verified.get(payload.file) !== payload.sha256)
      throw new WorkbenchError(
        'DIGEST_MISMATCH',
        `${payload.file} changed while it was read. Nothing was changed here. Ask for another copy of the file.`
      )
    await writer.sync()
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw /^(Z_|ERR_STREAM_PREMATURE_CLOSE)/.test((error as NodeJS.ErrnoException).code ?? '')
      ? refuseArchive('it is damaged')
      : fromSystemError(error, 'unpacking the program')
  } finally {
    await bundle.close()
  }
}

interface ProgramWriter {
  add(entry: TarEntry): Promise<void>
  /** Makes the names of all files durable. */
  sync(): Promise<void>
}

/** Writes entries below a folder. Nothing is written twice, nothing through a link, and nothing outside. */
function createWriter(root: string, top: string): ProgramWriter {
  const seen = new Set<string>()
  const folders = new Set<string>([''])
  let bytes = 0
  const makeFolder = async (name: string): Promise<void> => {
    if (folders.has(name)) return
    await makeFolder(posix.dirname(name) === '.' ? '' : posix.dirname(name))
    if (seen.has(folded(name))) throw refuseArchive(`${printable(name)} is no folder and has files below it`)
    await mkdir(join(root, name))
    folders.add(name)
    seen.add(folded(name))
  }
  return {
    async add(entry) {
      const name = insideOf(entry.name, top)
      if (name === '') return entry.kind === 'folder' ? undefined : assertNever(entry.name)
      if (entry.kind === 'folder' && folders.has(name)) return
      if (seen.has(folded(name))) throw refuseArchive(`${printable(name)} stands in it twice`)
      bytes += entry.bytes
      if (seen.size >= programLimits.entries || bytes > programLimits.bytes) throw refuseArchive('it is larger than any program')
      if (entry.kind === 'folder') return makeFolder(name)
      await makeFolder(posix.dirname(name) === '.' ? '' : posix.dirname(name))
      seen.add(folded(name))
      if (entry.kind === 'link') await symlink(assertLinkInside(name, entry.target), join(root, name))
      else await writeEntry(join(root, name), entry)
    },
    async sync() {
      for (const name of [...folders].reverse()) await syncPath(join(root, name))
      await syncPath(dirname(root))
    }
  }
}

const folded = (name: string): string => name.normalize('NFC').toLowerCase()

function assertNever(name: string): never {
  throw refuseArchive(`${printable(name)} is no folder`)
}

/** The name below the one folder that a packed program has. */
function insideOf(written: string, top: string): string {
  const name = written.replace(/\/$/, '')
  const reason = refuseName(name)
  if (reason !== null) throw refuseArchive(`it has a file with ${reason}`)
  if (name === top) return ''
  if (!name.startsWith(`${top}/`)) throw refuseArchive(`${printable(name)} lies outside of ${top}`)
  return name.slice(top.length + 1)
}

/** A link may lead to a neighbour, upwards only at its beginning and never out: what it leads through are folders or links of this kind. */
function assertLinkInside(name: string, target: string): string {
  const parts = target.split('/')
  const names = parts.slice(parts.findIndex((part) => part !== '..'))
  const isPlain = names.length > 0 && parts.some((part) => part !== '..') && names.every((part) => refuseName(part) === null)
  const leadsTo = posix.join(posix.dirname(name), target)
  if (process.platform === 'win32' || !isPlain || target.startsWith('/') || leadsTo.split('/')[0] === '..')
    throw refuseArchive(`the link ${printable(name)} leads to ${printable(target)}`)
  return target
}

async function writeEntry(path: string, entry: TarEntry): Promise<void> {
  const handle = await open(path, 'wx', (entry.mode & 0o111) !== 0 ? 0o755 : 0o644)
  try {
    for await (const chunk of entry.content()) await handle.writeFile(chunk)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
