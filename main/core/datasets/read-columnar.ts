import { promises as fs } from 'node:fs'
import { join } from 'node:path'
import type { ColumnChoice, ImportChoices, ImportType } from '../../model/dataset'
import { WorkbenchError } from '../../model/errors'
import { normaliseArrow } from '../../storage/arrow'
import type { Database, ResultColumn } from '../../storage/duckdb/database'
import { sha256File } from '../../storage/objects/durable-files'
import { createBadRowCollector } from './bad-rows'
import { assertUnchangedSource } from './clean-copy'
import { assertChoicesMatch, type CheckedColumn } from './misfits'
import type { ImportSession, SourceTable } from './source-table'
import { quotePath, quoteText } from '../../model/sql-quoting'
import { plainColumns, type PlainColumn } from './stage-columnar'
import { stagedColumn } from './stage-text'
import { cellSql, readings, valueSql } from './text-values'

type ColumnarFormat = 'parquet' | 'arrow'

/** Stages a Parquet or Arrow file; a column keeps its own type unless another was chosen. Throws INVALID_INPUT for a damaged file. */
export async function readColumnar(
  session: ImportSession,
  source: string,
  format: ColumnarFormat,
  choices: ImportChoices
): Promise<SourceTable> {
  const { db } = session
  const copy = await copyColumnar(session, source, format)
  const { columns, notices } = plainColumns(await describeCopy(session, copy.reader, format))
  const names = columns.map((c) => c.name)
  const known = choices.columns ?? []
  assertChoicesMatch(known, names)
  const nullTokens = choices.nullTokens ?? []
  const { staged, total } = await stageColumns(session, copy.reader, columns)
  const used = columns.flatMap((c, index) => {
    const choice = known.find((k) => k.source === c.name)
    return choice?.drop ? [] : [{ index, source: c.name, ...readAs(stagedColumn(index), choice, nullTokens) }]
  })
  const counted = await countValues(db, used, staged)
  return {
    format,
    dialect: null,
    nullTokens: [...nullTokens],
    sha256: copy.sha256,
    size: copy.size,
    columns: counted.map((c) => ({ ...c, missing: c.missing + c.unparsed })),
    lineOf: (rowId) => rowId + 1,
    rules: [],
    offers: [],
    badRows: createBadRowCollector(),
    inspectedRows: staged,
    records: staged,
    complete: staged === total,
    rowEstimate: total,
    notices
  }
}

/** Copies the source into the session; `reader` is the call that reads the copy. */
async function copyColumnar({ input, options }: ImportSession, source: string, format: ColumnarFormat) {
  options.onProgress?.({ fraction: null, message: 'Copying and checking the file' })
  const copy = join(input, `source.${format}`)
  const before = await fs.stat(source)
  await fs.copyFile(source, copy, fs.constants.COPYFILE_FICLONE)
  const sha256 = await sha256File(copy)
  const { size } = await fs.stat(copy)
  await assertUnchangedSource(source, before, size)
  if (format === 'parquet') return { sha256, size, reader: `read_parquet(${quotePath(copy)})` }
  const normal = join(input, 'normal.arrow')
  await normaliseArrow(copy, normal)
  return { sha256, size, reader: `read_arrow(${quoteText(normal)})` }
}

async function describeCopy({ db, fileName }: ImportSession, reader: string, format: ColumnarFormat): Promise<ResultColumn[]> {
  try {
    return await db.describe(`SELECT * FROM ${reader}`)
  } catch (error) {
    throw new WorkbenchError(
      'INVALID_INPUT',
      `"${fileName}" cannot be read as ${format === 'parquet' ? 'Parquet' : 'Arrow'}: ${(error as Error).message.slice(0, 300)}. It may be cut off or damaged. Nothing was imported. Copy or export it again.`,
      { cause: error }
    )
  }
}

/** Fills `staged` and counts its rows and those of the file; a preview stages fewer. */
async function stageColumns({ db, options }: ImportSession, reader: string, columns: readonly PlainColumn[]) {
  await db.run(
    `CREATE TABLE staged AS SELECT ${columns.map((c, i) => `${c.sql} AS ${stagedColumn(i)}`).join(', ')} FROM ${reader} AS t(${columns.map((_, i) => `c${i}`).join(', ')})${options.head === undefined ? '' : ' LIMIT 10000'}`,
    [],
    { signal: options.signal }
  )
  const [counts] = await db.all<{ total: number; staged: number }>(
    `SELECT (SELECT count(*) FROM ${reader})::DOUBLE AS total, (SELECT count(*) FROM staged)::DOUBLE AS staged`
  )
  return counts
}

interface ReadColumn extends Pick<CheckedColumn, 'badSql' | 'reading'> {
  sql: string
  importType: ImportType | null
}

/** A staged column as it is, or by its text as the type that was chosen. */
function readAs(column: string, choice: ColumnChoice | undefined, nullTokens: readonly string[]): ReadColumn {
  if (!choice?.type) return { sql: column, importType: null, badSql: 'false', reading: { type: 'text' } }
  const decimal = '.'
  const reading = choice.dateFormat
    ? { type: choice.type, format: choice.dateFormat }
    : (readings(decimal).find((r) => r.type === choice.type && !r.format) ?? { type: choice.type })
  const cell = cellSql(`${column}::VARCHAR`, nullTokens.length > 0 ? nullTokens : [''])
  const sql = valueSql(cell, reading, decimal)
  return { sql, importType: choice.type, badSql: `(${cell}) IS NOT NULL AND (${sql}) IS NULL`, reading }
}

async function countValues<T extends { index: number; badSql: string }>(db: Database, columns: readonly T[], staged: number) {
  const counts = columns.map((c) => `count(${stagedColumn(c.index)})::DOUBLE, (count(*) FILTER (WHERE ${c.badSql}))::DOUBLE`)
  const [row] = (await db.query(`SELECT ${counts.join(', ') || '1'} FROM staged`)).rows
  return columns.map((c, i) => ({ ...c, missing: staged - Number(row[i * 2]), unparsed: Number(row[i * 2 + 1]) }))
}
