import { quoteName } from '../../../main/model/sql-quoting'

/** A name as SQL text; plain lower-case names need no quotes. */
export const quoteSqlName = (name: string): string => (/^[a-z_][a-z0-9_]*$/.test(name) ? name : quoteName(name))

/** A first look at a table, whose name is given as it stands in SQL. */
export const firstRowsOf = (sqlName: string): string => `SELECT *\nFROM ${sqlName}\nLIMIT 100`

export const selectFrom = (table: string): string => firstRowsOf(quoteSqlName(table))

/** 1-based line and column of a 0-based offset into a text. */
export function positionAt(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, Math.max(0, Math.min(text.length, offset)))
  const line = before.split('\n').length
  return { line, column: before.length - (before.lastIndexOf('\n') + 1) + 1 }
}

/** Where an error of the SQL engine is: as line and column, or as an offset into the text (given as digits). */
export function errorPosition(details: unknown, text: string): { line: number; column: number } | null {
  if (typeof details !== 'object' || details === null) return null
  const { line, column, position } = details as Record<string, unknown>
  if (typeof line === 'number' && typeof column === 'number') return { line, column }
  return typeof position === 'string' && /^\d+$/.test(position) ? positionAt(text, Number(position)) : null
}
