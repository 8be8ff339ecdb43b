import { promises as fs } from 'node:fs'
import { join } from 'node:path'
import type { ColumnChoice, ImportChoices, ImportType, Notice } from '../../model/dataset'
import { WorkbenchError } from '../../model/errors'
import { type ArrowColumn, isUnmarkedStream, normaliseArrow } from '../../storage/arrow'
import type { JsonValue } from '../../storage/duckdb/database'
import { sha256File } from '../../storage/objects/durable-files'
import { createBadRowCollector } from './bad-rows'
import { assertUnchangedSource } from './clean-copy'
import { uniqueColumnNames } from './column-names'
import { failingItems, fileError } from './columnar-errors'
import { foreignColumns } from './columnar-schema'
import { cutDigits } from './cut-digits'
import { assertChoicesMatch, type CheckedColumn } from './misfits'
import type { ImportSession, SourceTable } from './source-table'
import { quotePath, quoteText } from '../../model/sql-quoting'
import { plainColumn, type PlainColumn } from './stage-columnar'
import { stagedColumn } from './stage-text'
import { cellSql, readings, valueSql } from './text-values'

type ColumnarFormat = 'parquet' | 'arrow'

/**
 * Stages a Parquet or Arrow file; a column keeps its own type unless another was chosen. A column of a type that cannot be read is left out
 * and named, unless something was chosen for it. Throws INVALID_INPUT for a damaged file.
 */
export async function readColumnar(
  session: ImportSession,
  source: string,
  format: ColumnarFormat,
  choices: ImportChoices
): Promise<SourceTable> {
  const known = choices.columns ?? []
  const nullTokens = choices.nullTokens ?? []
  const file = await copySource(session, source, format)
  const { kept, reader, notices } = await chooseColumns(session, file, format, known)
  const { staged, total } = await stageColumns(session, format, reader, kept)
  const used = kept.map((column, index) => ({
    index,
    source: column.name,
    unit: column.plain.unit,
    ...readAs(
      stagedColumn(index),
      column.plain,
      known.find((k) => k.source === column.name),
      nullTokens
    )
  }))
  const counted = await countValues(session, format, used, staged)
  const cut = await cutDigits(session, counted)
  return {
    format,
    dialect: null,
    nullTokens: [...nullTokens],
    sha256: file.sha256,
    size: file.size,
    columns: counted,
    lineOf: (rowId) => rowId + 1,
    rules: cut.map(({ rule }) => rule),
    offers: [],
    badRows: createBadRowCollector(),
    inspectedRows: staged,
    records: staged,
    complete: staged === total,
    rowEstimate: total,
    notices: [...notices, ...cut.map(({ notice }) => notice)]
  }
}

/** Copies the source into the session, so that what is read is what is hashed. */
async function copySource({ input, options }: ImportSession, source: string, format: ColumnarFormat) {
  options.onProgress?.({ fraction: null, message: 'Copying and checking the file' })
  const copy = join(input, `source.${format}`)
  const before = await fs.stat(source)
  await fs.copyFile(source, copy, fs.constants.COPYFILE_FICLONE)
  const sha256 = await sha256File(copy)
  const { size } = await fs.stat(copy)
  await assertUnchangedSource(source, before, size)
  return { copy, sha256, size }
}

interface KeptColumn {
  name: string
  /** Its place in what `reader` reads. */
  at: number
  plain: PlainColumn
}

/** The columns to read and the call that reads the file; those that cannot be read are left out with a word. */
async function chooseColumns(session: ImportSession, { copy }: { copy: string }, format: ColumnarFormat, known: readonly ColumnChoice[]) {
  const { db, fileName, input } = session
  const blame = (error: unknown): never => {
    throw fileError(error, fileName, format)
  }
  const foreign = await foreignColumns(db, copy, format).catch(blame)
  const { names, notices } = uniqueColumnNames(foreign.map((column) => column.name))
  assertChoicesMatch(known, names)
  const leaveOut = new Set<number>()
  foreign.forEach((column, index) => {
    const choice = known.find((k) => k.source === names[index])
    if (choice?.drop || column.refusal) leaveOut.add(index)
    if (choice?.drop || !column.refusal) return
    if (choice && Object.keys(choice).length > 1) throw unreadableColumn(names[index], column, fileName)
    notices.push(leftOutNotice(names[index], column))
  })
  const last = foreign.findIndex((column) => column.refusal)
  if (leaveOut.size === foreign.length && last >= 0) throw unreadableColumn(names[last], foreign[last], fileName)
  const normal = join(input, 'normal.arrow')
  if (format === 'arrow') {
    if (isUnmarkedStream(copy)) notices.push(oldStream)
    await normaliseArrow(copy, normal, { leaveOut })
  }
  const reader = format === 'parquet' ? `read_parquet(${quotePath(copy)})` : `read_arrow(${quoteText(normal)})`
  const described = await db.describe(`SELECT * FROM ${reader}`).catch(blame)
  if (described.length !== (format === 'parquet' ? foreign.length : foreign.length - leaveOut.size))
    blame(new Error(`its schema names ${foreign.length} columns, its data has ${described.length}`))
  const rest = foreign.flatMap((column, index) => (leaveOut.has(index) ? [] : [{ column, index }]))
  const kept = rest.map(({ column, index }, place): KeptColumn => {
    const at = format === 'parquet' ? index : place
    const { plain, notices: told } = plainColumn(stagedColumn(place), names[index], described[at].type, column)
    notices.push(...told)
    return { name: names[index], at, plain }
  })
  return { kept, notices, reader: `${reader} AS t(${described.map((_, i) => `c${i}`).join(', ')})` }
}

const oldStream: Notice = {
  severity: 'info',
  title: 'Arrow stream of before 0.15',
  detail:
    'The file is an Arrow stream in the form of before version 0.15 of Arrow, of 2019. It was read whole; other programs may refuse it.',
  column: null,
  line: null
}

const leftOutNotice = (name: string, column: ArrowColumn): Notice => ({
  severity: 'warning',
  title: 'Column left out',
  detail: `"${name}" has the type ${column.type}, which the workbench does not read (${column.refusal}), so it is not in the dataset; the others are. Cast it to a number, text, date or time where the file is written if you need it.`,
  column: name,
  line: null
})

const unreadableColumn = (name: string, column: ArrowColumn, fileName: string): WorkbenchError =>
  new WorkbenchError(
    'INVALID_INPUT',
    `Column "${name}" of "${fileName}" has the type ${column.type}, which the workbench does not read (${column.refusal}). Nothing was imported. Leave the column out, or cast it to a number, text, date or time where the file is written.`,
    { details: { column: name, type: column.type, leaveOut: [name] } }
  )

/** Fills `staged` and counts its rows and those of the file; a preview stages fewer. */
async function stageColumns(session: ImportSession, format: ColumnarFormat, reader: string, columns: readonly KeptColumn[]) {
  const { db, options, fileName } = session
  const { signal } = options
  const stage = (some: readonly KeptColumn[]): Promise<void> =>
    db.run(
      `CREATE OR REPLACE TABLE staged AS SELECT ${some.map((c) => `c${c.at} AS ${stagedColumn(columns.indexOf(c))}`).join(', ') || '1 AS none'} FROM ${reader}${options.head === undefined ? '' : ' LIMIT 10000'}`,
      [],
      { signal }
    )
  try {
    await stage(columns)
    const [counts] = await db.all<{ total: number; staged: number }>(
      `SELECT (SELECT count(*) FROM ${reader})::DOUBLE AS total, (SELECT count(*) FROM staged)::DOUBLE AS staged`,
      [],
      { signal }
    )
    return counts
  } catch (error) {
    const failing = await failingItems(columns, stage)
    throw fileError(error, fileName, format, failing.length < columns.length ? failing.map((c) => c.name) : [])
  }
}

interface ReadColumn extends Pick<CheckedColumn, 'badSql' | 'reading'>, Pick<PlainColumn, 'cutSql' | 'textSql'> {
  sql: string
  /** Null where the value is. */
  presentSql: string
  importType: ImportType | null
}

/** A staged column as it is, or by its text as the type that was chosen. */
function readAs(column: string, plain: PlainColumn, choice: ColumnChoice | undefined, nullTokens: readonly string[]): ReadColumn {
  if (!choice?.type) {
    const presentSql = plain.isCostly ? column : plain.sql
    return {
      sql: plain.sql,
      presentSql,
      importType: null,
      badSql: 'false',
      reading: { type: 'text' },
      cutSql: plain.cutSql,
      textSql: plain.textSql
    }
  }
  const reading = choice.dateFormat
    ? { type: choice.type, format: choice.dateFormat }
    : (readings.find((r) => r.type === choice.type && !r.format) ?? { type: choice.type })
  // the text of a time with all of its digits; of anything else the text of what it becomes
  const cell = cellSql(plain.textSql ?? `${plain.cutSql ? column : `(${plain.sql})`}::VARCHAR`, nullTokens.length > 0 ? nullTokens : [''])
  const sql = valueSql(cell, reading)
  const cutSql = choice.type === 'time' || choice.type === 'timestamp' ? plain.cutSql : undefined
  return {
    sql,
    presentSql: sql,
    importType: choice.type,
    badSql: `(${cell}) IS NOT NULL AND (${sql}) IS NULL`,
    reading,
    cutSql,
    textSql: plain.textSql
  }
}

/** Missing values, misfits and values with digits cut off. A value that its conversion cannot take is an error that names the column. */
async function countValues<T extends ReadColumn & { index: number; source: string }>(
  { db, options: { signal }, fileName }: ImportSession,
  format: ColumnarFormat,
  columns: readonly T[],
  staged: number
) {
  const count = async (some: readonly T[]): Promise<JsonValue[]> => {
    const counts = some.flatMap((c) => [
      `count(${c.presentSql})::DOUBLE`,
      `(count(*) FILTER (WHERE ${c.badSql}))::DOUBLE`,
      ...(c.cutSql ? [`(count(*) FILTER (WHERE ${c.cutSql}))::DOUBLE`] : [])
    ])
    return (await db.query(`SELECT ${counts.join(', ') || '1'} FROM staged`, [], { signal })).rows[0]
  }
  let row: JsonValue[]
  try {
    row = await count(columns)
  } catch (error) {
    throw fileError(
      error,
      fileName,
      format,
      (await failingItems(columns, count)).map((c) => c.source)
    )
  }
  let at = 0
  return columns.map((c) => {
    const present = Number(row[at++])
    const unparsed = Number(row[at++])
    return { ...c, missing: staged - present, unparsed, cut: c.cutSql ? Number(row[at++]) : 0 }
  })
}
