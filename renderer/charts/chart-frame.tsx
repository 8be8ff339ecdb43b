import { BarChart3, Copy, EllipsisVertical, Table2, TrendingDown, TrendingUp } from 'lucide-react'
import { useRef, useState, type ReactNode } from 'react'
import { classNames, copyText, IconButton, Menu, showToast, Tooltip, type Direction } from '../ui'
import { copyPicture, pngOfCanvas, pngOfSvg, svgTextOf } from './picture'
import { resolveColour } from './series-colour'

/** What every chart of the window takes. */
export interface ChartProps {
  title: string
  /** Unit of the values: `s`, `%`, `rows`. */
  unit?: string
  /** Which way is better; shown as a word with an arrow. */
  direction?: Direction
  /** Said instead of the chart when there is nothing to draw. */
  empty?: ReactNode
  /** Of the drawing, in pixels; default 220. */
  height?: number
  className?: string
}

export interface ChartTable {
  columns: readonly { header: string; numeric?: boolean }[]
  rows: readonly (readonly (string | number | null)[])[]
}

interface ChartFrameProps extends ChartProps {
  isEmpty: boolean
  /** False for drawings on a canvas, which have no SVG form. */
  vector?: boolean
  table: ChartTable
  /** The same colours and names that the drawing uses. */
  legend?: readonly { label: string; colour: string; dashed?: boolean }[]
  children: ReactNode
}

/** Title, legend, "as table", copy and save, around any drawing: one SVG or one canvas. */
export function ChartFrame({
  title,
  unit,
  direction,
  empty,
  height = 220,
  className,
  isEmpty,
  vector,
  table,
  legend,
  children
}: ChartFrameProps) {
  const [asTable, setAsTable] = useState(false)
  const body = useRef<HTMLDivElement>(null)
  const pictureOf = async (): Promise<Blob | null> => {
    const background = resolveColour('var(--surface-1)')
    const svg = body.current?.querySelector<SVGSVGElement>('svg[data-chart]')
    if (svg) {
      const { width, height: drawn } = svg.getBoundingClientRect()
      return pngOfSvg(svgTextOf(svg, background), width, drawn)
    }
    const canvas = body.current?.querySelector('canvas')
    return canvas ? pngOfCanvas(canvas, background) : null
  }
  const copyPng = async () => {
    const blob = await pictureOf()
    if (blob && (await copyPicture(blob))) showToast({ status: 'ok', title: 'The chart is on the clipboard.' })
    else showToast({ status: 'warn', title: 'The chart could not be copied.', text: 'Show it as a table and copy the values instead.' })
  }
  const copyAsText = async (text: string, what: string) => {
    const done = await copyText(text)
    showToast(
      done ? { status: 'ok', title: `${what} on the clipboard.` } : { status: 'warn', title: 'The clipboard is not available now.' }
    )
  }
  const copySvg = () => {
    const svg = body.current?.querySelector<SVGSVGElement>('svg[data-chart]')
    if (svg) void copyAsText(svgTextOf(svg, resolveColour('var(--surface-1)')), 'The chart as SVG text is')
  }
  const DirectionIcon = direction === 'higher' ? TrendingUp : TrendingDown
  return (
    <figure aria-label={title} className={classNames('m-0 flex min-w-0 flex-col', className)}>
      <figcaption className="flex min-h-7 items-center gap-2">
        <span className="truncate font-semibold">{title}</span>
        {unit && <span className="shrink-0 text-caption text-muted">{unit}</span>}
        {direction && (
          <Tooltip content={`${direction === 'higher' ? 'Higher' : 'Lower'} is better`}>
            <span className="flex shrink-0 items-center gap-1 text-caption text-muted">
              <DirectionIcon aria-hidden className="size-3.5" />
              <span>{direction} is better</span>
            </span>
          </Tooltip>
        )}
        <span className="ml-auto flex shrink-0 items-center">
          <IconButton
            icon={asTable ? BarChart3 : Table2}
            size="sm"
            label={asTable ? 'Show as chart' : 'Show as table'}
            pressed={asTable}
            onClick={() => setAsTable(!asTable)}
            disabled={isEmpty}
          />
          <Menu
            align="end"
            trigger={<IconButton icon={EllipsisVertical} size="sm" label={`More for ${title}`} disabled={isEmpty} />}
            entries={[
              { id: 'png', label: 'Copy as PNG', icon: Copy, disabled: asTable, onSelect: () => void copyPng() },
              { id: 'svg', label: 'Copy as SVG', icon: Copy, disabled: asTable || vector === false, onSelect: copySvg },
              { id: 'csv', label: 'Copy the values as CSV', icon: Table2, onSelect: () => void copyAsText(csvOf(table), 'The values are') }
            ]}
          />
        </span>
      </figcaption>
      {legend && legend.length > 1 && !isEmpty && !asTable && (
        <ul className="flex flex-wrap gap-x-3 gap-y-0.5 pb-1 text-caption">
          {legend.map((entry) => (
            <li key={entry.label} className="flex min-w-0 items-center gap-1.5">
              <svg aria-hidden width="14" height="4" className="shrink-0">
                <line
                  x1="0"
                  x2="14"
                  y1="2"
                  y2="2"
                  stroke={entry.colour}
                  strokeWidth="3"
                  strokeDasharray={entry.dashed ? '4 3' : undefined}
                />
              </svg>
              <span className="truncate">{entry.label}</span>
            </li>
          ))}
        </ul>
      )}
      <div ref={body} className="min-h-0">
        {isEmpty ? (
          <div
            className="flex items-center justify-center rounded-md border border-dashed p-4 text-center text-muted"
            style={{ minHeight: Math.min(height, 120) }}
          >
            {empty ?? 'Nothing to draw yet.'}
          </div>
        ) : asTable ? (
          <ValueTable table={table} height={height} title={title} />
        ) : (
          children
        )}
      </div>
    </figure>
  )
}

function ValueTable({ table, height, title }: { table: ChartTable; height: number; title: string }) {
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
            {table.columns.map((column) => (
              <th
                key={column.header}
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

function csvOf(table: ChartTable): string {
  const quote = (value: string | number | null) => {
    const text = value === null ? '' : String(value)
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  return (
    [table.columns.map((column) => quote(column.header)).join(','), ...table.rows.map((row) => row.map(quote).join(','))].join('\r\n') +
    '\r\n'
  )
}
