import type { TableSalvage } from '../../model/recovery'
import { quoteName } from '../../model/sql-quoting'
import { connect, type Connection } from '../../storage/ledger/ledger-connection'
import { openLedger } from '../../storage/ledger/ledger'
import { appliedFormats, openReader, type LedgerReader } from '../../storage/ledger/ledger-reader'
import { ledgerFormat } from '../ledger'

type Row = Record<string, unknown>
/** How often a gap between readable rows is tried again in halves, for all tables together. */
const PROBES = 20_000

/** A table as it is defined, not as the damaged ledger says. */
interface TableShape {
  name: string
  columns: string[]
  /** Columns of the primary key, in its order. */
  key: string[]
  /** Rows have numbers of their own, apart from the columns. */
  hasRowid: boolean
  /** That number is a column. */
  isKeyRowid: boolean
}

function shapesOf(db: Connection): TableShape[] {
  const tables = db
    .prepare(`SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'migration' ORDER BY rowid`)
    .all() as { name: string; sql: string }[]
  return tables.map(({ name, sql }) => {
    const columns = db.prepare(`PRAGMA table_info(${quoteName(name)})`).all() as { name: string; type: string; pk: number }[]
    const key = columns.filter(({ pk }) => pk > 0).sort((one, other) => one.pk - other.pk)
    return {
      name,
      columns: columns.map((column) => column.name),
      key: key.map((column) => column.name),
      hasRowid: !/WITHOUT ROWID/i.test(sql),
      isKeyRowid: key.length === 1 && key[0]!.type.toUpperCase() === 'INTEGER'
    }
  })
}

/** The format of a damaged ledger; the newest where it does not say. */
function formatOf(ledger: LedgerReader): number {
  const newest = ledgerFormat.migrations.length
  try {
    const last = appliedFormats(ledger).at(-1)?.version ?? newest
    return Math.min(last, newest)
  } catch {
    return newest
  }
}

/**
 * Reads what can be read of a damaged ledger, table by table and row by row around its bad pages, into a new ledger at `target`. Rows that
 * are lost are taken from `snapshot`, a sound copy of an earlier time; rows whose parents are lost are left out. Both files are copies that
 * belong to the caller.
 */
export function salvageRows(source: string, target: string, snapshot?: string): TableSalvage[] {
  let reader: LedgerReader | undefined
  try {
    reader = openReader(source)
  } catch {
    // Not even its beginning can be read: everything comes from the snapshot.
  }
  const format = reader ? formatOf(reader) : ledgerFormat.migrations.length
  openLedger(target, { migrations: ledgerFormat.migrations.slice(0, format), views: [] }).close()
  const db = connect(target)
  try {
    db.exec('PRAGMA foreign_keys=OFF; PRAGMA synchronous=OFF; BEGIN')
    const budget = { probes: PROBES }
    const shapes = shapesOf(db)
    const report = shapes.map((table) => salvageTable(reader, db, table, budget))
    if (snapshot !== undefined) fillFrom(snapshot, db, shapes, report)
    for (const table of report) table.orphans = 0
    removeOrphans(db, report)
    db.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)')
    return report
  } finally {
    db.close()
    reader?.close()
  }
}

function insertInto(db: Connection, { name, columns, hasRowid, isKeyRowid }: TableShape, from: string[]): (row: Row) => boolean {
  const shared = columns.filter((column) => from.includes(column))
  const names = [...(hasRowid && !isKeyRowid ? ['rowid'] : []), ...shared.map(quoteName)]
  const statement = db.prepare(`INSERT OR IGNORE INTO ${quoteName(name)}(${names.join(', ')}) VALUES(${names.map(() => '?').join(', ')})`)
  const keys = [...(hasRowid && !isKeyRowid ? ['its_rowid'] : []), ...shared]
  return (row) => {
    try {
      return statement.run(...keys.map((key) => row[key] ?? null)).changes > 0
    } catch {
      // A value that such a column cannot hold: the row was not read as it was written.
      return false
    }
  }
}

const columnsIn = (reader: LedgerReader, table: string): string[] =>
  reader.all<{ name: string }>(`PRAGMA table_info(${quoteName(table)})`).map(({ name }) => name)

function salvageTable(reader: LedgerReader | undefined, db: Connection, table: TableShape, budget: { probes: number }): TableSalvage {
  const result: TableSalvage = { table: table.name, kept: 0, filled: 0, orphans: 0, lost: 0, isUncertain: false }
  try {
    const found = reader ? columnsIn(reader, table.name) : []
    if (!reader || found.length === 0) throw new Error('not there')
    const insert = insertInto(db, table, found)
    const list = table.columns.filter((column) => found.includes(column)).map(quoteName)
    const take = (row: Row): void => {
      if (insert(row)) result.kept++
      else result.lost++
    }
    if (table.hasRowid)
      readByNumber(reader, `SELECT rowid AS its_rowid, ${list.join(', ')} FROM ${quoteName(table.name)} NOT INDEXED`, take, result, budget)
    else
      readByKey(reader, `SELECT ${list.join(', ')} FROM ${quoteName(table.name)}`, table.key, (row) => insert(row) && result.kept++, result)
    countByIndex(reader, table, result)
  } catch {
    result.isUncertain = true
  }
  return result
}

/** Reads in one direction until the end or a bad page; true at the end. */
function readUntilBad(rows: Iterable<Row>, take: (row: Row) => void): boolean {
  try {
    for (const row of rows) take(row)
    return true
  } catch {
    return false
  }
}

/** From the front, from the back, and then the gap between them in halves. */
function readByNumber(
  reader: LedgerReader,
  select: string,
  take: (row: Row) => void,
  result: TableSalvage,
  budget: { probes: number }
): void {
  let low = Number.MIN_SAFE_INTEGER
  let high = Number.MAX_SAFE_INTEGER
  const upwards = readUntilBad(reader.each<Row>(`${select} ORDER BY rowid`), (row) => {
    low = Number(row.its_rowid)
    take(row)
  })
  if (upwards) return
  result.isUncertain = true
  readUntilBad(reader.each<Row>(`${select} WHERE rowid > ? ORDER BY rowid DESC`, low), (row) => {
    high = Number(row.its_rowid)
    take(row)
  })
  // Without an end that can be read there is no telling how far the gap goes.
  if (high === Number.MAX_SAFE_INTEGER || low === Number.MIN_SAFE_INTEGER) return
  const gaps: [number, number][] = [[low + 1, high - 1]]
  for (let gap = gaps.pop(); gap; gap = gaps.pop()) {
    const [from, to] = gap
    if (from > to) continue
    let next = from
    if (budget.probes-- <= 0) {
      result.lost += to - from + 1
      continue
    }
    const isWhole = readUntilBad(reader.each<Row>(`${select} WHERE rowid BETWEEN ? AND ? ORDER BY rowid`, from, to), (row) => {
      next = Number(row.its_rowid) + 1
      take(row)
    })
    if (isWhole) continue
    if (next >= to) {
      result.lost++
      continue
    }
    const middle = Math.floor((next + to) / 2)
    gaps.push([next, middle], [middle + 1, to])
  }
}

function readByKey(reader: LedgerReader, select: string, key: string[], take: (row: Row) => void, result: TableSalvage): void {
  const order = (direction: string): string => key.map((column) => `${quoteName(column)} ${direction}`).join(', ')
  if (readUntilBad(reader.each<Row>(`${select} ORDER BY ${order('ASC')}`), take)) return
  result.isUncertain = true
  readUntilBad(reader.each<Row>(`${select} ORDER BY ${order('DESC')}`), take)
}

/** An index knows of rows that a page has lost without a trace. */
function countByIndex(reader: LedgerReader, table: TableShape, result: TableSalvage): void {
  try {
    for (const { name, partial } of reader.all<{ name: string; partial: number }>(`PRAGMA index_list(${quoteName(table.name)})`)) {
      if (partial || name.startsWith('sqlite_')) continue
      const [{ n }] = reader.all<{ n: number }>(`SELECT count(*) AS n FROM ${quoteName(table.name)} INDEXED BY ${quoteName(name)}`) as [
        { n: number }
      ]
      if (n > result.kept + result.lost) result.lost = n - result.kept
    }
  } catch {
    // An index that cannot be read knows nothing.
  }
}

/** Rows of tables that have lost some, as they were at the time of the snapshot. */
function fillFrom(snapshot: string, db: Connection, shapes: TableShape[], report: TableSalvage[]): void {
  const reader = openReader(snapshot)
  try {
    for (const [index, table] of shapes.entries()) {
      const result = report[index]!
      if (!result.isUncertain && result.lost === 0) continue
      const found = columnsIn(reader, table.name)
      if (found.length === 0) continue
      const insert = insertInto(db, table, found)
      const list = [
        ...(table.hasRowid ? ['rowid AS its_rowid'] : []),
        ...table.columns.filter((column) => found.includes(column)).map(quoteName)
      ]
      for (const row of reader.each<Row>(`SELECT ${list.join(', ')} FROM ${quoteName(table.name)}`)) if (insert(row)) result.filled++
      result.lost = Math.max(0, result.lost - result.filled)
    }
  } finally {
    reader.close()
  }
}

/** Rows that name rows which are lost would keep the workspace from ever being sound; they stay in the damaged ledger. */
function removeOrphans(db: Connection, report: TableSalvage[]): void {
  for (let removed = 1; removed > 0;) {
    removed = 0
    for (const result of report) {
      const links = db.prepare(`PRAGMA foreign_key_list(${quoteName(result.table)})`).all() as {
        id: number
        table: string
        from: string
        to: string
      }[]
      for (const id of new Set(links.map((link) => link.id))) {
        const parts = links.filter((link) => link.id === id)
        const mine = parts.map(({ from }) => `child.${quoteName(from)} IS NOT NULL`).join(' AND ')
        const same = parts.map(({ from, to }) => `parent.${quoteName(to)} = child.${quoteName(from)}`).join(' AND ')
        const { changes } = db
          .prepare(
            `DELETE FROM ${quoteName(result.table)} AS child WHERE ${mine} AND NOT EXISTS (SELECT 1 FROM ${quoteName(parts[0]!.table)} AS parent WHERE ${same})`
          )
          .run()
        removed += changes
        result.orphans += changes
      }
    }
  }
}
