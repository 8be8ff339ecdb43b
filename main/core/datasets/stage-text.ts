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
export const MAX_COLUMNS = 20_000

/** Loads a cleaned delimited file. Records with too few or too many fields go to `bad`. `keepsEmptyTexts`: a quoted empty field is an empty text. */
export async function stageDelimited(
  db: Database,
  file: string,
  cleaner: RecordCleaner,
  header: string[],
  dialect: { delimiter: string; quote: string; keepsEmptyTexts?: boolean },
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
  const reader = `read_csv(${quotePath(file)}, columns={${columns}}, auto_detect=false, header=false, delim=${quoteText(dialect.delimiter)}, quote=${quoteText(dialect.quote)}, escape=${quoteText(dialect.quote)}, new_line='\\n', nullstr='', allow_quoted_nulls=${!dialect.keepsEmptyTexts}, store_rejects=true, rejects_limit=0, null_padding=false, strict_mode=true${large})`
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
