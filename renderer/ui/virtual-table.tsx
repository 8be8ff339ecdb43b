import { useCallback, useId, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type RefObject } from 'react'
import { copyText } from './copy-text'
import { describeError } from './describe-error'
import { formatCount } from './format'
import { useTableCursor, type Modifiers } from './table-cursor'
import { useTableOverlay } from './table-overlay'
import { showToast } from './toast'
import { HEADER_HEIGHT, TableHeader, TableRow } from './table-parts'
import { nextSort, sortRows } from './table-sort'
import { tableText } from './table-text'
import type { Column, SortOrder, VirtualTableProps } from './table-types'
import { useTableView } from './table-view'

/**
 * A grid of any number of rows and columns; only what is in view is in the document. Keys: arrows or J/K move, Space
 * selects, Shift extends, Ctrl+A selects all rows, Enter opens, Ctrl+C copies the selected rows as tab-separated text.
 */
export function VirtualTable<Row>(props: VirtualTableProps<Row>) {
  const { rowKey, rowHeight = 30 } = props
  const scroller = useRef<HTMLDivElement>(null)
  const id = useId()
  const { sort, shown, sortBy } = useTableSort(props)
  const view = useTableView(props, scroller, shown.length, rowHeight)
  const cursor = useTableCursor(props, { shown, ...view })
  const { active, selection } = cursor
  const overlay = useTableOverlay(props, rowHeight)
  const actions = useTableActions(props, shown, cursor, sortBy)
  const onKeyDown = useTableKeys(props, {
    scroller,
    shown,
    cursor,
    columns: view.placed.map(({ column }) => column),
    checkAll: actions.checkAll
  })
  const selectedHere = useMemo(
    () => (selection.size === 0 ? 0 : shown.filter((row) => row !== undefined && selection.has(rowKey(row))).length),
    [shown, selection, rowKey]
  )
  const isAll = selectedHere > 0 && selection.size >= (props.total ?? shown.length)
  return (
    <div className="relative h-full min-h-0 w-full">
      <div
        ref={scroller}
        role="grid"
        tabIndex={0}
        data-panel
        aria-label={props.label}
        aria-rowcount={(props.total ?? shown.length) + 1}
        aria-colcount={props.columns.length + (view.columns.selectable ? 1 : 0)}
        aria-multiselectable={view.columns.selectable || undefined}
        aria-busy={props.loading || undefined}
        aria-activedescendant={active >= view.firstRow && active <= view.lastRow ? `${id}-${active}` : undefined}
        onKeyDown={onKeyDown}
        // Sticky cells cost a third of a frame; they are needed only while the table stands scrolled sideways.
        data-scrolled={view.scrolledSideways || undefined}
        className="group/table control-focus relative h-full w-full overflow-auto bg-surface-1"
      >
        <TableHeader
          {...view.columns}
          sort={sort}
          checked={isAll}
          indeterminate={selectedHere > 0 && !isAll}
          onCheckAll={actions.checkAll}
          onSort={actions.sortBy}
          onResize={view.resize}
        />
        {!overlay && (
          <div
            role="presentation"
            className="relative [contain:layout_size_style]"
            style={{ height: view.height, width: view.columns.width }}
          >
            {view.items.map(({ key, index, start }) => {
              const row = shown[index]
              return (
                <TableRow
                  {...view.columns}
                  key={key}
                  id={`${id}-${index}`}
                  row={row}
                  index={index}
                  top={start - HEADER_HEIGHT}
                  height={rowHeight}
                  active={index === active}
                  selected={row !== undefined && selection.has(rowKey(row))}
                  onClick={actions.click}
                  onOpen={actions.open}
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

/** The order of the rows: the caller's when it sorts, else by the column that was clicked. */
function useTableSort<Row>({ rows, columns, initialSort, onSortChange, ...props }: VirtualTableProps<Row>) {
  const [own, setOwn] = useState<SortOrder | null>(initialSort ?? null)
  const sort = onSortChange ? (props.sort ?? null) : own
  const shown = useMemo(() => (onSortChange ? rows : sortRows(rows, columns, own)), [rows, columns, own, onSortChange])
  const sortBy = (column: Column<Row>) => (onSortChange ?? setOwn)(nextSort(sort, column))
  return { sort, shown, sortBy }
}

type Cursor = ReturnType<typeof useTableCursor>

/** Header and rows are memoised, so their callbacks must keep their identity while the state behind them changes. */
function useTableActions<Row>(
  { rowKey, onOpen, onSelectionChange, allKeys, total }: VirtualTableProps<Row>,
  shown: readonly (Row | undefined)[],
  cursor: Cursor,
  sortBy: (column: Column<Row>) => void
) {
  const openAt = (index: number) => {
    const row = shown[index]
    if (row !== undefined) onOpen?.(row)
  }
  const checkAll = (checked: boolean) => {
    if (!checked) return onSelectionChange?.(new Set())
    const loaded = shown.flatMap((row) => (row === undefined ? [] : [rowKey(row)]))
    if (!allKeys || loaded.length >= (total ?? shown.length)) return onSelectionChange?.(new Set(loaded))
    allKeys().then(
      (keys) => onSelectionChange?.(new Set(keys)),
      (error: unknown) => void showToast({ status: 'error', title: 'Not all rows could be selected.', text: describeError(error).message })
    )
  }
  const latest = useRef({ click: cursor.click, openAt, sortBy, checkAll })
  useLayoutEffect(() => {
    latest.current = { click: cursor.click, openAt, sortBy, checkAll }
  })
  return {
    click: useCallback((index: number, modifiers: Modifiers) => latest.current.click(index, modifiers), []),
    open: useCallback((index: number) => latest.current.openAt(index), []),
    sortBy: useCallback((column: Column<Row>) => latest.current.sortBy(column), []),
    checkAll: useCallback((checked: boolean) => latest.current.checkAll(checked), [])
  }
}

interface KeyTarget<Row> {
  scroller: RefObject<HTMLDivElement | null>
  shown: readonly (Row | undefined)[]
  cursor: Cursor
  /** In the order they are shown, for what is copied. */
  columns: readonly Column<Row>[]
  checkAll: (checked: boolean) => void
}

function useTableKeys<Row>({ rowKey, onOpen, onSelectionChange }: VirtualTableProps<Row>, target: KeyTarget<Row>) {
  const { scroller, shown, cursor, columns, checkAll } = target
  const { active, selection } = cursor
  const copyRows = () => {
    const chosen = shown.filter(
      (row, index): row is Row => row !== undefined && (selection.size ? selection.has(rowKey(row)) : index === active)
    )
    if (chosen.length) void copyText(tableText(columns, chosen))
    if (chosen.length < selection.size)
      showToast({
        status: 'warn',
        title: `${chosen.length.toLocaleString('en-US')} of ${formatCount(selection.size, 'selected row')} were copied.`,
        text: 'The others are not loaded. Scroll through them first, or narrow the list with a filter.'
      })
  }
  return (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.altKey || event.target !== event.currentTarget) return
    const ctrl = event.ctrlKey || event.metaKey
    if (event.key === 'Enter' && active >= 0) {
      const row = shown[active]
      if (row !== undefined) onOpen?.(row)
    } else if (event.key === 'Escape' && selection.size) onSelectionChange?.(new Set())
    else if (ctrl && event.key.toLowerCase() === 'a' && onSelectionChange) checkAll(true)
    else if (ctrl && event.key.toLowerCase() === 'c' && !window.getSelection()?.toString()) copyRows()
    else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight')
      scroller.current?.scrollBy?.({ left: event.key === 'ArrowLeft' ? -80 : 80 })
    else if (!cursor.press({ key: event.key, shift: event.shiftKey, ctrl })) return
    event.preventDefault()
    event.stopPropagation()
  }
}
