import { join } from 'node:path'
import { datasetNameKey, type SqlResult } from '../../model/dataset'
import { WorkbenchError } from '../../model/errors'
import { openDatabase, type Database } from '../../storage/duckdb/database'
import { loadLedgerTables } from '../../storage/ledger/ledger-snapshot'
import type { PublishedView } from '../../storage/ledger/feature-tables'
import { quoteName, quoteText } from '../../model/sql-quoting'
import { answerUnits, type MeasuredColumn } from './answer-units'
import { withNearNames } from './sql-names'
import { isSha256, type Sha256 } from '../../model/reference'

/** A version that the text reads, under a name of the text; its file was checked. */
export interface SqlTable {
  /** Name of the view; undefined where the text names the file itself. */
  name?: string
  path: string
  columns: readonly MeasuredColumn[]
}

export interface SqlSources {
  directory: string
  /** An engine that parses; nothing is run on it. */
  parser: Pick<Database, 'all'>
  /** What the schema `ledger` may hold. */
  views: readonly PublishedView[]
  /** The versions that these names and file names stand for, each checked against its SHA-256. */
  tablesNamed(names: readonly string[]): Promise<SqlTable[]>
  /** Names of datasets that a text could have meant. */
  datasetNames(): string[]
}

/**
 * Runs one SELECT in a database of its own, over views named by dataset (the latest version) and by `name@` with 8 digits of a version,
 * and over the tables of the ledger in the schema `ledger`. Only what the text names is there, and only those files can be read. Anything
 * but a single SELECT (COPY, ATTACH, INSERT, SET, two statements) is refused before it runs.
 * Throws INVALID_INPUT with the engine's message, DIGEST_MISMATCH, CANCELLED.
 */
export async function runDatasetSql(
  text: string,
  { directory, parser, views, tablesNamed, datasetNames }: SqlSources,
  options: { limit: number; signal?: AbortSignal }
): Promise<SqlResult> {
  const started = performance.now()
  const { signal } = options
  const statement = await parseSelect(parser, text)
  const { names, ledger } = collectNames(statement)
  const tables = await tablesNamed(names)
  const db = await openDatabase({
    readDirectories: [],
    readFiles: [...new Set(tables.map((table) => table.path))],
    temporaryDirectory: join(directory, 'tmp')
  })
  try {
    for (const { name, path } of tables)
      if (name !== undefined)
        await db.run(`CREATE OR REPLACE VIEW ${quoteName(name)} AS SELECT * FROM read_arrow(${quoteText(path)})`, [], { signal })
    const wanted = views.filter((view) => ledger.has(view.name))
    await loadLedgerTables(join(directory, 'ledger.sqlite'), wanted, db, signal)
    const result = await db.query(text, [], options)
    const measured = new Map(tables.flatMap(({ name, columns }) => (name === undefined ? [] : [[name.toLowerCase(), columns] as const])))
    const units = answerUnits(statement, measured, result.columns.length)
    const columns = result.columns.map((column, i) => ({ ...column, ...(units[i] !== undefined && { unit: units[i] }) }))
    return { ...result, columns, elapsed: (performance.now() - started) / 1000 }
  } catch (error) {
    const columns = tables.flatMap((table) => table.columns.map(({ name }) => name))
    throw withNearNames(error, () => [...datasetNames(), ...views.map(({ name }) => `ledger.${name}`)], columns)
  } finally {
    await db.close()
  }
}

/** Only a SELECT can be turned into JSON by the engine's own parser, so this and the run agree about what the text is. */
async function parseSelect(parser: Pick<Database, 'all'>, text: string): Promise<unknown> {
  const [{ parsed }] = await parser.all<{ parsed: string }>('SELECT json_serialize_sql(?::VARCHAR)::VARCHAR AS parsed', [text])
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
  return tree.statements[0]
}

/**
 * Every word of the parsed text that may name a table (names, and constants, which some table functions take names from), and the tables
 * of the schema `ledger` it reads. A column that is called like a dataset costs a view, nothing more.
 */
function collectNames(tree: unknown): { names: string[]; ledger: Set<string> } {
  const names = new Set<string>()
  const ledger = new Set<string>()
  const visit = (node: unknown): void => {
    if (typeof node === 'string') names.add(node)
    else if (Array.isArray(node)) node.forEach(visit)
    else if (typeof node === 'object' && node !== null) {
      const { schema_name: schema, table_name: table } = node as { schema_name?: unknown; table_name?: unknown }
      if (typeof schema === 'string' && typeof table === 'string' && schema.toLowerCase() === 'ledger') ledger.add(table.toLowerCase())
      Object.values(node).forEach(visit)
    }
  }
  visit(tree)
  return { names: [...names], ledger }
}

/** What a word of a query can stand for: a dataset, a version of one, or a data file by its path. */
export function parseTableName(word: string): { key: string; version?: string } | { file: Sha256 } | undefined {
  const file = word.endsWith('.arrow') ? word.slice(-70, -6) : ''
  if (isSha256(file)) return { file }
  if (word.length === 0 || word.length > 200) return undefined
  const version = /^(.+)@([0-9a-f]{8})$/is.exec(word)
  return version ? { key: datasetNameKey(version[1]), version: version[2].toLowerCase() } : { key: datasetNameKey(word) }
}
