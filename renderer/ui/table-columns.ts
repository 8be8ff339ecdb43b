import { useCallback, useMemo, useState, type CSSProperties } from 'react'
import { readRemembered, remember } from './remembered'
import type { Column } from './table-types'

const MIN_WIDTH = 48

function parseWidths(text: string | null): Record<string, number> {
  if (!text) return {}
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed !== 'object' || parsed === null) return {}
    return Object.fromEntries(
      Object.entries(parsed).filter((entry): entry is [string, number] => typeof entry[1] === 'number' && entry[1] >= MIN_WIDTH)
    )
  } catch {
    return {}
  }
}

export interface PlacedColumn<Row> {
  column: Column<Row>
  width: number
  /** One object for all cells of the column: its width, and where a pinned one sticks. */
  style: CSSProperties
}

/**
 * Widths as resized by the person (remembered under `name`); what is left of the width of the table goes to the columns
 * that grow. `left` is the width of what stands before the first column.
 */
export function useColumnWidths<Row>(name: string, columns: readonly Column<Row>[], tableWidth: number, left: number) {
  const [widths, setWidths] = useState(() => parseWidths(readRemembered(`columns.${name}`)))
  const placed = useMemo(() => placeColumns(columns, widths, tableWidth, left), [columns, widths, tableWidth, left])
  const resize = useCallback(
    (id: string, width: number | null) =>
      setWidths((current) => {
        const next = { ...current }
        if (width === null) delete next[id]
        else next[id] = Math.max(MIN_WIDTH, Math.round(width))
        remember(`columns.${name}`, JSON.stringify(next))
        return next
      }),
    [name]
  )
  return { placed, resize }
}

/** Pinned columns first, then the rest in order. */
export function placeColumns<Row>(
  columns: readonly Column<Row>[],
  widths: Record<string, number>,
  tableWidth: number,
  left: number
): PlacedColumn<Row>[] {
  const ordered = [...columns.filter((column) => column.pinned), ...columns.filter((column) => !column.pinned)]
  const sized = ordered.map((column) => ({
    column,
    width: widths[column.id] ?? Math.max(column.minWidth ?? MIN_WIDTH, column.width ?? 160)
  }))
  const growing = sized.filter(({ column }) => column.grow && widths[column.id] === undefined)
  const spare = tableWidth - left - sized.reduce((sum, { width }) => sum + width, 0)
  if (spare > 0) for (const entry of growing) entry.width += Math.floor(spare / growing.length)
  let offset = left
  return sized.map(({ column, width }) => {
    const style: CSSProperties = column.pinned ? { width, left: offset } : { width }
    offset += width
    return { column, width, style }
  })
}
