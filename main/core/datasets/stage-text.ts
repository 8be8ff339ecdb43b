import type { Notice } from '../../model/dataset'
import { WorkbenchError } from '../../model/errors'
import type { Database } from '../../storage/duckdb/database'
import type { BadRowCollector } from './bad-rows'
import type { RecordCleaner } from './record-cleaner'
import { uniqueColumnNames } from './column-names'
import { quotePath, quoteText } from '../../model/sql-quoting'

/** A table of texts in the import's own database: columns c0, c1, ... in file order, as they stand in the file, NULL for an empty field, row ids from 0 in file order. */
export interface StagedTable {
  /** Names as in the file, made unique. */
  sources: string[]
  rows: number
  /** Columns whose texts were quoted strings in JSON, so that "12" stays text. */
  textColumns: Set<number>
  /** 1-based line in the file of a row id. */
  lineOf(rowId: number): number
  notices: Notice[]
}

export const stagedColumn = (index: number): string => `c${index}`
const MAX_COLUMNS = 20_000

/** Loads a cleaned delimited file. Records with too few or too many fields go to `bad`. */
export async function stageDelimited(
  db: Database,
  file: string,
  cleaner: RecordCleaner,
  header: string[],
  dialect: { delimiter: string; quote: string },
  bad: BadRowCollector,
  signal?: AbortSignal
): Promise<StagedTable> {
  const { names, notices } = uniqueColumnNames(header)
  if (names.length > MAX_COLUMNS)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The file seems to have ${names.length} columns; at most ${MAX_COLUMNS} can be imported. Check the delimiter.`,
      { details: { columns: names.length } }
    )
  const columns = names.map((_, i) => `${quoteText(stagedColumn(i))}: 'VARCHAR'`).join(', ')
  const large = cleaner.longest > 1_900_000 ? `, max_line_size=${cleaner.longest + 1024}` : ''
  const reader = `read_csv(${quotePath(file)}, columns={${columns}}, auto_detect=false, header=false, delim=${quoteText(dialect.delimiter)}, quote=${quoteText(dialect.quote)}, escape=${quoteText(dialect.quote)}, new_line='\\n', nullstr='', store_rejects=true, rejects_limit=0, null_padding=false, strict_mode=true${large})`
  await db.run(
    `CREATE TABLE staged AS SELECT * FROM ${reader};
     CREATE TABLE refused AS SELECT line, min(error_type::VARCHAR) AS kind, min(error_message) AS message, any_value(csv_line) AS raw FROM reject_errors GROUP BY line ORDER BY line`,
    [],
    { signal }
  )
  const refused = await db.all<{ line: number; kind: string; message: string; raw: string | null }>(
    'SELECT line::DOUBLE AS line, kind, message, left(raw, 4000) AS raw FROM refused ORDER BY line',
    [],
    { signal }
  )
  for (const r of refused)
    bad.add({ line: cleaner.lineOf(r.line), column: null, raw: r.raw ?? '', reason: refusalReason(r.kind, names.length) })
  const refusedLines = refused.map((r) => r.line)
  return {
    sources: names,
    rows: cleaner.records - refused.length,
    textColumns: new Set(),
    lineOf: (rowId) => cleaner.lineOf(recordOfRow(rowId, refusedLines)),
    notices
  }
}

function refusalReason(kind: string, width: number): string {
  if (kind.startsWith('MISSING')) return `fewer than ${width} values`
  if (kind.startsWith('TOO MANY')) return `more than ${width} values`
  return kind.toLowerCase()
}

/** The 1-based record of the n-th (from 0) record that is not in the sorted list of refused ones. */
export function recordOfRow(row: number, refused: readonly number[]): number {
  let low = 0
  let high = refused.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (refused[middle] - middle <= row + 1) low = middle + 1
    else high = middle
  }
  return row + 1 + low
}

/**
 * Loads JSON objects: one per line (`jsonl`) or the elements of one array (`json`). Every key of any object becomes a column; a
 * nested value becomes JSON text. Lines that are no object go to `bad`.
 */
export async function stageJson(
  db: Database,
  file: string,
  cleaner: RecordCleaner,
  format: 'jsonl' | 'json',
  bad: BadRowCollector,
  signal?: AbortSignal
): Promise<StagedTable> {
  const lines =
    format === 'jsonl'
      ? `SELECT line FROM read_csv(${quotePath(file)}, columns={'line': 'VARCHAR'}, auto_detect=false, header=false, delim='', quote='', escape='', new_line='\\n'${cleaner.longest > 1_900_000 ? `, max_line_size=${cleaner.longest + 1024}` : ''})`
      : `SELECT json::VARCHAR AS line FROM read_json_objects(${quotePath(file)}, format='array', maximum_object_size=${16 << 20})`
  try {
    await db.run(
      `CREATE TABLE lines AS SELECT line, json_valid(line) AND json_type(CASE WHEN json_valid(line) THEN line END) = 'OBJECT' AS ok FROM (${lines})`,
      [],
      { signal }
    )
  } catch (error) {
    if (error instanceof WorkbenchError && error.code === 'CANCELLED') throw error
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The file is not well-formed JSON: ${(error as Error).message.slice(0, 300)}. Nothing was imported. Save it as JSON lines (one object per line), which survives a broken record.`,
      { cause: error }
    )
  }
  const badLines = await db.all<{ id: number; raw: string; valid: boolean }>(
    `SELECT rowid::DOUBLE AS id, left(line, 4000) AS raw, json_valid(line) AS valid FROM lines WHERE NOT ok AND trim(line) <> '' ORDER BY rowid`,
    [],
    { signal }
  )
  for (const b of badLines)
    bad.add({ line: cleaner.lineOf(b.id + 1), column: null, raw: b.raw, reason: b.valid ? 'not a JSON object' : 'not well-formed JSON' })
  const keys = await db.all<{ key: string; types: string[] }>(
    `SELECT key, list(DISTINCT type ORDER BY type) AS types FROM (
       SELECT k.key AS key, id, json_type(line, '/' || replace(replace(k.key, '~', '~0'), '/', '~1')) AS type
       FROM (SELECT rowid AS id, line, unnest(json_keys(line)) AS key FROM lines WHERE ok) k) GROUP BY key ORDER BY min(id), key LIMIT ${MAX_COLUMNS + 1}`,
    [],
    { signal }
  )
  if (keys.length > MAX_COLUMNS)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The objects have more than ${MAX_COLUMNS} different keys, so this is no table. Nothing was imported. Write one key per property.`
    )
  const { names, notices } = uniqueColumnNames(keys.map((k) => k.key))
  const pointer = (key: string): string => quoteText(`/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`)
  const cells = keys.map((k, i) => `json_extract_string(line, ${pointer(k.key)}) AS ${stagedColumn(i)}`)
  await db.run(
    `CREATE TABLE staged AS SELECT ${cells.length > 0 ? cells.join(', ') : 'NULL AS c0'} FROM lines WHERE ok ORDER BY rowid;
     CREATE TABLE origin AS SELECT rowid AS id FROM lines WHERE ok ORDER BY rowid`,
    [],
    { signal }
  )
  const skipped = await db.all<{ id: number }>(
    'SELECT rowid::DOUBLE + 1 AS id FROM lines WHERE NOT coalesce(ok, false) ORDER BY rowid',
    [],
    { signal }
  )
  keys.forEach((k, i) => {
    if (k.types.some((t) => t === 'OBJECT' || t === 'ARRAY'))
      notices.push({
        severity: 'info',
        title: 'Nested values',
        detail: `Column "${names[i]}" holds objects or lists; they are kept as JSON text. Take them apart with SQL (json_extract) if you need their parts.`,
        column: names[i],
        line: null
      })
  })
  const total = await db.all<{ n: number }>('SELECT count(*)::DOUBLE AS n FROM staged')
  const skippedLines = skipped.map((s) => s.id)
  return {
    sources: names,
    rows: total[0].n,
    textColumns: new Set(keys.flatMap((k, i) => (k.types.includes('VARCHAR') ? [i] : []))),
    lineOf: (rowId) => cleaner.lineOf(recordOfRow(rowId, skippedLines)),
    notices
  }
}
