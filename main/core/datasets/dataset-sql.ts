import { WorkbenchError } from '../../model/errors'
import type { Database, QueryResult } from '../../storage/duckdb/database'
import type { SqlResult } from '../../model/dataset'
import { quoteName, quoteText } from './sql-quoting'

export interface SqlTable {
  /** Name of the view. */
  name: string
  path: string
}

/**
 * Runs one SELECT over views in a database of its own, which can read only the version files. Anything but a single SELECT (COPY,
 * ATTACH, INSERT, SET, two statements) is refused before it runs. Throws INVALID_INPUT with the engine's message, CANCELLED.
 */
export async function runDatasetSql(
  db: Database,
  text: string,
  tables: readonly SqlTable[],
  options: { limit: number; signal?: AbortSignal }
): Promise<SqlResult> {
  const started = performance.now()
  await assertSingleSelect(db, text)
  for (const table of tables)
    await db.run(`CREATE OR REPLACE VIEW ${quoteName(table.name)} AS SELECT * FROM read_arrow(${quoteText(table.path)})`)
  const result: QueryResult = await db.query(text, [], options)
  return { ...result, elapsed: (performance.now() - started) / 1000 }
}

/** Only a SELECT can be turned into JSON by the engine's own parser, so this and the run agree about what the text is. */
async function assertSingleSelect(db: Database, text: string): Promise<void> {
  const [{ parsed }] = await db.all<{ parsed: string }>('SELECT json_serialize_sql(?::VARCHAR)::VARCHAR AS parsed', [text])
  const tree = JSON.parse(parsed) as { error: boolean; error_message?: string; position?: string; statements?: unknown[] }
  if (tree.error) {
    const message = tree.error_message ?? 'it cannot be parsed'
    const isOther = message.startsWith('Only SELECT')
    throw new WorkbenchError(
      'INVALID_INPUT',
      isOther
        ? 'Only SELECT may be run here: data is never changed by SQL. Write a SELECT (WITH, VALUES, DESCRIBE and SUMMARIZE are fine).'
        : `The SQL has an error: ${message}${/[.!?]$/.test(message) ? '' : '.'} Correct it and run it again.`,
      { details: { position: tree.position } }
    )
  }
  if (tree.statements?.length !== 1)
    throw new WorkbenchError('INVALID_INPUT', 'Write exactly one SELECT statement; there is none or more than one.')
}

/** Names that may occur in the text, so that a workspace with thousands of datasets makes only the views it needs. */
export function mentionedTables(text: string, tables: readonly SqlTable[]): SqlTable[] {
  const folded = text.normalize('NFC').toLowerCase()
  return tables.filter((t) => folded.includes(t.name.replaceAll('"', '""').toLowerCase()))
}
