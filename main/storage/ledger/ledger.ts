import { existsSync } from 'node:fs'
import { fromSystemError, WorkbenchError } from '../../model/errors'
import { sha256 } from '../objects/durable-files'
import { insertAllOf, insertOf, selectOf, type NewRow, type PublishedView, type Table } from './feature-tables'
import { connect, copyLedgerBytes, type Connection } from './ledger-connection'
import { assertWholeLedger, toLedgerError } from './ledger-file'

export { assertKnownLedger } from './ledger-file'

export type Row = Record<string, unknown>
export interface Statement {
  run(...values: unknown[]): { changes: number; lastInsertRowid: number | bigint }
  get(...values: unknown[]): unknown
  all(...values: unknown[]): unknown[]
}
export interface LedgerDatabase {
  prepare(sql: string): Statement
  exec(sql: string): void
}
/** One step of the ledger's format: SQL run in one transaction, never changed after it was released (its checksum is recorded). */
export interface Migration {
  version: number
  name: string
  sql: string
}

/** What a ledger of this program is like. */
export interface LedgerFormat {
  /** In order; append only. */
  migrations: readonly Migration[]
  /** Read views, there while the ledger is open. */
  views: readonly PublishedView[]
}

/** Small facts in SQLite: synchronous, durable at commit (WAL, synchronous FULL). */
export interface Ledger {
  readonly db: LedgerDatabase
  /** What features publish, readable here by the name of the view. */
  readonly views: readonly PublishedView[]
  /** Runs in one immediate transaction; nested calls join the outer one. */
  transaction<T>(work: () => T): T
  get<T = Row>(sql: string, ...values: unknown[]): T | undefined
  all<T = Row>(sql: string, ...values: unknown[]): T[]
  run(sql: string, ...values: unknown[]): void
  /** Adds a row by the names of its columns. A row with the same key is an error, is replaced, or stays with `OR IGNORE`. */
  insert<R extends object>(table: Table<R>, row: NewRow<R>, otherwise?: 'OR REPLACE' | 'OR IGNORE'): void
  /** Adds rows that have the same columns, texts and numbers, by one statement. */
  insertAll<R extends object>(table: Table<R>, rows: readonly NewRow<R>[]): void
  /** Calls `listener` after each commit of a transaction; what it throws is the caller's. */
  onCommit(listener: () => void): void
  /** Writes the log into the file; false while somebody reads from it. */
  checkpoint(): boolean
  close(): void
}

/**
 * Opens or creates the ledger and brings it to the newest format; before a migration the file is copied beside itself.
 * Throws UNSUPPORTED_VERSION for a newer ledger and STORAGE_CORRUPT for a file that is not one.
 */
export function openLedger(file: string, { migrations, views }: LedgerFormat): Ledger {
  const isNew = !existsSync(file)
  const newest = migrations.at(-1)?.version ?? 0
  let opened: Connection | undefined
  try {
    assertWholeLedger(file, newest)
    opened = connect(file)
    // The wait comes first: the next pragma already reads the file, which another program that is just closing it holds for a moment.
    opened.exec('PRAGMA busy_timeout=5000; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON')
    if (!isNew) assertSound(opened, file)
    opened.exec('PRAGMA journal_mode=WAL')
    opened.exec(
      'CREATE TABLE IF NOT EXISTS migration(version INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at TEXT NOT NULL)'
    )
  } catch (error) {
    opened?.close()
    throw fromSystemError(toLedgerError(error, file), 'opening the ledger')
  }
  const db = opened
  const guarded = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      throw toLedgerError(error, file)
    }
  }
  const prepared = new Map<string, Statement>()
  const prepare = (sql: string): Statement => {
    let statement = prepared.get(sql)
    if (!statement) {
      const raw = guarded(() => db.prepare(sql)) as unknown as Statement
      statement = {
        run: (...values) => guarded(() => raw.run(...values)),
        get: (...values) => guarded(() => raw.get(...values)),
        all: (...values) => guarded(() => raw.all(...values))
      }
      prepared.set(sql, statement)
    }
    return statement
  }
  let depth = 0
  const listeners: (() => void)[] = []
  const inTransaction = <T>(work: () => T): T => {
    guarded(() => db.exec('BEGIN IMMEDIATE'))
    depth++
    try {
      const result = work()
      guarded(() => db.exec('COMMIT'))
      return result
    } catch (error) {
      try {
        db.exec('ROLLBACK')
      } catch {
        // A full disk makes SQLite roll back by itself; what went wrong first is what counts.
      }
      throw error
    } finally {
      depth--
    }
  }
  const ledger: Ledger = {
    db: { prepare, exec: (sql) => guarded(() => void db.exec(sql)) },
    views,
    transaction(work) {
      if (depth > 0) return work()
      const result = inTransaction(work)
      for (const listener of listeners) listener()
      return result
    },
    onCommit: (listener) => void listeners.push(listener),
    checkpoint: () => (db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as { busy: number }).busy === 0,
    get<T>(sql: string, ...values: unknown[]) {
      const row = prepare(sql).get(...values) as (T & { _metadata?: unknown }) | undefined
      // libsql adds its timing to single rows; it must not leak into records and documents.
      if (row) delete row._metadata
      return row
    },
    all: <T>(sql: string, ...values: unknown[]) => prepare(sql).all(...values) as T[],
    run: (sql, ...values) => void prepare(sql).run(...values),
    insert(table, row, otherwise) {
      const { sql, values } = insertOf(table, row, otherwise ?? '')
      prepare(sql).run(...values)
    },
    insertAll(table, rows) {
      if (rows.length > 0) prepare(insertAllOf(table, rows[0]!)).run(JSON.stringify(rows))
    },
    close: () => {
      try {
        // Statements that are still referenced keep SQLite from doing this when it closes; without it a person who saves or
        // restores only ledger.sqlite would have an empty one.
        db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      } catch {
        // A full disk: the log beside the ledger has everything, and the next close tries again.
      }
      db.close()
    }
  }
  try {
    migrate(ledger, file, isNew, migrations)
    // Kept by this connection, not by the file: they may change without a new format.
    for (const view of views) ledger.db.exec(`CREATE TEMP VIEW ${view.name} AS ${selectOf(view)}`)
  } catch (error) {
    ledger.close()
    throw error
  }
  return ledger
}

function migrate(ledger: Ledger, file: string, isNew: boolean, migrations: readonly Migration[]): void {
  const newest = migrations.at(-1)?.version ?? 0
  const applied = ledger.all<{ version: number; name: string; checksum: string }>(
    'SELECT version, name, checksum FROM migration ORDER BY version'
  )
  const ahead = applied.find((m) => !migrations.some((known) => known.version === m.version))
  if (ahead)
    throw new WorkbenchError(
      'UNSUPPORTED_VERSION',
      `This workspace was last opened by a newer Drydock (ledger format ${applied.at(-1)!.version}; this version knows ${newest}). Nothing was changed. Open it with the newer Drydock.`,
      { details: { found: applied.at(-1)!.version, supported: newest } }
    )
  const altered = applied.find((a) => migrations.some((known) => known.version === a.version && sha256(known.sql) !== a.checksum))
  if (altered)
    throw new WorkbenchError(
      'STORAGE_CORRUPT',
      `Ledger format ${altered.version} (${altered.name}) was made by a different build of Drydock. Nothing was changed. Open the workspace with the build that made it.`
    )
  const pending = migrations.filter((m) => !applied.some((a) => a.version === m.version))
  if (pending.length === 0) return recordFormat(ledger, newest)
  if (!isNew && applied.length > 0) {
    ledger.db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    copyLedgerBytes(file, `${file}.before-${pending[0].version}`)
  }
  for (const m of pending)
    ledger.transaction(() => {
      ledger.db.exec(m.sql)
      ledger.run(
        'INSERT INTO migration(version, name, checksum, applied_at) VALUES(?,?,?,?)',
        m.version,
        m.name,
        sha256(m.sql),
        new Date().toISOString()
      )
    })
  recordFormat(ledger, newest)
}

/** The newest migration also stands in the file's header, where a program can read it without opening the ledger. */
function recordFormat(ledger: Ledger, newest: number): void {
  if (ledger.get<{ user_version: number }>('PRAGMA user_version')?.user_version !== newest)
    ledger.db.exec(`PRAGMA user_version = ${newest}`)
}

/** Reads the structure of every page once: a damaged one is found now, not in the middle of somebody's work. */
function assertSound(db: Connection, file: string): void {
  const [first] = db.prepare('PRAGMA quick_check(1)').all() as { quick_check?: string }[]
  if (first?.quick_check !== undefined && first.quick_check !== 'ok')
    throw new WorkbenchError(
      'STORAGE_CORRUPT',
      `The ledger "${file}" is damaged: ${first.quick_check.replaceAll(/\s+/g, ' ')}. It was left as it is, and so are the data files beside it. Repair it with "workspace doctor", or restore a backup.`
    )
}
