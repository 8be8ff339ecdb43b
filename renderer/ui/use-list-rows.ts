import { useMemo } from 'react'
import { useStore } from 'zustand'

/** What a list shows of all there is, and what is asked for when a person filters, selects or tries again. */
export interface ListRows<Row> {
  filter: string
  onFilter: (text: string) => void
  /** The rows that match the filter. */
  rows: readonly Row[]
  /** All rows there are; undefined while they load. */
  total: number | undefined
  rowKey: (row: Row) => string
  selected: Row | null
  onSelect: (row: Row | null) => void
  query: { isPending: boolean; error: unknown; refetch: () => unknown }
}

interface ListState {
  filter: string
  /** Key of the row under the cursor. */
  selected: string | null
}
/** The part of an area's store that its list needs. */
interface ListStore {
  getState(): ListState
  getInitialState(): ListState
  subscribe(listener: (state: ListState, before: ListState) => void): () => void
  setState(change: Partial<ListState>): void
}

export interface ListSource<Row> {
  store: ListStore
  query: ListRows<Row>['query']
  /** All rows; undefined while they load. */
  all: readonly Row[] | undefined
  rowKey: (row: Row) => string
  /** Where the filter looks; the same function at each call. */
  textsOf: (row: Row) => readonly string[]
}

/** The rows of a list whose filter and selection a store keeps while other areas are shown. */
export function useListRows<Row>({ store, query, all, rowKey, textsOf }: ListSource<Row>): ListRows<Row> {
  const filter = useStore(store, (state) => state.filter)
  const selected = useStore(store, (state) => state.selected)
  const needle = filter.trim().toLowerCase()
  const rows = useMemo(
    () => (all ?? []).filter((row) => textsOf(row).some((text) => text.toLowerCase().includes(needle))),
    [all, needle, textsOf]
  )
  return {
    filter,
    onFilter: (text) => store.setState({ filter: text }),
    rows,
    total: all?.length,
    rowKey,
    selected: rows.find((row) => rowKey(row) === selected) ?? null,
    onSelect: (row) => store.setState({ selected: row && rowKey(row) }),
    query
  }
}
