import { BarChart3, Copy, EllipsisVertical, Table2, TrendingDown, TrendingUp } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { classNames, copyAndTell, IconButton, Menu, Tooltip, type Direction } from '../ui'
import { useChartCopies } from './use-chart-copies'
import { csvOf, ValueTable, type ChartTable } from './value-table'

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

interface LegendEntry {
  label: string
  colour: string
  dashed?: boolean
}

interface ChartFrameProps extends ChartProps {
  isEmpty: boolean
  /** False for drawings on a canvas, which have no SVG form. */
  vector?: boolean
  table: ChartTable
  /** The same colours and names that the drawing uses. */
  legend?: readonly LegendEntry[]
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
  const { body, copyPng, copySvg } = useChartCopies()
  return (
    <figure aria-label={title} className={classNames('m-0 flex min-w-0 flex-col', className)}>
      <figcaption className="flex min-h-7 items-center gap-2">
        <span className="truncate font-semibold">{title}</span>
        {unit && <span className="shrink-0 text-caption text-muted">{unit}</span>}
        {direction && <WhichIsBetter direction={direction} />}
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
              {
                id: 'csv',
                label: 'Copy the values as CSV',
                icon: Table2,
                onSelect: () => void copyAndTell(csvOf(table), 'The values are on the clipboard.')
              }
            ]}
          />
        </span>
      </figcaption>
      {legend && legend.length > 1 && !isEmpty && !asTable && <Legend entries={legend} />}
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

function WhichIsBetter({ direction }: { direction: Direction }) {
  const Icon = direction === 'higher' ? TrendingUp : TrendingDown
  return (
    <Tooltip content={`${direction === 'higher' ? 'Higher' : 'Lower'} is better`}>
      <span className="flex shrink-0 items-center gap-1 text-caption text-muted">
        <Icon aria-hidden className="size-3.5" />
        <span>{direction} is better</span>
      </span>
    </Tooltip>
  )
}

function Legend({ entries }: { entries: readonly LegendEntry[] }) {
  return (
    <ul className="flex flex-wrap gap-x-3 gap-y-0.5 pb-1 text-caption">
      {entries.map((entry, index) => (
        <li key={index} className="flex min-w-0 items-center gap-1.5">
          <svg aria-hidden width="14" height="4" className="shrink-0">
            <line x1="0" x2="14" y1="2" y2="2" stroke={entry.colour} strokeWidth="3" strokeDasharray={entry.dashed ? '4 3' : undefined} />
          </svg>
          <span className="truncate">{entry.label}</span>
        </li>
      ))}
    </ul>
  )
}
