import type { CellValue, Column, SortOrder } from './table-types'

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })
const isMissing = (value: CellValue) => value === null || value === undefined || (typeof value === 'number' && Number.isNaN(value))

/** Numbers by size, texts naturally (`run 2` before `run 10`), numbers before texts; a missing value has no rank here. */
export function compareValues(a: CellValue, b: CellValue): number {
  const numericA = typeof a !== 'string'
  const numericB = typeof b !== 'string'
  if (numericA && numericB) return Number(a) < Number(b) ? -1 : Number(a) > Number(b) ? 1 : 0
  if (numericA !== numericB) return numericA ? -1 : 1
  return collator.compare(String(a), String(b))
}

/** A stable sort by one column; missing values come last in both directions. */
export function sortRows<Row>(
  rows: readonly (Row | undefined)[],
  columns: readonly Column<Row>[],
  sort: SortOrder | null
): readonly (Row | undefined)[] {
  const value = sort && columns.find((column) => column.id === sort.column)?.value
  if (!sort || !value) return rows
  const sign = sort.direction === 'ascending' ? 1 : -1
  const keyed = rows.map((row, index) => ({ row, index, key: row === undefined ? undefined : value(row) }))
  keyed.sort((a, b) => {
    const missingA = isMissing(a.key)
    const missingB = isMissing(b.key)
    if (missingA || missingB) return missingA && missingB ? a.index - b.index : missingA ? 1 : -1
    return sign * compareValues(a.key, b.key) || a.index - b.index
  })
  return keyed.map((entry) => entry.row)
}

/** The next state of a header click: ascending, descending, unsorted; numeric columns start with the largest. */
export function nextSort<Row>(current: SortOrder | null, column: Column<Row>): SortOrder | null {
  const first = column.numeric ? 'descending' : 'ascending'
  const second = column.numeric ? 'ascending' : 'descending'
  if (current?.column !== column.id) return { column: column.id, direction: first }
  return current.direction === first ? { column: column.id, direction: second } : null
}
