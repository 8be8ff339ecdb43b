import { ArrowDown, ArrowUp } from 'lucide-react'
import { memo, type CSSProperties, type PointerEvent, type ReactNode } from 'react'
import { classNames } from './class-names'
import { formatAuto, NO_VALUE } from './format'
import type { PlacedColumn } from './table-columns'
import { Checkbox } from './toggles'
import { Tooltip } from './tooltip'
import type { Column, SortOrder } from './table-types'

export const CHECK_WIDTH = 36
export const HEADER_HEIGHT = 32
const checkStyle: CSSProperties = { width: CHECK_WIDTH }

interface HeaderProps<Row> {
  pinned: readonly PlacedColumn<Row>[]
  scrolling: readonly PlacedColumn<Row>[]
  /** Which of the scrolling columns are drawn, and the blank space at their left. */
  start: number
  end: number
  before: number
  sort: SortOrder | null
  selectable: boolean
  checked: boolean
  indeterminate: boolean
  onCheckAll: (checked: boolean) => void
  onSort: (column: Column<Row>) => void
  onResize: (id: string, width: number | null) => void
  width: number
}

function TableHeaderView<Row>(props: HeaderProps<Row>) {
  const { pinned, scrolling, start, end, before, selectable } = props
  return (
    <div
      role="row"
      aria-rowindex={1}
      className="sticky top-0 z-20 flex overflow-x-clip border-b bg-surface-0 text-caption"
      style={{ width: props.width, height: HEADER_HEIGHT }}
    >
      {selectable && (
        <div role="columnheader" className="sticky left-0 z-10 flex shrink-0 items-center justify-center bg-surface-0" style={checkStyle}>
          <Checkbox checked={props.checked} indeterminate={props.indeterminate} onChange={props.onCheckAll} aria-label="Select all rows" />
        </div>
      )}
      {pinned.map((placed, index) => (
        <HeaderCell key={placed.column.id} placed={placed} index={index} header={props} pinned />
      ))}
      <div className="shrink-0" style={{ width: before }} />
      {scrolling.slice(start, end).map((placed, offset) => (
        <HeaderCell key={placed.column.id} placed={placed} index={pinned.length + start + offset} header={props} />
      ))}
    </div>
  )
}

/** Memoised: it stays as it is while rows scroll by. */
export const TableHeader = memo(TableHeaderView) as typeof TableHeaderView

function HeaderCell<Row>({
  placed,
  index,
  header,
  pinned
}: {
  placed: PlacedColumn<Row>
  index: number
  header: HeaderProps<Row>
  pinned?: boolean
}) {
  const { column, width } = placed
  const sorted = header.sort?.column === column.id ? header.sort.direction : undefined
  const sortable = column.sortable ?? column.value !== undefined
  const Arrow = sorted === 'ascending' ? ArrowUp : ArrowDown
  const label = (
    <span className="inline-flex min-w-0 items-center gap-1">
      <span className="truncate font-medium text-ink">{column.header}</span>
      {column.unit && <span className="shrink-0 text-muted">{column.unit}</span>}
    </span>
  )
  const startResize = (event: PointerEvent<HTMLElement>) => {
    event.preventDefault()
    event.stopPropagation()
    const handle = event.currentTarget
    const from = event.clientX
    handle.setPointerCapture(event.pointerId)
    const move = (moved: globalThis.PointerEvent) => header.onResize(column.id, width + moved.clientX - from)
    const end = () => {
      handle.removeEventListener('pointermove', move)
      handle.removeEventListener('lostpointercapture', end)
    }
    handle.addEventListener('pointermove', move)
    handle.addEventListener('lostpointercapture', end)
  }
  const inner = classNames('flex h-full w-full min-w-0 items-center gap-1 px-2', column.numeric && 'flex-row-reverse')
  return (
    <div
      role="columnheader"
      aria-sort={sorted ?? (sortable ? 'none' : undefined)}
      aria-colindex={index + 1 + (header.selectable ? 1 : 0)}
      className={classNames('group relative shrink-0', pinned && 'sticky z-10 bg-surface-0')}
      style={placed.style}
    >
      <Tooltip content={column.hint}>
        {sortable ? (
          <button type="button" tabIndex={-1} className={classNames(inner, 'hover:bg-surface-2')} onClick={() => header.onSort(column)}>
            {label}
            {sorted && <Arrow aria-hidden className="size-3 shrink-0 text-accent" />}
          </button>
        ) : (
          <div className={inner}>{label}</div>
        )}
      </Tooltip>
      <span
        aria-hidden
        onPointerDown={startResize}
        onDoubleClick={() => header.onResize(column.id, null)}
        className="absolute inset-y-1.5 -right-0.5 z-10 w-1.25 cursor-col-resize border-r-2 border-transparent group-hover:border-line hover:border-accent"
      />
    </div>
  )
}

export interface RowProps<Row> {
  id: string
  row: Row | undefined
  index: number
  top: number
  height: number
  width: number
  active: boolean
  selected: boolean
  selectable: boolean
  pinned: readonly PlacedColumn<Row>[]
  scrolling: readonly PlacedColumn<Row>[]
  start: number
  end: number
  before: number
  onClick: (index: number, modifiers: { shift: boolean; ctrl: boolean }) => void
  onOpen: (index: number) => void
}

function TableRowView<Row>(props: RowProps<Row>) {
  const { row, index, active, selected, selectable, pinned, scrolling } = props
  const background = active ? 'bg-accent-soft' : selected ? 'bg-surface-2' : 'bg-surface-1 hover:bg-surface-0 group-hover/row:bg-surface-0'
  return (
    <div
      id={props.id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selectable ? selected : active}
      data-active={active || undefined}
      onClick={(event) => props.onClick(index, { shift: event.shiftKey, ctrl: event.ctrlKey || event.metaKey })}
      onDoubleClick={() => props.onOpen(index)}
      className={classNames('group/row absolute left-0 flex border-b', background, active && 'shadow-[inset_2px_0_0_var(--accent)]')}
      style={{ top: props.top, height: props.height, width: props.width }}
    >
      {selectable && (
        <div
          role="gridcell"
          aria-colindex={1}
          className={classNames('left-0 z-10 flex shrink-0 items-center justify-center group-data-scrolled/table:sticky', background)}
          style={checkStyle}
          onClick={(event) => event.stopPropagation()}
        >
          <Checkbox
            checked={selected}
            disabled={row === undefined}
            onChange={() => props.onClick(index, { shift: false, ctrl: true })}
            aria-label={`Select row ${index + 1}`}
          />
        </div>
      )}
      {pinned.map(({ column, style }, position) => (
        <Cell
          key={column.id}
          column={column}
          row={row}
          index={index}
          position={position}
          style={style}
          selectable={selectable}
          className={classNames('z-10 group-data-scrolled/table:sticky', background)}
        />
      ))}
      <div className="shrink-0" style={{ width: props.before }} />
      {scrolling.slice(props.start, props.end).map(({ column, style }, offset) => (
        <Cell
          key={column.id}
          column={column}
          row={row}
          index={index}
          position={pinned.length + props.start + offset}
          style={style}
          selectable={selectable}
        />
      ))}
    </div>
  )
}

/** Memoised: while scrolling only rows that enter are rendered. */
export const TableRow = memo(TableRowView) as typeof TableRowView

interface CellProps<Row> {
  column: Column<Row>
  row: Row | undefined
  index: number
  position: number
  style: CSSProperties
  selectable: boolean
  className?: string
}

function CellView<Row>({ column, row, index, position, style, selectable, className }: CellProps<Row>) {
  return (
    <div
      role="gridcell"
      aria-colindex={position + 1 + (selectable ? 1 : 0)}
      style={style}
      className={classNames(
        'flex shrink-0 items-center overflow-hidden px-2 whitespace-nowrap',
        column.numeric && 'justify-end tabular-nums',
        className
      )}
    >
      {row === undefined ? (
        <span className="h-3 w-2/3 rounded-sm bg-surface-2" />
      ) : column.cell ? (
        wrapText(column.cell(row, index))
      ) : (
        <span className="truncate">{plainCell(column.value?.(row))}</span>
      )}
    </div>
  )
}

/** Memoised: moving the cursor or scrolling sideways draws no cell again that was there. */
const Cell = memo(CellView) as typeof CellView

const wrapText = (content: ReactNode) =>
  typeof content === 'string' || typeof content === 'number' ? <span className="truncate">{content}</span> : content

function plainCell(value: unknown): ReactNode {
  if (value === null || value === undefined) return <span className="text-muted">{NO_VALUE}</span>
  if (typeof value === 'number') return formatAuto(value)
  return String(value)
}
