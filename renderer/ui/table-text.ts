import type { Column } from './table-types'

/** Rows as tab-separated text under their headers, for a spreadsheet; a tab or line end in a value becomes a blank. */
export function tableText<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const line = (values: readonly unknown[]) => values.map((value) => String(value ?? '').replace(/[\t\r\n]+/g, ' ')).join('\t')
  return [line(columns.map(({ header }) => header)), ...rows.map((row) => line(columns.map(({ value }) => value?.(row))))].join('\n')
}
