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

const isNumeral = (value: CellValue): boolean =>
  typeof value !== 'string' || value === 'NaN' || (value !== '' && !Number.isNaN(Number(value)))

/** In a column of numbers some come as text: digits that no number holds, Infinity, and NaN, which is the largest as it is in SQL. */
function compareNumerals(a: CellValue, b: CellValue): number {
  if (!isNumeral(a) || !isNumeral(b)) return compareValues(a, b)
  const [x, y] = [Number(a), Number(b)]
  if (x < y) return -1
  if (x > y) return 1
  if (x !== y) return Number(Number.isNaN(x)) - Number(Number.isNaN(y))
  return Math.sign(x) * collator.compare(String(a).replace('-', ''), String(b).replace('-', ''))
}

/** A stable sort by one column; missing values come last in both directions. */
export function sortRows<Row>(
  rows: readonly (Row | undefined)[],
  columns: readonly Column<Row>[],
  sort: SortOrder | null
): readonly (Row | undefined)[] {
  const column = sort && columns.find(({ id }) => id === sort.column)
  const value = column?.value
  if (!sort || !value) return rows
  const compare = column.numeric ? compareNumerals : compareValues
  const sign = sort.direction === 'ascending' ? 1 : -1
  const keyed = rows.map((row, index) => ({ row, index, key: row === undefined ? undefined : value(row) }))
  keyed.sort((a, b) => {
    const missingA = isMissing(a.key)
    const missingB = isMissing(b.key)
    if (missingA || missingB) return missingA && missingB ? a.index - b.index : missingA ? 1 : -1
    return sign * compare(a.key, b.key) || a.index - b.index
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
