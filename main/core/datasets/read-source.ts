import { randomUUID } from 'node:crypto'
import { promises as fs } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { defaultDialect, type ImportSession, type ReadOptions, type SourceTable } from './source-table'
import { WorkbenchError, fromSystemError } from '../../model/errors'
import type { ColumnChoice, Dialect, Encoding, ImportChoices, Notice } from '../../model/dataset'
import { normaliseArrow } from '../../storage/arrow'
import { openDatabase, type Database } from '../../storage/duckdb/database'
import { sha256File } from '../../storage/objects/durable-files'
import { createBadRowCollector } from './bad-rows'
import { WrongEncoding, assertUnchangedSource, copyCleanText, type CleanCopy } from './clean-copy'
import { detectDialect, parseRecords } from './dialect'
import { decodeHead, detectFormat, type SourceKind } from './source-format'
import { quoteName, quotePath, quoteText } from './sql-quoting'
import { plainColumns } from './stage-columnar'
import { stageDelimited, stageJson, stagedColumn, type StagedTable } from './stage-text'
import { cellSql, defaultNullTokens, readings, refusalOf, valueSql } from './text-values'
import { inferColumns } from './type-inference'

const HEAD = 1 << 20

export type OpenDatabase = typeof openDatabase

/**
 * Reads a source file into a private in-memory database that can reach only its own copy of that file. `work` gets the table
 * while the database is open; afterwards every trace in `temporaryRoot` is removed, whatever happened.
 */
export async function withSource<T>(
  temporaryRoot: string,
  path: string,
  choices: ImportChoices,
  options: ReadOptions,
  work: (table: SourceTable, session: ImportSession) => Promise<T>
): Promise<T> {
  const source = resolve(path)
  const fileName = basename(source)
  const directory = join(temporaryRoot, `import-${randomUUID()}`)
  let db: Database | undefined
  try {
    const size = await sizeOf(source, fileName)
    await fs.mkdir(join(directory, 'in'), { recursive: true })
    await fs.mkdir(join(directory, 'spill'), { recursive: true })
    const head = await readHead(source)
    const kind = { ...detectFormat(head, fileName, size <= HEAD), ...(choices.format && { format: choices.format }) }
    db = await (options.openDatabase ?? openDatabase)({
      readDirectories: [join(directory, 'in')],
      temporaryDirectory: join(directory, 'spill'),
      wideQueries: true
    })
    const session: ImportSession = { db, directory, input: join(directory, 'in'), fileName, size, options }
    const table =
      kind.format === 'parquet' || kind.format === 'arrow'
        ? await readColumnar(session, source, kind.format, choices)
        : await readText(session, source, head, { ...kind, format: kind.format }, choices)
    return await work(table, session)
  } catch (error) {
    if (options.signal?.aborted) throw new WorkbenchError('CANCELLED', 'The import was cancelled. Nothing was changed.', { cause: error })
    throw withSourceName(fromSystemError(error, `importing "${fileName}"`), join(directory, 'in'), fileName)
  } finally {
    await db?.close()
    await fs.rm(directory, { recursive: true, force: true })
  }
}

/** Readers name the private copy, which is gone by now and says nothing to the person: the chosen file is named instead. */
function withSourceName(error: WorkbenchError, copies: string, fileName: string): WorkbenchError {
  const message = ['arrow', 'parquet'].reduce(
    (text, ending) => text.replaceAll(join(copies, `source.${ending}`), `"${fileName}"`),
    error.message
  )
  return message === error.message ? error : new WorkbenchError(error.code, message, { details: error.details, cause: error })
}

async function sizeOf(source: string, fileName: string): Promise<number> {
  const stat = await fs.stat(source)
  if (!stat.isFile())
    throw new WorkbenchError('INVALID_INPUT', `"${fileName}" is not a file but a folder or a device. Choose a table file.`)
  return stat.size
}

async function readHead(source: string): Promise<Buffer> {
  const file = await fs.open(source, 'r')
  try {
    const buffer = Buffer.alloc(HEAD)
    const { bytesRead } = await file.read(buffer, 0, HEAD, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

async function readText(
  session: ImportSession,
  source: string,
  head: Buffer,
  kind: SourceKind,
  choices: ImportChoices
): Promise<SourceTable> {
  const { options, fileName } = session
  const complete = session.size <= HEAD
  const fixed = choices.dialect ?? {}
  let encoding: Encoding = fixed.encoding ?? kind.encoding ?? 'utf-8'
  let guessed = fixed.encoding === undefined && kind.encodingGuessed === true
  const isJson = kind.format === 'jsonl' || kind.format === 'json'
  const target = join(session.input, 'source.txt')
  const bad = createBadRowCollector()
  const preview = options.head !== undefined && kind.format !== 'json' ? options.head : undefined
  const text = decodeHead(head, encoding)
  const found = isJson ? undefined : detectDialect(text, complete, fixed, kind.format === 'tsv')
  let dialect: Dialect = { ...(found ?? defaultDialect), encoding }
  const copy = (): Promise<CleanCopy> =>
    copyCleanText(source, target, isJson ? { encoding } : dialect, bad, {
      signal: options.signal,
      head: preview,
      onProgress: (fraction) => options.onProgress?.({ fraction: fraction * 0.35, message: 'Reading and checking the file' })
    })
  let copied: CleanCopy
  try {
    copied = await copy()
  } catch (error) {
    if (!(error instanceof WrongEncoding)) throw error
    if (fixed.encoding)
      throw new WorkbenchError(
        'INVALID_INPUT',
        `"${fileName}" is not UTF-8: byte ${error.offset} begins no character. Nothing was imported. Choose the encoding windows-1252.`,
        { cause: error }
      )
    encoding = 'windows-1252'
    guessed = true
    dialect = { ...dialect, encoding }
    bad.reset()
    copied = await copy()
  }
  if (copied.cleaner.records === 0 && copied.cleaner.headerRecord === undefined && bad.count === 0)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `"${fileName}" has nothing but blank lines, so there is nothing to import. Nothing was changed. Choose another file.`
    )
  const notices: Notice[] = [...copied.notices]
  if (guessed) notices.push(encodingNotice(encoding))
  const nullTokens = choices.nullTokens ?? defaultNullTokens
  options.onProgress?.({ fraction: 0.4, message: 'Loading the rows' })
  const staged = isJson
    ? await stageJson(session.db, target, copied.cleaner, kind.format === 'json' ? 'json' : 'jsonl', nullTokens, bad, options.signal)
    : await stageDelimited(
        session.db,
        target,
        copied.cleaner,
        headerOf(copied, text, dialect, complete),
        { ...dialect, nullTokens },
        bad,
        options.signal
      )
  notices.push(...staged.notices)
  const records = staged.rows + bad.count
  options.onProgress?.({ fraction: 0.55, message: 'Finding the types of the columns' })
  const known = choices.columns ?? []
  assertChoicesMatch(known, staged.sources)
  const inferred = await inferColumns(session.db, staged, dialect, nullTokens, known, options.signal)
  notices.push(...inferred.notices)
  const used = inferred.columns.filter((c) => !known.some((k) => k.source === c.source && k.drop))
  await collectMisfits(session.db, staged, used, dialect, bad, options.signal)
  const condition = used.filter((c) => c.unparsed > 0).map((c) => `(${c.badSql})`)
  return {
    format: kind.format,
    dialect: isJson ? null : dialect,
    nullTokens: [...nullTokens],
    sha256: copied.sha256,
    size: copied.size,
    from: `staged${condition.length > 0 ? ` WHERE NOT (${condition.join(' OR ')})` : ''}`,
    columns: used.map((c) => ({
      source: c.source,
      sql: c.sql,
      importType: c.reading.type,
      unparsed: c.unparsed,
      missing: staged.rows - c.present
    })),
    badRows: bad,
    inspectedRows: staged.rows,
    records,
    complete: preview === undefined || session.size <= preview,
    rowEstimate: preview === undefined || session.size <= preview ? staged.rows : Math.round((staged.rows * session.size) / preview),
    notices
  }
}

const encodingNotice = (encoding: Encoding): Notice => ({
  severity: 'warning',
  title: `Read as ${encoding}`,
  detail:
    encoding === 'windows-1252'
      ? 'The file is not UTF-8; it is read as Windows-1252, which includes Latin-1. Look at letters with accents and at currency signs in the preview, and choose another encoding if they are wrong.'
      : `The file has no byte order mark; by the pattern of its bytes it is ${encoding}. Choose another encoding if the preview looks wrong.`,
  column: null,
  line: null
})

function headerOf(copied: CleanCopy, text: string, dialect: Dialect, complete: boolean): string[] {
  if (dialect.header)
    return copied.cleaner.headerRecord === undefined
      ? ['column_1']
      : (parseRecords(copied.cleaner.headerRecord, dialect.delimiter, dialect.quote, 1, true)[0] ?? ['column_1'])
  const records = parseRecords(text.replace(/^\uFEFF/, ''), dialect.delimiter, dialect.quote, 1_000, complete).slice(dialect.skipLines)
  const widths = records.filter((r) => r.length > 1 || r[0] !== '').map((r) => r.length)
  const width = widths.sort((a, b) => a - b)[Math.floor(widths.length / 2)] ?? 1
  return Array.from({ length: width }, (_, i) => `column_${i + 1}`)
}

function assertChoicesMatch(choices: readonly ColumnChoice[], sources: readonly string[]): void {
  const unknown = choices.find((c) => !sources.includes(c.source))
  if (unknown)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The file has no column "${unknown.source}". Look at the preview again: the file or its dialect has changed.`,
      {
        details: { column: unknown.source, columns: sources.slice(0, 50) }
      }
    )
}

type Misfit = { index: number; source: string; unparsed: number; badSql: string; reading: Parameters<typeof refusalOf>[0] }

/** Rows with a value that its column's type does not fit: counted without limit, the first 10,000 with their text. */
async function collectMisfits(
  db: Database,
  staged: Pick<StagedTable, 'sources' | 'lineOf'>,
  columns: readonly Misfit[],
  dialect: Pick<Dialect, 'delimiter'>,
  bad: ReturnType<typeof createBadRowCollector>,
  signal?: AbortSignal
): Promise<void> {
  const misfits = columns.filter((c) => c.unparsed > 0)
  if (misfits.length === 0) return
  const first = `CASE ${misfits.map((c, i) => `WHEN ${c.badSql} THEN ${i}`).join(' ')} END`
  const cells = `[${staged.sources.map((_, i) => `left(${stagedColumn(i)}::VARCHAR, 500)`).join(', ')}]`
  const stored = await db.all<{ id: number; first: number; cells: (string | null)[] }>(
    `SELECT id, first, cells FROM (SELECT rowid::DOUBLE AS id, ${first} AS first, ${cells} AS cells FROM staged) WHERE first IS NOT NULL ORDER BY id LIMIT 10000`,
    [],
    { signal }
  )
  const reason = (i: number): string => `"${misfits[i].source}" is ${refusalOf(misfits[i].reading)}`
  const storedCounts = new Map<number, number>()
  for (const row of stored) {
    storedCounts.set(row.first, (storedCounts.get(row.first) ?? 0) + 1)
    const raw = row.cells.map((c) => c ?? '').join(dialect.delimiter)
    bad.add({ line: staged.lineOf(row.id), column: misfits[row.first].source, raw, reason: reason(row.first) })
  }
  const totals = await db.all<{ first: number; n: number }>(
    `SELECT first, count(*)::DOUBLE AS n FROM (SELECT ${first} AS first FROM staged) WHERE first IS NOT NULL GROUP BY first ORDER BY first`,
    [],
    { signal }
  )
  for (const t of totals) bad.addCount(reason(t.first), t.n - (storedCounts.get(t.first) ?? 0))
}

async function readColumnar(
  session: ImportSession,
  source: string,
  format: 'parquet' | 'arrow',
  choices: ImportChoices
): Promise<SourceTable> {
  const { db, options, fileName } = session
  options.onProgress?.({ fraction: null, message: 'Copying and checking the file' })
  const copy = join(session.input, `source.${format}`)
  const before = await fs.stat(source)
  await fs.copyFile(source, copy, fs.constants.COPYFILE_FICLONE)
  const sha256 = await sha256File(copy)
  const { size } = await fs.stat(copy)
  await assertUnchangedSource(source, before, size)
  let reader = `read_parquet(${quotePath(copy)})`
  if (format === 'arrow') {
    const normal = join(session.input, 'normal.arrow')
    await normaliseArrow(copy, normal)
    reader = `read_arrow(${quoteText(normal)})`
  }
  const bad = createBadRowCollector()
  let found: Awaited<ReturnType<Database['describe']>>
  try {
    found = await db.describe(`SELECT * FROM ${reader}`)
  } catch (error) {
    throw new WorkbenchError(
      'INVALID_INPUT',
      `"${fileName}" cannot be read as ${format === 'parquet' ? 'Parquet' : 'Arrow'}: ${(error as Error).message.slice(0, 300)}. It may be cut off or damaged. Nothing was imported. Copy or export it again.`,
      { cause: error }
    )
  }
  const { columns, notices } = plainColumns(found)
  const known = choices.columns ?? []
  assertChoicesMatch(
    known,
    columns.map((c) => c.name)
  )
  const nullTokens = choices.nullTokens ?? []
  await db.run(
    `CREATE TABLE staged AS SELECT ${columns.map((c, i) => `${c.sql} AS ${stagedColumn(i)}`).join(', ')} FROM ${reader} AS t(${columns.map((_, i) => `c${i}`).join(', ')})${options.head === undefined ? '' : ' LIMIT 10000'}`,
    [],
    { signal: options.signal }
  )
  const [{ total, staged }] = await db.all<{ total: number; staged: number }>(
    `SELECT (SELECT count(*) FROM ${reader})::DOUBLE AS total, (SELECT count(*) FROM staged)::DOUBLE AS staged`
  )
  const decimal = '.'
  const used = columns
    .map((c, index) => {
      const choice = known.find((k) => k.source === c.name)
      const column = stagedColumn(index)
      if (!choice?.type)
        return {
          index,
          source: c.name,
          drop: choice?.drop,
          sql: column,
          importType: null,
          badSql: 'false',
          reading: { type: 'text' as const }
        }
      const reading = choice.dateFormat
        ? { type: choice.type, format: choice.dateFormat }
        : (readings(decimal).find((r) => r.type === choice.type && !r.format) ?? { type: choice.type })
      const cell = cellSql(`${column}::VARCHAR`, nullTokens.length > 0 ? nullTokens : [''])
      const sql = valueSql(cell, reading, decimal)
      return {
        index,
        source: c.name,
        drop: choice.drop,
        sql,
        importType: choice.type,
        badSql: `(${cell}) IS NOT NULL AND (${sql}) IS NULL`,
        reading
      }
    })
    .filter((c) => !c.drop)
  const counts = (
    await db.query(
      `SELECT ${used.map((c) => `count(${stagedColumn(c.index)})::DOUBLE, (count(*) FILTER (WHERE ${c.badSql}))::DOUBLE`).join(', ') || '1'} FROM staged`
    )
  ).rows[0]
  const withCounts = used.map((c, i) => ({ ...c, missing: staged - Number(counts[i * 2]), unparsed: Number(counts[i * 2 + 1]) }))
  await collectMisfits(
    db,
    { sources: columns.map((c) => c.name), lineOf: (row) => row + 1 },
    withCounts,
    { delimiter: '\t' },
    bad,
    options.signal
  )
  const condition = withCounts.filter((c) => c.unparsed > 0).map((c) => `(${c.badSql})`)
  return {
    format,
    dialect: null,
    nullTokens: [...nullTokens],
    sha256,
    size,
    from: `staged${condition.length > 0 ? ` WHERE NOT (${condition.join(' OR ')})` : ''}`,
    columns: withCounts.map(({ source: name, sql, importType, unparsed, missing }) => ({
      source: name,
      sql,
      importType,
      unparsed,
      missing
    })),
    badRows: bad,
    inspectedRows: staged,
    records: staged,
    complete: staged === total,
    rowEstimate: total,
    notices
  }
}

/** The typed SELECT over the staged rows, in file order. */
export const typedSelect = (table: SourceTable, names: readonly string[]): string =>
  `SELECT ${table.columns.map((c, i) => `${c.sql} AS ${quoteName(names[i])}`).join(', ')} FROM ${table.from}`
