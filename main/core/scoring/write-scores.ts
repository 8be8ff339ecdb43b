import { dirname } from 'node:path'
import { quoteName, quoteText } from '../../model/sql-quoting'
import type { ScoredFile, ScoreFormat } from '../../model/scoring'
import { openDatabase } from '../../storage/duckdb/database'
import { writeTable } from '../../storage/duckdb/write-table'

/** Rows that are shown of what was written. */
const shownRows = 20

interface Written {
  out: string
  format: ScoreFormat
  keep: readonly string[]
  /** Arrow file of the scores. */
  scores: string
  /** Arrow file of the columns of the input, row for row. */
  table: string
  temporary: string
  signal?: AbortSignal
}

/** Puts the kept columns before the scores, row by row, and writes them in the format asked for. Returns the first rows. */
export async function writeScores({ out, format, keep, scores, table, temporary, signal }: Written): Promise<ScoredFile['head']> {
  const own = `read_arrow(${quoteText(scores)})`
  const kept = keep.map((name) => `t.${quoteName(name)}`).join(', ')
  const query =
    keep.length === 0
      ? `SELECT * FROM ${own}`
      : `SELECT ${kept}, s.* FROM (SELECT ${keep.map(quoteName).join(', ')} FROM read_arrow(${quoteText(table)})) AS t POSITIONAL JOIN ${own} AS s`
  const readDirectories = [dirname(scores), dirname(table)]
  const db = await openDatabase({ readDirectories, temporaryDirectory: temporary, memoryLimit: '1GB' })
  try {
    if (format === 'arrow') await db.exportArrow(query, out, { signal })
    else await writeTable(query, out, format, { readDirectories, temporaryDirectory: temporary, signal })
    const described = await db.describe(query)
    const texts = described.map(({ name }) => `${quoteName(name)}::VARCHAR`).join(', ')
    const { rows } = await db.query(`SELECT ${texts} FROM (SELECT * FROM (${query}) LIMIT ${shownRows})`, [], { signal })
    return { columns: described.map(({ name }) => name), rows: rows as (string | null)[][] }
  } finally {
    await db.close()
  }
}
