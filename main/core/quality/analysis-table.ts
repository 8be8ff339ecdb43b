import { openDatabase, type Database } from '../../storage/duckdb/database'
import { dirname } from 'node:path'
import type { DatasetColumn } from '../../model/dataset'
import { quoteText } from '../../model/sql-quoting'
import { createNumbers, type ColumnNumbers } from './column-numbers'

export interface AnalysisColumn extends DatasetColumn {
  /** SQL name in the analysis table. */
  id: string
  isNumeric: boolean
  isTime: boolean
  isText: boolean
}

/** A version loaded into a private in-memory database: columns c0, c1, ...; `rowid` counts rows from 0 in file order. */
export interface AnalysisTable {
  db: Database
  rows: number
  columns: AnalysisColumn[]
  /** Table of at most 50,000 evenly spaced rows, for pairwise figures. */
  sample: string
  sampleRows: number
  signal?: AbortSignal
  /** The values of a numeric column, whole columns at a time: see `column-numbers`. */
  numbers(column: AnalysisColumn): Promise<ColumnNumbers>
  query(sql: string, parameters?: (string | number)[]): Promise<unknown[][]>
  column(name: string): AnalysisColumn | undefined
}

export const TABLE = 'subject'
const SAMPLE_ROWS = 50_000

/** Loads an Arrow file into `db` (private, in memory) so that many statistics scan native columns. */
export async function loadAnalysisTable(
  db: Database,
  path: string,
  columns: readonly DatasetColumn[],
  signal?: AbortSignal
): Promise<AnalysisTable> {
  const ids = columns.map((_, i) => `c${i}`)
  await db.run(`CREATE OR REPLACE TABLE ${TABLE} AS SELECT * FROM read_arrow(${quoteText(path)}) AS t(${ids.join(', ')})`, [], { signal })
  const query = async (sql: string, parameters: (string | number)[] = []): Promise<unknown[][]> =>
    (await db.query(sql, parameters, { signal })).rows
  const rows = Number((await query(`SELECT count(*) FROM ${TABLE}`))[0][0])
  let sample = TABLE
  if (rows > SAMPLE_ROWS) {
    sample = 'subject_sample'
    await db.run(`CREATE OR REPLACE TABLE ${sample} AS SELECT * FROM ${TABLE} WHERE rowid % ${Math.ceil(rows / SAMPLE_ROWS)} = 0`, [], {
      signal
    })
  }
  const sampleRows = Number((await query(`SELECT count(*) FROM ${sample}`))[0][0])
  const analysed = columns.map((c, i): AnalysisColumn => ({
    ...c,
    id: ids[i],
    isNumeric: c.kind === 'integer' || c.kind === 'number',
    isTime: c.kind === 'date' || c.kind === 'timestamp',
    isText: c.kind === 'text'
  }))
  return {
    db,
    rows,
    columns: analysed,
    sample,
    sampleRows,
    signal,
    numbers: createNumbers(
      db,
      TABLE,
      rows,
      analysed.filter((c) => c.isNumeric),
      signal
    ),
    query,
    column: (name) => analysed.find((c) => c.name === name)
  }
}

/** Opens the private database for one file, runs `work` on its table and closes it. */
export async function withAnalysisTable<T>(
  path: string,
  columns: readonly DatasetColumn[],
  options: { temporaryDirectory?: string; signal?: AbortSignal },
  work: (table: AnalysisTable) => Promise<T>
): Promise<T> {
  const db = await openDatabase({ readDirectories: [dirname(path)], temporaryDirectory: options.temporaryDirectory })
  try {
    return await work(await loadAnalysisTable(db, path, columns, options.signal))
  } finally {
    await db.close()
  }
}
