import { constants, existsSync, statSync } from 'node:fs'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { WorkbenchError } from '../../model/errors'
import { connect, copyLedgerBytes, type Connection } from './ledger-connection'
import { toLedgerError } from './ledger-file'

/** Reads a ledger of any format, damaged ones too, and never writes to it. */
export interface LedgerReader {
  all<T>(sql: string, ...values: unknown[]): T[]
  /** One row after the other: a table is never in memory as a whole. */
  each<T>(sql: string, ...values: unknown[]): Iterable<T>
  close(): void
}

/** Opens a copy of a ledger that belongs to the caller. Errors of SQLite come as `toLedgerError` says. */
export function openReader(file: string): LedgerReader {
  let db: Connection | undefined
  const guarded = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      throw toLedgerError(error, file)
    }
  }
  const opened = guarded(() => {
    db = connect(file)
    try {
      db.exec('PRAGMA query_only=ON')
      return db
    } catch (error) {
      db.close()
      throw error
    }
  })
  return {
    all: (sql, ...values) => guarded(() => opened.prepare(sql).all(...values)) as never,
    *each(sql, ...values) {
      const rows = guarded(() => opened.prepare(sql).iterate(...values)) as IterableIterator<never>
      for (;;) {
        const next = guarded(() => rows.next())
        if (next.done) return
        yield next.value
      }
    },
    close: () => opened.close()
  }
}

/** The formats that a ledger says it went through, in order. Throws where it cannot be read. */
export const appliedFormats = (ledger: LedgerReader): { version: number; checksum: string }[] =>
  ledger.all('SELECT version, checksum FROM migration ORDER BY version')

/** A ledger with its log, out of the way of everybody. */
export interface LedgerCopy {
  file: string
  remove(): Promise<void>
}

const ATTEMPTS = 8
const PAUSE_MS = 120

/**
 * Copies a ledger and its log into a temporary folder, so that looking at it changes nothing, not even a lock. A copy during which
 * somebody wrote is made again. Throws NOT_FOUND for a missing ledger, STORAGE_LOCKED when it does not come to rest.
 */
export async function copyLedger(file: string): Promise<LedgerCopy> {
  if (!existsSync(file)) throw new WorkbenchError('NOT_FOUND', `There is no ledger "${file}". Restore it from a backup.`)
  const folder = await mkdtemp(join(tmpdir(), 'drydock-ledger-'))
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 3 })
  const copy = join(folder, 'ledger.sqlite')
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const before = stateOf(file)
      copyLedgerBytes(file, copy)
      if (existsSync(`${file}-wal`)) await copyFile(`${file}-wal`, `${copy}-wal`, constants.COPYFILE_FICLONE)
      else await rm(`${copy}-wal`, { force: true })
      if (stateOf(file) === before) return { file: copy, remove }
      await wait(PAUSE_MS)
    }
  } catch (error) {
    await remove()
    throw error
  }
  await remove()
  throw new WorkbenchError(
    'STORAGE_LOCKED',
    `The ledger "${file}" is written to all the time: no copy of one moment could be made. Wait until the work in the workspace has ended, then try again.`
  )
}

const stateOf = (file: string): string =>
  [file, `${file}-wal`]
    .map((path) => statSync(path, { bigint: true, throwIfNoEntry: false }))
    .map((about) => (about ? `${about.ino}:${about.size}:${about.mtimeNs}:${about.ctimeNs}` : 'none'))
    .join(' ')
