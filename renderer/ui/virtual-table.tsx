import { useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { copyText } from './copy-text'
import { formatCount } from './format'
import { ErrorState, useDelayed } from './states'
import { useColumnWidths } from './table-columns'
import { applyClick, applyKey, type CursorContext, type CursorState } from './table-keyboard'
import { CHECK_WIDTH, HEADER_HEIGHT, TableHeader, TableRow } from './table-parts'
import { nextSort, sortRows } from './table-sort'
import { tableText } from './table-text'
import type { Column, SortOrder, VirtualTableProps } from './table-types'

const NONE: ReadonlySet<string> = new Set()
/** Height of a horizontal scroll bar, in pixels (styles/index.css). */
const SCROLL_BAR = 10

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
  const checkWidth = selectable ? CHECK_WIDTH : 0
  const { placed, resize } = useColumnWidths(props.name ?? label, columns, width, checkWidth)
  const pinned = useMemo(() => placed.filter(({ column }) => column.pinned), [placed])
  const scrolling = useMemo(() => placed.filter(({ column }) => !column.pinned), [placed])
  const totalWidth = Math.max(width, placed.reduce((sum, entry) => sum + entry.width, 0) + checkWidth)

  const [ownActive, setOwnActive] = useState<string | null>(null)
  const activeKey = props.activeKey !== undefined ? props.activeKey : ownActive
  const found = useMemo(
    () => (activeKey === null ? -1 : shown.findIndex((row) => row !== undefined && rowKey(row) === activeKey)),
    [shown, activeKey, rowKey]
  )
  /** Where the cursor went when that row was not loaded yet. */
  const [awaited, setAwaited] = useState<number | null>(null)
  const active = awaited ?? found
  const anchor = useRef(-1)
  /** The active row that was brought into view last; a re-sort or new rows must not make the table jump to it again. */
  const revealed = useRef<string | null>(null)

  // Before the vertical one: it reads its scroll position while the layout is still clean, not after new rows were written.
  const horizontal = useVirtualizer({
    horizontal: true,
    count: scrolling.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => scrolling[index]?.width ?? 160,
    overscan: 2
  })
  const vertical = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    // The header lies over the top of the scrolled area, the scroll bar over its end.
    scrollMargin: HEADER_HEIGHT,
    scrollPaddingStart: HEADER_HEIGHT,
    scrollPaddingEnd: SCROLL_BAR,
    overscan: 10
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

  const makeActive = useCallback(
    (row: Row) => {
      revealed.current = rowKey(row)
      setOwnActive(revealed.current)
      onActiveChange?.(row)
    },
    [rowKey, onActiveChange]
  )
  useEffect(() => {
    if (awaited === null) return
    const row = shown[awaited]
    if (row === undefined && awaited < shown.length) return
    setAwaited(null)
    if (row !== undefined) makeActive(row)
  }, [awaited, shown, makeActive])

  // A row that was chosen elsewhere (a deep link, a chart, another list) is brought into view, once it is there.
  useEffect(() => {
    if (activeKey === null) revealed.current = null
    if (activeKey === null || active < 0 || revealed.current === activeKey) return
    revealed.current = activeKey
    vertical.scrollToIndex(active, { align: 'auto' })
  }, [activeKey, active, vertical])

  const columnItems = horizontal.getVirtualItems()
  const start = columnItems[0]?.index ?? 0
  const end = (columnItems.at(-1)?.index ?? -1) + 1
  const before = columnItems[0]?.start ?? 0

  const keyAt = useCallback(
    (index: number) => {
      const row = shown[index]
      return row === undefined ? undefined : rowKey(row)
    },
    [shown, rowKey]
  )
  const context: CursorContext = { count: shown.length, page: pageOf(vertical.scrollRect?.height ?? 0, rowHeight), selectable, keyAt }
  const apply = (next: CursorState) => {
    anchor.current = next.anchor
    if (next.selection !== selection) onSelectionChange?.(new Set(next.selection))
    if (next.active !== active) {
      const row = shown[next.active]
      setAwaited(row === undefined ? next.active : null)
      if (row !== undefined) makeActive(row)
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
    const columnsInOrder = placed.map(({ column }) => column)
    if (chosen.length) void copyText(tableText(columnsInOrder, chosen))
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

  const sortBy = (column: Column<Row>) => {
    const next = nextSort(sort, column)
    if (props.onSortChange) props.onSortChange(next)
    else setOwnSort(next)
  }
  const checkAll = (checked: boolean) =>
    onSelectionChange?.(checked ? new Set(shown.flatMap((row) => (row === undefined ? [] : [rowKey(row)]))) : new Set())

  // Header and rows are memoised, so their callbacks must keep their identity while the state behind them changes.
  const clickAt = (index: number, modifiers: Modifiers) => apply(applyClick(state, index, modifiers, context))
  const latest = useRef({ clickAt, openAt, sortBy, checkAll })
  useLayoutEffect(() => {
    latest.current = { clickAt, openAt, sortBy, checkAll }
  })
  const click = useCallback((index: number, modifiers: Modifiers) => latest.current.clickAt(index, modifiers), [])
  const open = useCallback((index: number) => latest.current.openAt(index), [])
  const onSort = useCallback((column: Column<Row>) => latest.current.sortBy(column), [])
  const onCheckAll = useCallback((checked: boolean) => latest.current.checkAll(checked), [])

  const slow = useDelayed(Boolean(props.loading) && rows.length === 0)
  const selectedHere = useMemo(
    () => (selection.size === 0 ? 0 : shown.filter((row) => row !== undefined && selection.has(rowKey(row))).length),
    [shown, selection, rowKey]
  )
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
        aria-activedescendant={active >= firstRow && active <= lastRow ? `${id}-${active}` : undefined}
        onKeyDown={onKeyDown}
        // Sticky cells cost a third of a frame; they are needed only while the table stands scrolled sideways.
        data-scrolled={(horizontal.scrollOffset ?? 0) > 0 || undefined}
        className="group/table control-focus relative h-full w-full overflow-auto bg-surface-1"
      >
        <TableHeader
          pinned={pinned}
          scrolling={scrolling}
          start={start}
          end={end}
          before={before}
          sort={sort}
          selectable={selectable}
          checked={selectedHere > 0 && selectedHere === shown.length}
          indeterminate={selectedHere > 0 && selectedHere < shown.length}
          onCheckAll={onCheckAll}
          onSort={onSort}
          onResize={resize}
          width={totalWidth}
        />
        {!overlay && (
          <div
            role="presentation"
            className="relative [contain:layout_size_style]"
            style={{ height: vertical.getTotalSize(), width: totalWidth }}
          >
            {items.map((item) => {
              const row = shown[item.index]
              return (
                <TableRow
                  key={item.key}
                  id={`${id}-${item.index}`}
                  row={row}
                  index={item.index}
                  top={item.start - HEADER_HEIGHT}
                  height={rowHeight}
                  width={totalWidth}
                  active={item.index === active}
                  selected={row !== undefined && selection.has(rowKey(row))}
                  selectable={selectable}
                  pinned={pinned}
                  scrolling={scrolling}
                  start={start}
                  end={end}
                  before={before}
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

interface Modifiers {
  shift: boolean
  ctrl: boolean
}

/** Rows that Page up and down move by: those that are wholly in view, less one to keep the place. */
const pageOf = (height: number, rowHeight: number) => Math.max(1, Math.floor((height - HEADER_HEIGHT - SCROLL_BAR) / rowHeight) - 1)

function Placeholders({ height }: { height: number }) {
  return Array.from({ length: 12 }, (_, index) => (
    <div key={index} className="flex items-center border-b px-3" style={{ height }}>
      <div className="h-3 animate-breathe rounded-sm bg-surface-2" style={{ width: `${70 - ((index * 13) % 35)}%` }} />
    </div>
  ))
}
