import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useLayoutEffect, useMemo, useState, type RefObject } from 'react'
import { useColumnWidths } from './table-columns'
import { CHECK_WIDTH, HEADER_HEIGHT } from './table-parts'
import type { VirtualTableProps } from './table-types'

/** Height of a horizontal scroll bar, in pixels (styles/index.css). */
const SCROLL_BAR = 10

/** What of a table is in view: the rows and columns to draw, with their places; more rows are asked for near the end of the loaded ones. */
export function useTableView<Row>(
  props: VirtualTableProps<Row>,
  scroller: RefObject<HTMLDivElement | null>,
  count: number,
  rowHeight: number
) {
  const { columns, rows, total = 0, loading, onLoadMore, onVisibleRange } = props
  const width = useClientWidth(scroller)
  const checkWidth = props.onSelectionChange ? CHECK_WIDTH : 0
  const { placed, resize } = useColumnWidths(props.name ?? props.label, columns, width, checkWidth)
  const pinned = useMemo(() => placed.filter(({ column }) => column.pinned), [placed])
  const scrolling = useMemo(() => placed.filter(({ column }) => !column.pinned), [placed])

  // Before the vertical one: it reads its scroll position while the layout is still clean, not after new rows were written.
  const horizontal = useVirtualizer({
    horizontal: true,
    count: scrolling.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => scrolling[index]?.width ?? 160,
    overscan: 2
  })
  const vertical = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    // The header lies over the top of the scrolled area, the scroll bar over its end.
    scrollMargin: HEADER_HEIGHT,
    scrollPaddingStart: HEADER_HEIGHT,
    scrollPaddingEnd: SCROLL_BAR,
    overscan: 10
  })
  useLayoutEffect(() => horizontal.measure(), [scrolling, horizontal])

  const items = vertical.getVirtualItems()
  const firstRow = items[0]?.index ?? 0
  const lastRow = items.at(-1)?.index ?? -1
  useEffect(() => {
    if (lastRow < 0) return
    onVisibleRange?.(firstRow, lastRow + 1)
    if (onLoadMore && !loading && lastRow >= rows.length - 20 && rows.length < total) onLoadMore()
  }, [firstRow, lastRow, rows.length, total, loading, onLoadMore, onVisibleRange])

  const columnItems = horizontal.getVirtualItems()
  const height = vertical.scrollRect?.height ?? 0
  return {
    placed,
    resize,
    items,
    firstRow,
    lastRow,
    /** What header and rows need to draw the columns that are in view. */
    columns: {
      pinned,
      scrolling,
      start: columnItems[0]?.index ?? 0,
      end: (columnItems.at(-1)?.index ?? -1) + 1,
      before: columnItems[0]?.start ?? 0,
      selectable: props.onSelectionChange !== undefined,
      width: Math.max(width, placed.reduce((sum, entry) => sum + entry.width, 0) + checkWidth)
    },
    height: vertical.getTotalSize(),
    scrolledSideways: (horizontal.scrollOffset ?? 0) > 0,
    /** Rows that are wholly in view, less one to keep the place. */
    page: Math.max(1, Math.floor((height - HEADER_HEIGHT - SCROLL_BAR) / rowHeight) - 1),
    scrollToIndex: (index: number) => vertical.scrollToIndex(index, { align: 'auto' })
  }
}

function useClientWidth(scroller: RefObject<HTMLDivElement | null>): number {
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return
    const measure = () => setWidth(element.clientWidth)
    measure()
    if (typeof ResizeObserver === 'undefined') return
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [scroller])
  return width
}
