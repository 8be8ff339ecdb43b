import { useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { copyText } from './copy-text'
import { formatCount } from './format'
import { ErrorState, useDelayed } from './states'
import { useColumnWidths } from './table-columns'
import { applyClick, applyKey, type CursorContext, type CursorState } from './table-keyboard'
import { CHECK_WIDTH, TableHeader, TableRow } from './table-parts'
import { nextSort, sortRows } from './table-sort'
import type { SortOrder, VirtualTableProps } from './table-types'

const NONE: ReadonlySet<string> = new Set()

/**
 * A grid of any number of rows and columns; only what is in view is in the document. Keys: arrows or J/K move, Space
 * selects, Shift extends, Ctrl+A selects all loaded rows, Enter opens, Ctrl+C copies the selected rows as tab-separated text.
 */
export function VirtualTable<Row>(props: VirtualTableProps<Row>) {
  const { label, columns, rows, rowKey, onSelectionChange, onActiveChange, onOpen, onLoadMore, onVisibleRange, rowHeight = 30 } = props
  const scroller = useRef<HTMLDivElement>(null)
  const id = useId()
  const [ownSort, setOwnSort] = useState<SortOrder | null>(props.initialSort ?? null)
  const sort = props.onSortChange ? (props.sort ?? null) : ownSort
  const shown = useMemo(() => (props.onSortChange ? rows : sortRows(rows, columns, ownSort)), [rows, columns, ownSort, props.onSortChange])
  const selectable = onSelectionChange !== undefined
  const selection = props.selection ?? NONE
  const [width, setWidth] = useState(0)
  const { placed, resize } = useColumnWidths(props.name ?? label, columns, width - (selectable ? CHECK_WIDTH : 0))
  const pinned = useMemo(() => placed.filter(({ column }) => column.pinned), [placed])
  const scrolling = useMemo(() => placed.filter(({ column }) => !column.pinned), [placed])
  const totalWidth = Math.max(width, placed.reduce((sum, entry) => sum + entry.width, 0) + (selectable ? CHECK_WIDTH : 0))

  const [ownActive, setOwnActive] = useState<string | null>(null)
  const activeKey = props.activeKey !== undefined ? props.activeKey : ownActive
  const active = useMemo(
    () => (activeKey === null ? -1 : shown.findIndex((row) => row !== undefined && rowKey(row) === activeKey)),
    [shown, activeKey, rowKey]
  )
  const anchor = useRef(-1)

  const vertical = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    scrollPaddingStart: 32,
    overscan: 8
  })
  const horizontal = useVirtualizer({
    horizontal: true,
    count: scrolling.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => scrolling[index]?.width ?? 160,
    overscan: 2
  })
  useLayoutEffect(() => horizontal.measure(), [scrolling, horizontal])
  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return
    const measure = () => setWidth(element.clientWidth)
    measure()
    if (typeof ResizeObserver === 'undefined') return
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [])

  const items = vertical.getVirtualItems()
  const firstRow = items[0]?.index ?? 0
  const lastRow = items.at(-1)?.index ?? -1
  useEffect(() => {
    if (lastRow < 0) return
    onVisibleRange?.(firstRow, lastRow + 1)
    if (onLoadMore && !props.loading && lastRow >= rows.length - 20 && rows.length < (props.total ?? 0)) onLoadMore()
  }, [firstRow, lastRow, rows.length, props.total, props.loading, onLoadMore, onVisibleRange])

  const columnItems = horizontal.getVirtualItems()
  const visible = {
    start: columnItems[0]?.index ?? 0,
    end: (columnItems.at(-1)?.index ?? -1) + 1,
    before: columnItems[0]?.start ?? 0,
    total: horizontal.getTotalSize()
  }

  const keyAt = useCallback(
    (index: number) => {
      const row = shown[index]
      return row === undefined ? undefined : rowKey(row)
    },
    [shown, rowKey]
  )
  const context: CursorContext = { count: shown.length, page: Math.max(1, items.length - 18), selectable, keyAt }
  const apply = (next: CursorState) => {
    anchor.current = next.anchor
    if (next.selection !== selection) onSelectionChange?.(new Set(next.selection))
    if (next.active !== active) {
      const row = shown[next.active]
      setOwnActive(row === undefined ? null : rowKey(row))
      onActiveChange?.(row ?? null)
      vertical.scrollToIndex(next.active, { align: 'auto' })
    }
  }
  const state: CursorState = { active, anchor: anchor.current < 0 ? active : anchor.current, selection }
  const openAt = (index: number) => {
    const row = shown[index]
    if (row !== undefined) onOpen?.(row)
  }
  const copyRows = () => {
    const chosen = shown.filter(
      (row, index): row is Row => row !== undefined && (selection.size ? selection.has(rowKey(row)) : index === active)
    )
    const lines = chosen.map((row) => placed.map(({ column }) => String(column.value?.(row) ?? '').replace(/[\t\r\n]+/g, ' ')).join('\t'))
    if (lines.length) void copyText([placed.map(({ column }) => column.header).join('\t'), ...lines].join('\n'))
  }
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.altKey || event.target !== event.currentTarget) return
    const ctrl = event.ctrlKey || event.metaKey
    if (event.key === 'Enter' && active >= 0) openAt(active)
    else if (event.key === 'Escape' && selection.size) onSelectionChange?.(new Set())
    else if (ctrl && event.key.toLowerCase() === 'c' && !window.getSelection()?.toString()) copyRows()
    else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight')
      scroller.current?.scrollBy?.({ left: event.key === 'ArrowLeft' ? -80 : 80 })
    else {
      const next = applyKey(state, { key: event.key, shift: event.shiftKey, ctrl }, context)
      if (!next) return
      apply(next)
    }
    event.preventDefault()
    event.stopPropagation()
  }

  // Rows are memoised, so their callbacks must keep their identity while the state behind them changes.
  const latest = useRef({ click: (_index: number, _modifiers: { shift: boolean; ctrl: boolean }) => {}, open: openAt })
  useLayoutEffect(() => {
    latest.current = { click: (index, modifiers) => apply(applyClick(state, index, modifiers, context)), open: openAt }
  })
  const click = useCallback((index: number, modifiers: { shift: boolean; ctrl: boolean }) => latest.current.click(index, modifiers), [])
  const open = useCallback((index: number) => latest.current.open(index), [])

  const slow = useDelayed(Boolean(props.loading) && rows.length === 0)
  const selectedHere = selectable
    ? shown.reduce<number>((sum, row) => sum + (row !== undefined && selection.has(rowKey(row)) ? 1 : 0), 0)
    : 0
  const overlay = props.error ? (
    <ErrorState error={props.error} onRetry={props.onRetry} />
  ) : props.loading && rows.length === 0 ? (
    <div role="status" aria-label="Loading">
      {slow && <Placeholders height={rowHeight} />}
    </div>
  ) : rows.length === 0 ? (
    props.empty
  ) : null

  return (
    <div className="relative h-full min-h-0 w-full">
      <div
        ref={scroller}
        role="grid"
        tabIndex={0}
        data-panel
        aria-label={label}
        aria-rowcount={(props.total ?? shown.length) + 1}
        aria-colcount={columns.length + (selectable ? 1 : 0)}
        aria-multiselectable={selectable || undefined}
        aria-busy={props.loading || undefined}
        aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
        onKeyDown={onKeyDown}
        className="control-focus relative h-full w-full overflow-auto bg-surface-1"
      >
        <TableHeader
          pinned={pinned}
          scrolling={scrolling}
          visible={visible}
          sort={sort}
          selectable={selectable}
          checked={selectedHere > 0 && selectedHere === shown.length}
          indeterminate={selectedHere > 0 && selectedHere < shown.length}
          onCheckAll={(checked) =>
            onSelectionChange?.(checked ? new Set(shown.flatMap((row) => (row === undefined ? [] : [rowKey(row)]))) : new Set())
          }
          onSort={(column) => {
            const next = nextSort(sort, column)
            if (props.onSortChange) props.onSortChange(next)
            else setOwnSort(next)
          }}
          onResize={resize}
          width={totalWidth}
        />
        {!overlay && (
          <div role="presentation" className="relative" style={{ height: vertical.getTotalSize(), width: totalWidth }}>
            {items.map((item) => {
              const row = shown[item.index]
              return (
                <TableRow
                  key={item.key}
                  id={`${id}-${item.index}`}
                  row={row}
                  index={item.index}
                  top={item.start}
                  height={rowHeight}
                  width={totalWidth}
                  active={item.index === active}
                  selected={row !== undefined && selection.has(rowKey(row))}
                  selectable={selectable}
                  pinned={pinned}
                  scrolling={scrolling}
                  start={visible.start}
                  end={visible.end}
                  before={visible.before}
                  onClick={click}
                  onOpen={open}
                />
              )
            })}
          </div>
        )}
      </div>
      {overlay && <div className="absolute inset-x-0 top-8 bottom-0 overflow-auto">{overlay}</div>}
      <span className="sr-only" role="status">
        {selection.size ? `${formatCount(selection.size, 'row')} selected` : ''}
      </span>
    </div>
  )
}

function Placeholders({ height }: { height: number }) {
  return Array.from({ length: 12 }, (_, index) => (
    <div key={index} className="flex items-center border-b px-3" style={{ height }}>
      <div className="h-3 animate-breathe rounded-sm bg-surface-2" style={{ width: `${70 - ((index * 13) % 35)}%` }} />
    </div>
  ))
}
