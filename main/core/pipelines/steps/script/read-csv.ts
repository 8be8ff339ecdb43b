import { promises as fs } from 'node:fs'
import { WorkbenchError } from '../../../../model/errors'
import { quoteName } from '../../../../model/sql-quoting'
import type { Database } from '../../../../storage/duckdb/database'
import { careful, declared, fitsReading, type ColumnType } from './column-types'

/** Columns that are looked at in one statement. */
const COLUMNS_AT_ONCE = 20

export interface CsvOutput {
  port: string
  path: string
  /** Types that the step declares, by column. */
  schema: Readonly<Record<string, ColumnType>>
}

/** A column of the staged texts. */
interface Column {
  index: number
  name: string
  cell: string
}

/**
 * Reads the CSV that a program wrote into an Arrow file. A column has its declared type, or the narrowest that every one of its cells is
 * written as and that keeps every digit; what only looks like a number stays text. Returns the rows. Throws JOB_FAILED for a file that is
 * not written in the one way there is (the message says in which line), a declared column that is not there and a cell that is not of
 * its declared type.
 */
export async function readCsv(db: Database, { port, path, schema }: CsvOutput, arrow: string, signal: AbortSignal): Promise<number> {
  if ((await fs.stat(path)).size === 0) throw badCsv(port, 'is empty: not even a header line stands in it')
  // Loaded on demand, as most scripts hand over no CSV.
  const { CsvFault, exactHolding, stageStrictCsv } = await import('../../../datasets')
  try {
    const names = await stageStrictCsv(db, path, `${arrow}.txt`, signal)
    const columns = names.map((name, index) => ({ index, name, cell: `c${index}` }))
    const missing = Object.keys(schema).find((name) => !names.includes(name))
    if (missing !== undefined) throw badCsv(port, `has no column "${missing}", which the step declares; it has: ${names.join(', ')}`)
    const types = new Map<string, string>()
    for (let at = 0; at < columns.length; at += COLUMNS_AT_ONCE)
      await chooseTypes(db, port, columns.slice(at, at + COLUMNS_AT_ONCE), schema, types)
    for (const { index, name } of columns) {
      if (types.get(name) !== 'DOUBLE' || Object.hasOwn(schema, name)) continue
      const held = await exactHolding(db, index, signal)
      if (held !== 'number') types.set(name, held === 'text' ? 'VARCHAR' : `DECIMAL(${held.join(', ')})`)
    }
    const typed = columns.map(({ name, cell }) => `CAST(${cell} AS ${types.get(name)}) AS ${quoteName(name)}`)
    const { rows } = await db.exportArrow(`SELECT ${typed.join(', ')} FROM staged`, arrow, { signal })
    return rows
  } catch (error) {
    if (error instanceof CsvFault) throw badCsv(port, `cannot be read: ${error.message}`, error, ONE_WAY)
    if (error instanceof WorkbenchError && ['JOB_FAILED', 'CANCELLED', 'DISK_FULL', 'OUT_OF_MEMORY'].includes(error.code)) throw error
    throw badCsv(port, `cannot be read as a table: ${(error as Error).message.split('\n')[0].slice(0, 300)}`, error)
  } finally {
    await db.run('DROP TABLE IF EXISTS staged; DROP TABLE IF EXISTS refused')
  }
}

async function chooseTypes(
  db: Database,
  port: string,
  columns: readonly Column[],
  schema: CsvOutput['schema'],
  types: Map<string, string>
): Promise<void> {
  const readingsOf = (name: string) => (Object.hasOwn(schema, name) ? [declared[schema[name]]] : careful)
  const counts = columns.flatMap(({ name, cell }) => [
    `count(${cell})`,
    ...readingsOf(name).map((reading) => `count_if(${fitsReading(reading, cell)})`),
    `count_if(regexp_matches(${cell}, '[0-9]'))`
  ])
  const { rows } = await db.query(`SELECT ${counts.join(', ')} FROM staged`, [], { limit: 1 })
  const found = rows[0].map(Number)
  for (const column of columns) {
    const { name } = column
    const readings = readingsOf(name)
    const filled = found.shift()!
    const fitting = readings.map(() => found.shift()!)
    const withDigits = found.shift()!
    const index = fitting.findIndex((count) => count === filled)
    if (Object.hasOwn(schema, name)) {
      if (index < 0) throw badCsv(port, await describeMisfit(db, column, schema[name], filled - fitting[0]))
      types.set(name, readings[0].sql)
      continue
    }
    // A column of nothing but "nan" or "inf" says no number.
    const isWords = index >= 0 && readings[index].sql === 'DOUBLE' && withDigits === 0
    types.set(name, filled === 0 || index < 0 || isWords ? 'VARCHAR' : readings[index].sql)
  }
}

async function describeMisfit(db: Database, { name, cell }: Column, type: ColumnType, count: number): Promise<string> {
  const { rows } = await db.query(
    `SELECT ${cell} FROM staged WHERE ${cell} IS NOT NULL AND NOT (${fitsReading(declared[type], cell)})`,
    [],
    { limit: 1 }
  )
  return `declares the column "${name}" as ${type}, and ${count} of its cells ${count === 1 ? 'is' : 'are'} none, such as ${JSON.stringify(String(rows[0]?.[0]).slice(0, 100))}`
}

const ONE_WAY =
  'Let the script write RFC 4180 in UTF-8: the names of the columns in the first line, commas between values, and double quotes around a value with a comma, a line break or a quote, which is doubled.'

const badCsv = (port: string, what: string, cause?: unknown, next = 'Correct what the script writes, or its "schema".'): WorkbenchError =>
  new WorkbenchError('JOB_FAILED', `The CSV at the output "${port}" ${what}. ${next}`, { cause })
