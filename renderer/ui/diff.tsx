import { useState, type ReactNode } from 'react'
import { classNames } from './class-names'
import { formatAuto, NO_VALUE } from './format'
import { Checkbox } from './toggles'

export type DiffValue = string | number | boolean | null | undefined
export interface DiffRow {
  id: string
  label: ReactNode
  /** One value per column, in the order of the columns. */
  values: readonly DiffValue[]
  /** How a value is shown; the comparison is on the raw value. */
  format?: (value: DiffValue) => ReactNode
  numeric?: boolean
}

export interface DiffTableProps {
  /** The compared things; the first is the baseline. */
  columns: readonly { id: string; label: ReactNode }[]
  rows: readonly DiffRow[]
  /** Names what a row is: "Parameter", "Metric". */
  rowLabel: string
  emptyText?: string
}

export const differs = (row: DiffRow): boolean => row.values.some((value) => !Object.is(value ?? null, row.values[0] ?? null))
const show = (value: DiffValue): ReactNode =>
  value === null || value === undefined ? NO_VALUE : typeof value === 'number' ? formatAuto(value) : String(value)

/** Any number of things side by side. What differs from the first column is marked by weight and a bar, not colour alone. */
export function DiffTable({ columns, rows, rowLabel, emptyText = 'Nothing to compare.' }: DiffTableProps) {
  const [onlyDifferent, setOnlyDifferent] = useState(false)
  const different = rows.filter(differs)
  const shown = onlyDifferent ? different : rows
  return (
    <div className="flex min-h-0 flex-col">
      <div className="flex items-center gap-3 pb-1 text-caption text-muted">
        <span>
          {different.length} of {rows.length} differ
        </span>
        <Checkbox checked={onlyDifferent} onChange={setOnlyDifferent} label="Only differences" />
      </div>
      <div className="min-h-0 overflow-auto rounded-md border">
        <table className="w-full border-collapse text-caption">
          <thead className="sticky top-0 bg-surface-0">
            <tr>
              <th scope="col" className="border-b px-2 py-1 text-left font-medium text-muted">
                {rowLabel}
              </th>
              {columns.map((column, index) => (
                <th key={column.id} scope="col" className="border-b border-l px-2 py-1 text-left font-medium">
                  {column.label}
                  {index === 0 && columns.length > 1 && <span className="ml-1 font-normal text-muted">baseline</span>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <tr key={row.id} className="border-b last:border-b-0">
                <th scope="row" className="px-2 py-1 text-left font-normal text-muted">
                  {row.label}
                </th>
                {columns.map((column, index) => {
                  const changed = index > 0 && !Object.is(row.values[index] ?? null, row.values[0] ?? null)
                  return (
                    <td
                      key={column.id}
                      className={classNames(
                        'border-l px-2 py-1 font-mono [overflow-wrap:anywhere]',
                        row.numeric && 'text-right',
                        changed && 'bg-warn-soft font-semibold shadow-[inset_2px_0_0_var(--warn)]'
                      )}
                    >
                      {row.format ? row.format(row.values[index]) : show(row.values[index])}
                      {changed && <span className="sr-only"> (differs)</span>}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
        {shown.length === 0 && <p className="p-3 text-muted">{rows.length ? 'All values are the same.' : emptyText}</p>}
      </div>
    </div>
  )
}

/** One changed value: before, struck through, and after. */
export function ValueDiff({ before, after }: { before: DiffValue; after: DiffValue }) {
  if (Object.is(before ?? null, after ?? null)) return <span>{show(after)}</span>
  return (
    <span className="font-mono text-caption">
      <del className="rounded-sm bg-error-soft px-1 text-error">{show(before)}</del>
      <span aria-hidden className="px-1 text-muted">
        {'\u2192'}
      </span>
      <ins className="rounded-sm bg-ok-soft px-1 text-ok no-underline">{show(after)}</ins>
    </span>
  )
}
