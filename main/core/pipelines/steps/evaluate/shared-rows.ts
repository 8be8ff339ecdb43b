import { quoteName, quoteText } from '../../../../model/sql-quoting'
import { openArrowFile } from '../../../../storage/arrow/arrow-file'
import { columnNames } from '../../../../storage/arrow/arrow-types'
import { FilePool } from '../../../../storage/arrow/file-handles'
import { digestedType, digestRows } from '../../../../storage/arrow/row-digests'
import type { Database } from '../../../../storage/duckdb/database'

/** Two Arrow files and the column with the outcome. */
export interface ComparedTables {
  judged: string
  training: string
  target: string
}

/** Rows of both tables together that are compared without a database, which takes longer to start than to count them. */
const MAX_IN_MEMORY = 1_000_000

/**
 * Judged rows with an outcome that the training table holds too: rows are compared by a digest over all columns that both tables have, as
 * text where their types differ. Null when the tables share no column. The database is asked for only where it is needed.
 */
export async function countSharedRows(database: () => Promise<Database>, tables: ComparedTables): Promise<number | null> {
  const pool = new FilePool(2)
  try {
    const judged = openArrowFile(pool.get(tables.judged))
    const training = openArrowFile(pool.get(tables.training))
    const theirs = new Map(columnNames(training.fields).map((name, index) => [name, index]))
    const common = columnNames(judged.fields).flatMap((name, ours) => (theirs.has(name) ? { name, ours, theirs: theirs.get(name)! } : []))
    if (common.length === 0) return null
    const target = common.find(({ name }) => name === tables.target)
    const isAlike = common.every(({ ours, theirs }) => {
      const type = digestedType(judged.fields[ours]!)
      return type !== undefined && type === digestedType(training.fields[theirs]!)
    })
    if (!isAlike || !target || judged.compressed || training.compressed || judged.rows + training.rows > MAX_IN_MEMORY)
      return await countByQuery(await database(), tables)
    const wanted = new Map<bigint, number>()
    for (const digest of digestRows(
      judged,
      common.map(({ ours }) => ours),
      target.ours
    ))
      wanted.set(digest, (wanted.get(digest) ?? 0) + 1)
    let shared = 0
    for (const digest of digestRows(
      training,
      common.map(({ theirs }) => theirs)
    )) {
      shared += wanted.get(digest) ?? 0
      wanted.delete(digest)
    }
    return shared
  } finally {
    pool.closeAll()
  }
}

/** The same for any types and sizes. */
async function countByQuery(db: Database, { judged, training, target }: ComparedTables): Promise<number> {
  const from = (path: string): string => `read_arrow(${quoteText(path)})`
  const columnsOf = async (path: string): Promise<Map<string, string>> =>
    new Map((await db.describe(`SELECT * FROM ${from(path)}`)).map(({ name, type }) => [name, type]))
  const [ours, theirs] = [await columnsOf(judged), await columnsOf(training)]
  const digest = [...ours]
    .filter(([name]) => theirs.has(name))
    .flatMap(([name, type]) => {
      const [value, text] = [quoteName(name), `CAST(${quoteName(name)} AS VARCHAR)`]
      if (theirs.get(name) !== type) return [text, `${value} IS NULL`]
      // DuckDB's hash takes an empty list for one that holds an empty list: what is nested counts as text as well.
      return [value, `${value} IS NULL`, ...(/\[|STRUCT/.test(type) ? [text] : [])]
    })
    .join(', ')
  const known = ours.has(target) ? `WHERE ${quoteName(target)} IS NOT NULL` : ''
  const [{ n }] = await db.all<{ n: number | bigint }>(
    `SELECT count(*) AS n FROM (SELECT hash(${digest}) AS digest FROM ${from(judged)} ${known}) WHERE digest IN (SELECT hash(${digest}) FROM ${from(training)})`
  )
  return Number(n)
}
