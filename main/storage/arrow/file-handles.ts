import { closeSync, constants, fstatSync, openSync, readSync, realpathSync, statSync, type Stats } from 'node:fs'
import { sep } from 'node:path'
import { fromSystemError, WorkbenchError } from '../../model/errors'
import { corruptArrow } from './arrow-types'

const identityOf = (stats: Stats): string => `${stats.dev}:${stats.ino}:${stats.size}:${stats.mtimeMs}:${stats.ctimeMs}`

/** A file to read from at positions; its descriptor may be closed and reopened at any time between reads. */
export class RandomFile {
  /** Whatever was parsed from this very content; lives as long as the file stays in use. */
  parsed?: unknown
  private descriptor: number | undefined

  constructor(
    readonly path: string,
    readonly size: number,
    readonly identity: string,
    private readonly pool: FilePool
  ) {}

  get isOpen(): boolean {
    return this.descriptor !== undefined
  }

  /** Reads exactly `length` bytes into fresh memory that starts on an 8-byte boundary and owns its ArrayBuffer. */
  read(position: number, length: number): Uint8Array {
    if (position < 0 || length < 0 || position + length > this.size)
      throw corruptArrow(`bytes ${position} to ${position + length} lie outside its ${this.size} bytes`)
    const bytes = Buffer.allocUnsafeSlow(length)
    const descriptor = this.open()
    let done = 0
    while (done < length) {
      const count = readSync(descriptor, bytes, done, Math.min(length - done, 1 << 30), position + done)
      if (count === 0) throw corruptArrow('it was cut off while it was read')
      done += count
    }
    return new Uint8Array(bytes.buffer, bytes.byteOffset, length)
  }

  private open(): number {
    if (this.descriptor === undefined) {
      const descriptor = openSync(this.path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
      const stats = fstatSync(descriptor)
      if (!stats.isFile() || identityOf(stats) !== this.identity) {
        closeSync(descriptor)
        throw new WorkbenchError('CONFLICT', `The file ${this.path} changed while it was read. Run the query again.`)
      }
      this.descriptor = descriptor
    }
    this.pool.touch(this)
    return this.descriptor
  }

  close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor)
    this.descriptor = undefined
  }
}

/**
 * Files kept open between scans, least recently used out first. DuckDB does not say when a scan ends, so scans hold no descriptor of their
 * own: they read through the pool.
 */
export class FilePool {
  private readonly files = new Map<string, RandomFile>()

  constructor(private readonly capacity = 16) {}

  /** The file at a real path, taken anew when its content changed since. */
  get(path: string): RandomFile {
    let stats: Stats
    try {
      stats = statSync(path)
    } catch (error) {
      throw fromSystemError(error, `opening ${path}`)
    }
    if (!stats.isFile()) throw new WorkbenchError('INVALID_INPUT', `${path} is not a file. Name an Arrow IPC file.`)
    const identity = identityOf(stats)
    const known = this.files.get(path)
    if (known?.identity === identity) return known
    known?.close()
    this.files.delete(path)
    return new RandomFile(path, stats.size, identity, this)
  }

  touch(file: RandomFile): void {
    const known = this.files.get(file.path)
    if (known !== undefined && known !== file) known.close()
    this.files.delete(file.path)
    this.files.set(file.path, file)
    for (const [path, oldest] of this.files) {
      if (this.files.size <= this.capacity) break
      oldest.close()
      this.files.delete(path)
    }
  }

  /** Descriptors open now. */
  get openCount(): number {
    return [...this.files.values()].filter((file) => file.isOpen).length
  }

  closeAll(): void {
    for (const file of this.files.values()) file.close()
    this.files.clear()
  }
}

/** What `createPathGuard` allows: whole folders and single files. */
export interface ReadablePaths {
  readDirectories: string[]
  readFiles?: string[]
}

/**
 * A check that resolves a path through all symbolic links and refuses what lies outside the allowed places.
 * @returns the real path. Errors: NOT_FOUND, FORBIDDEN
 */
export function createPathGuard(allowed: ReadablePaths): (path: string) => string {
  const resolve = (path: string): string => {
    try {
      return realpathSync(path)
    } catch {
      return path
    }
  }
  return (path) => {
    let real: string
    try {
      real = realpathSync(path)
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code
      // whether something exists outside the allowed places is nobody's business, so both cases say the same
      if (code === 'ENOENT' || code === 'ENOTDIR')
        throw new WorkbenchError('NOT_FOUND', `There is no readable Arrow file ${path}. Check the path.`, { cause: error })
      throw fromSystemError(error, `opening ${path}`)
    }
    const inside = allowed.readDirectories.some((folder) => {
      const base = resolve(folder)
      return real.startsWith(base.endsWith(sep) ? base : base + sep)
    })
    if (inside || (allowed.readFiles ?? []).some((file) => resolve(file) === real)) return real
    throw new WorkbenchError(
      'FORBIDDEN',
      `${path} lies outside the folders this database may read. Import the file into the workspace first.`
    )
  }
}
