import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { applyClick, applyKey, type CursorContext, type CursorState, type KeyStroke } from './table-keyboard'
import type { VirtualTableProps } from './table-types'

const NONE: ReadonlySet<string> = new Set()

export interface Modifiers {
  shift: boolean
  ctrl: boolean
}

interface CursorView<Row> {
  /** The rows in the order they are shown. */
  shown: readonly (Row | undefined)[]
  /** Rows that Page up and down move by. */
  page: number
  scrollToIndex: (index: number) => void
}

/** Cursor and selection of a table: which row is active, what a key or a click does to both, and that the active row is in view. */
export function useTableCursor<Row>(props: VirtualTableProps<Row>, { shown, page, scrollToIndex }: CursorView<Row>) {
  const { rowKey, onSelectionChange, onActiveChange } = props
  const selection = props.selection ?? NONE
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
  const scroll = useRef(scrollToIndex)
  useLayoutEffect(() => {
    scroll.current = scrollToIndex
  })
  useEffect(() => {
    if (activeKey === null) revealed.current = null
    if (activeKey === null || active < 0 || revealed.current === activeKey) return
    revealed.current = activeKey
    scroll.current(active)
  }, [activeKey, active])

  const context: CursorContext = {
    count: shown.length,
    page,
    selectable: onSelectionChange !== undefined,
    keyAt: (index) => {
      const row = shown[index]
      return row === undefined ? undefined : rowKey(row)
    }
  }
  const state: CursorState = { active, anchor: anchor.current < 0 ? active : anchor.current, selection }
  const apply = (next: CursorState) => {
    anchor.current = next.anchor
    if (next.selection !== selection) onSelectionChange?.(new Set(next.selection))
    if (next.active === active) return
    const row = shown[next.active]
    setAwaited(row === undefined ? next.active : null)
    if (row !== undefined) makeActive(row)
    scrollToIndex(next.active)
  }
  return {
    active,
    selection,
    click: (index: number, modifiers: Modifiers) => apply(applyClick(state, index, modifiers, context)),
    /** False when the key is not one of the cursor's. */
    press: (stroke: KeyStroke): boolean => {
      const next = applyKey(state, stroke, context)
      if (next) apply(next)
      return next !== null
    }
  }
}
