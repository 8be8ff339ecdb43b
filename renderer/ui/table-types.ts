import type { ReactNode } from 'react'

export type CellValue = string | number | boolean | bigint | null | undefined

export interface Column<Row> {
  id: string
  header: string
  /** Shown small after the header: `s`, `MiB`, `%`. */
  unit?: string
  /** Explains the column in a tooltip on its header. */
  hint?: ReactNode
  /** The raw value: what is sorted, copied, and shown when there is no `cell`. */
  value?: (row: Row) => CellValue
  cell?: (row: Row, index: number) => ReactNode
  /** Right-aligned tabular figures. */
  numeric?: boolean
  /** Pixels, default 160. */
  width?: number
  minWidth?: number
  /** Takes a share of the width that is left over. */
  grow?: boolean
  /** Stays at the left while the others scroll; pinned columns come first. */
  pinned?: boolean
  /** Default: true when there is a `value`. */
  sortable?: boolean
}

export interface SortOrder {
  column: string
  direction: 'ascending' | 'descending'
}

export interface VirtualTableProps<Row> {
  /** Accessible name of the grid, and the key of its remembered column widths unless `name` is given. */
  label: string
  name?: string
  columns: readonly Column<Row>[]
  /**
   * Loaded rows. For paging at random positions the array may be sparse: its length is the total, an undefined row is
   * drawn as a placeholder, and `onVisibleRange` says what to load.
   */
  rows: readonly (Row | undefined)[]
  rowKey: (row: Row) => string
  /** With `onSortChange` the caller sorts (in the host); without it the loaded rows are sorted here. */
  sort?: SortOrder | null
  onSortChange?: (sort: SortOrder | null) => void
  initialSort?: SortOrder
  /** Giving `onSelectionChange` adds the column of check boxes. */
  selection?: ReadonlySet<string>
  onSelectionChange?: (keys: Set<string>) => void
  /** The keys of every row that there is, asked for when all are selected while some are not loaded. */
  allKeys?: () => Promise<readonly string[]>
  /** The row under the cursor, usually what the inspector shows. */
  onActiveChange?: (row: Row | null) => void
  /** Makes the active row controlled, for deep links. */
  activeKey?: string | null
  /** Enter and double click. */
  onOpen?: (row: Row) => void
  /** How many rows exist in all, when more than `rows` holds. */
  total?: number
  /** Called near the end of the loaded rows while there are fewer than `total`. */
  onLoadMore?: () => void
  onVisibleRange?: (start: number, end: number) => void
  loading?: boolean
  error?: unknown
  onRetry?: () => void
  /** An EmptyState; required, because every list has a first day. */
  empty: ReactNode
  rowHeight?: number
}
