import Database from 'libsql'
import { closeSync, fstatSync, openSync, readSync, realpathSync, rmSync, statSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** A connection to an SQLite file. */
export type Connection = InstanceType<typeof Database>

/** What this process has to do with one ledger whose locks it may hold. */
interface Holding {
  /** The connection and its statements that were not collected yet: until then SQLite keeps a closed connection, and its locks. */
  uncollected: number
  /** Descriptors that must stay open as long as that; one for each file that has stood under this path. */
  descriptors: number[]
}

/**
 * Where locks belong to a process and not to a descriptor (POSIX, `fcntl`), closing *any* descriptor of a file gives up all locks that the
 * process has on it, those of SQLite too (sqlite.org/howtocorrupt.html, section 2.2). The next program that looks into the ledger then
 * takes itself for the last, removes the log in use, and what is committed from there on is lost.
 */
const locksBelongToProcess = process.platform !== 'win32'
const holdings = new Map<string, Holding>()
/** SQLite frees a connection in a turn after that of the collection. */
const GRACE_MS = 1_000

const collected = new FinalizationRegistry<string>((path) => {
  const holding = holdings.get(path)
  if (!holding || --holding.uncollected > 0) return
  setTimeout(() => holding.uncollected === 0 && release(path, holding), GRACE_MS).unref()
})

function release(path: string, { descriptors }: Holding): void {
  holdings.delete(path)
  descriptors.splice(0).forEach((descriptor) => closeSync(descriptor))
}

/** Files that were deleted have nobody left to be locked against; open descriptors would only keep their room. */
function releaseDeleted(): void {
  for (const { descriptors } of holdings.values())
    for (const descriptor of [...descriptors])
      if (fstatSync(descriptor).nlink === 0) closeSync(...(descriptors.splice(descriptors.indexOf(descriptor), 1) as [number]))
}

const pathOf = (file: string): string => join(realpathSync(dirname(file)), basename(file))

/**
 * Opens a connection. Every connection of this program to a file of SQLite is made here, so that `withLedgerBytes` knows which files it
 * has locks on. Throws what SQLite throws.
 */
export function connect(file: string): Connection {
  releaseDeleted()
  const db = new Database(file)
  const path = pathOf(file)
  const holding = holdings.get(path) ?? { uncollected: 0, descriptors: [] }
  holdings.set(path, holding)
  const count = <T extends object>(object: T): T => {
    holding.uncollected++
    collected.register(object, path)
    return object
  }
  const prepare = db.prepare.bind(db)
  db.prepare = ((sql: string) => count(prepare(sql))) as typeof db.prepare
  return count(db)
}

/** Calls `work` with a descriptor for reading the bytes of a ledger by their places; it must not close it. Throws what `openSync` does. */
export function withLedgerBytes<T>(file: string, work: (descriptor: number) => T): T {
  releaseDeleted()
  const holding = locksBelongToProcess ? holdings.get(pathOf(file)) : undefined
  if (holding) return work(keptDescriptor(holding, file))
  const descriptor = openSync(file, 'r')
  try {
    return work(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function keptDescriptor({ descriptors }: Holding, file: string): number {
  const { dev, ino } = statSync(file, { bigint: true })
  const isIt = (descriptor: number): boolean => {
    const about = fstatSync(descriptor, { bigint: true })
    return about.ino === ino && about.dev === dev
  }
  const kept = descriptors.find(isIt) ?? openSync(file, 'r')
  if (!descriptors.includes(kept)) descriptors.push(kept)
  return kept
}

/** Copies the file of a ledger, without its log, in place of `copyFile`, which would close it. A copy that was not ended is removed. */
export function copyLedgerBytes(file: string, target: string): void {
  withLedgerBytes(file, (source) => {
    const copy = openSync(target, 'w')
    try {
      const piece = Buffer.alloc(2 ** 20)
      for (let at = 0; ;) {
        const length = readSync(source, piece, 0, piece.length, at)
        if (length === 0) return
        for (let written = 0; written < length;) written += writeSync(copy, piece, written, length - written, at + written)
        at += length
      }
    } catch (error) {
      rmSync(target, { force: true })
      throw error
    } finally {
      closeSync(copy)
    }
  })
}
