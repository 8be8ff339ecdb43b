import { useState } from 'react'
import { classNames } from '../ui'

export interface ChartTable {
  columns: readonly { header: string; numeric?: boolean }[]
  rows: readonly (readonly (string | number | null)[])[]
}

/** The values of a chart; long tables are shown in parts. */
export function ValueTable({ table, height, title }: { table: ChartTable; height: number; title: string }) {
  const [shown, setShown] = useState(500)
  return (
    <div
      className="overflow-auto rounded-md border"
      style={{ maxHeight: Math.max(height, 160) }}
      tabIndex={0}
      aria-label={`${title}, values`}
      role="region"
    >
      <table className="w-full border-collapse text-caption tabular-nums">
        <thead className="sticky top-0 bg-surface-0">
          <tr>
            {table.columns.map((column, index) => (
              <th
                key={index}
                scope="col"
                className={classNames('border-b px-2 py-1 font-medium', column.numeric ? 'text-right' : 'text-left')}
              >
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.slice(0, shown).map((row, index) => (
            <tr key={index} className="border-b last:border-b-0">
              {row.map((value, column) => (
                <td key={column} className={classNames('px-2 py-0.5', table.columns[column]?.numeric && 'text-right')}>
                  {value ?? '\u2013'}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {table.rows.length > shown && (
        <button type="button" className="w-full p-1 text-caption text-accent" onClick={() => setShown(shown + 500)}>
          Show {Math.min(500, table.rows.length - shown)} more of {table.rows.length - shown}
        </button>
      )}
    </div>
  )
}

/** The same values as CSV. */
export function csvOf(table: ChartTable): string {
  const quote = (value: string | number | null) => {
    const text = value === null ? '' : String(value)
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  return (
    [table.columns.map((column) => quote(column.header)).join(','), ...table.rows.map((row) => row.map(quote).join(','))].join('\r\n') +
    '\r\n'
  )
}
