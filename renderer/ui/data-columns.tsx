import type { ReactNode } from 'react'
import { NO_VALUE } from './format'
import type { CellValue, Column } from './table-types'

/** A cell of a page of rows: its position and its values. */
export interface DataRow {
  number: number
  cells: readonly unknown[]
}

/** Columns of figures are set right-aligned. */
export const isNumericType = (type: string): boolean => /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|REAL|DECIMAL.*)$/i.test(type)

/** The value as stored, never rounded; lists and structs as JSON. */
export function cellValue(value: unknown): CellValue {
  if (value === null || value === undefined) return null
  if (typeof value === 'object') return JSON.stringify(value)
  return value as CellValue
}

export function renderCell(value: unknown): ReactNode {
  const shown = cellValue(value)
  if (shown === null) return <span className="text-muted">{NO_VALUE}</span>
  if (shown === '') return <span className="text-caption text-muted">empty text</span>
  const text = String(shown)
  return text.length > 500 ? `${text.slice(0, 500)}\u2026` : text
}

/** Fractions are shown as stored, with up to seventeen digits. */
function narrowest(type: string): number {
  if (/^(FLOAT|DOUBLE|REAL|DECIMAL)/i.test(type)) return 156
  if (isNumericType(type)) return 104
  return /^(VARCHAR|JSON|BLOB)/i.test(type) ? 184 : 116
}

/** Table columns for rows that come as arrays; sorting is by `c0`, `c1`, ... so that any name works. */
export function dataColumns(
  columns: readonly { name: string; type: string; hint?: ReactNode; unit?: string | null }[],
  options: { sortable: boolean; numbered: string }
): Column<DataRow>[] {
  return [
    {
      id: 'number',
      header: options.numbered,
      value: (row) => row.number,
      cell: (row) => <span className="text-muted tabular-nums">{row.number.toLocaleString('en-US')}</span>,
      numeric: true,
      width: 76,
      pinned: true,
      sortable: false
    },
    ...columns.map((column, index): Column<DataRow> => ({
      id: `c${index}`,
      header: column.name,
      unit: column.unit ?? undefined,
      hint: column.hint ?? `${column.name}, ${column.type}`,
      value: (row) => cellValue(row.cells[index]),
      cell: (row) => renderCell(row.cells[index]),
      numeric: isNumericType(column.type),
      width: Math.min(280, Math.max(narrowest(column.type), column.name.length * 7 + 40)),
      sortable: options.sortable
    }))
  ]
}
