import { fromSystemError } from '../../model/errors'
import type { Database as Engine } from '../duckdb/database'
import { type PublishedView, type ViewColumn } from './feature-tables'
import { connect, type Connection } from './ledger-connection'
import { toLedgerError } from './ledger-file'
import { quoteName } from '../../model/sql-quoting'

/** Rows that are handed over at once; keeps each turn of the event loop short. */
const PAGE = 5_000

/**
 * Copies tables of the ledger into the schema `ledger` of a private database, all as they are at one moment: a connection of its own that
 * cannot write holds a snapshot while the rows go over page by page. Throws STORAGE_CORRUPT, CANCELLED.
 */
export async function loadLedgerTables(
  file: string,
  tables: readonly PublishedView[],
  db: Pick<Engine, 'run'>,
  signal?: AbortSignal
): Promise<void> {
  if (tables.length === 0) return
  let ledger: Connection | undefined
  try {
    ledger = connect(file)
    ledger.exec('PRAGMA busy_timeout=5000; PRAGMA query_only=ON; BEGIN')
    await db.run('CREATE SCHEMA ledger', [], { signal })
    for (const table of tables) await copyTable(ledger, table, db, signal)
  } catch (error) {
    throw fromSystemError(toLedgerError(error, file), 'reading the ledger for a query')
  } finally {
    // A statement that is not collected yet keeps a closed connection alive, and its snapshot would hold up the next writer who closes.
    if (ledger?.inTransaction) ledger.exec('ROLLBACK')
    ledger?.close()
  }
}

async function copyTable(
  ledger: Connection,
  { name, columns, from, order }: PublishedView,
  db: Pick<Engine, 'run'>,
  signal?: AbortSignal
): Promise<void> {
  const target = `ledger.${quoteName(name)}`
  const names = columns.map((column) => quoteName(column.name))
  await db.run(`CREATE TABLE ${target} (${columns.map(({ type }, index) => `${names[index]} ${type}`).join(', ')})`, [], { signal })
  // SQLite writes the page as one JSON text, which is several times faster than an object for each row.
  const page = ledger.prepare(
    `SELECT count(*) AS n, json_group_array(json(line)) AS lines FROM (SELECT json_array(${columns.map(cellOf).join(', ')}) AS line FROM ${from} ORDER BY ${order} LIMIT ${PAGE} OFFSET ?)`
  )
  const cells = columns.map((column, index) => castOf(column, `line[${index + 1}]`)).join(', ')
  for (let offset = 0; ; offset += PAGE) {
    const { n, lines } = page.get(offset) as { n: number; lines: string }
    await db.run(
      `INSERT INTO ${target} (${names.join(', ')}) SELECT ${cells} FROM (SELECT unnest(from_json(?::JSON, '[["VARCHAR"]]')) AS line)`,
      [lines],
      { signal }
    )
    if (n < PAGE) return
  }
}

/** SQLite's JSON keeps 15 digits of a number; 17 are needed to have every double back. */
const cellOf = ({ type, from }: ViewColumn): string => (type === 'DOUBLE' ? `iif(${from} IS NULL, NULL, format('%!.17g', ${from}))` : from)

const castOf = ({ type }: ViewColumn, cell: string): string => {
  if (type === 'VARCHAR[]') return `from_json(${cell}::JSON, '["VARCHAR"]')`
  return `try_cast(${cell} AS ${type})`
}
