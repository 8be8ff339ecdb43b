import { withHalfLimits, type ColumnCells } from './column-cells'
import type { ColumnSurvey } from './column-survey'
import type { CheckedColumn } from './misfits'
import { cellSql, valueSql, type Writing } from './text-values'

export interface TypedColumn extends CheckedColumn {
  reading: Writing
  /** SQL of the typed value over `staged`. */
  sql: string
  present: number
  cells: ColumnCells
}

export const textReading: Writing = { type: 'text' }

/** A column read in one way; `unparsed` are its values that this does not fit. */
export function typed(cells: ColumnCells, reading: Writing, survey: ColumnSurvey, unparsed: number): TypedColumn {
  const { index, source, raw, given } = cells
  if (reading.type === 'text') {
    const sql = given ? cellSql(raw, given) : raw
    const present = given || survey.tokens === 0 ? survey.present : survey.present + survey.tokens
    return { index, source, reading, sql, badSql: 'false', present, unparsed: 0, cells }
  }
  const sql = withHalfLimits(valueSql(cells.cell, reading), cells)
  return {
    index,
    source,
    reading,
    sql,
    badSql: `${raw} IS NOT NULL AND NOT ${cells.isToken} AND (${sql}) IS NULL`,
    present: survey.present,
    unparsed,
    cells
  }
}
