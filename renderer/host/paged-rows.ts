import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { HostInput, HostOutput, QueryPath } from './contract-types'
import { useClient } from './provider'
import { queryFor } from './queries'

export interface PagedRowsOptions<P extends QueryPath, Row> {
  pageSize?: number
  /** The input of the page that starts at `offset`. */
  input: (offset: number, limit: number) => HostInput<P>
  rows: (output: HostOutput<P>) => readonly Row[]
  total: (output: HostOutput<P>) => number
  /** Changes when filter, sort or subject change: what was loaded is then forgotten. */
  resetKey: string
  enabled?: boolean
}

export interface PagedRows<Row> {
  /** As long as the total; undefined where not loaded. Hand it to VirtualTable with onVisibleRange. */
  rows: readonly (Row | undefined)[]
  total: number
  loading: boolean
  error: unknown
  onVisibleRange: (start: number, end: number) => void
  retry: () => void
}

interface Loaded<Row> {
  key: string
  pages: ReadonlyMap<number, readonly Row[]>
  total: number | null
  error: unknown
}

/** Rows of any long list, loaded page by page where the table looks. Pages come from and stay in the query cache. */
export function usePagedRows<P extends QueryPath, Row>(path: P, options: PagedRowsOptions<P, Row>): PagedRows<Row> {
  const { pageSize = 100, enabled = true, resetKey } = options
  const { state, loadPage, forget } = usePages(path, options, pageSize)
  const range = useRef<[number, number]>([0, 1])
  const loadRange = useCallback(
    (force: boolean) => {
      const [start, end] = range.current
      for (let page = Math.floor(start / pageSize); page <= Math.floor(Math.max(start, end - 1) / pageSize); page++)
        void loadPage(page, force)
    },
    [loadPage, pageSize]
  )
  useEffect(() => {
    if (!enabled) return
    range.current = [0, 1]
    loadRange(false)
  }, [resetKey, enabled, loadRange])
  const reload = useCallback(() => {
    forget()
    loadRange(true)
  }, [forget, loadRange])
  useReloadOnChange(path, reload, enabled)

  const fresh = state.key === resetKey
  const total = fresh ? (state.total ?? 0) : 0
  const rows = useMemo(() => {
    const all = new Array<Row | undefined>(total).fill(undefined)
    if (fresh)
      for (const [page, loaded] of state.pages)
        loaded.forEach((row, index) => page * pageSize + index < total && (all[page * pageSize + index] = row))
    return all
  }, [fresh, state.pages, total, pageSize])
  const onVisibleRange = useCallback(
    (start: number, end: number) => {
      range.current = [start, end]
      loadRange(false)
    },
    [loadRange]
  )
  return {
    rows,
    total,
    loading: enabled && (!fresh || (state.total === null && !state.error)),
    error: fresh && state.total === null ? state.error : null,
    onVisibleRange,
    retry: () => loadRange(true)
  }
}

/** The pages that were loaded under the present key, and the way to load one. */
function usePages<P extends QueryPath, Row>(path: P, options: PagedRowsOptions<P, Row>, pageSize: number) {
  const client = useClient()
  const cache = useQueryClient()
  const latest = useRef(options)
  latest.current = options
  const [state, setState] = useState<Loaded<Row>>({ key: options.resetKey, pages: new Map(), total: null, error: null })
  const pending = useRef(new Set<string>())
  /** Pages of the present key that were loaded and are still true. */
  const known = useRef<{ key: string; pages: Set<number> }>({ key: options.resetKey, pages: new Set() })
  const loadPage = useCallback(
    async (page: number, force: boolean) => {
      const key = latest.current.resetKey
      if (known.current.key !== key) known.current = { key, pages: new Set() }
      const loaded = known.current.pages
      const ticket = `${key}\n${page}`
      if (pending.current.has(ticket) || (loaded.has(page) && !force)) return
      pending.current.add(ticket)
      try {
        const query = queryFor(client, path, latest.current.input(page * pageSize, pageSize))
        const output = await cache.fetchQuery<HostOutput<P>>({ ...query, staleTime: force ? 0 : 30_000 })
        if (latest.current.resetKey !== key) return
        loaded.add(page)
        const rows = latest.current.rows(output)
        const total = latest.current.total(output)
        setState((before) => {
          const pages = new Map(before.key === key ? before.pages : [])
          pages.set(page, rows)
          return { key, pages, total, error: null }
        })
      } catch (error) {
        if (latest.current.resetKey === key) setState((before) => ({ ...before, key, error }))
      } finally {
        pending.current.delete(ticket)
      }
      // What was asked for before a change may be the state before it.
      if (known.current.key === key && known.current.pages !== loaded) void loadPage(page, true)
    },
    [client, cache, path, pageSize]
  )
  const forget = useCallback(() => {
    known.current = { key: known.current.key, pages: new Set() }
  }, [])
  return { state, loadPage, forget }
}

/** Calls `reload` once for all the queries of the feature that one change makes untrue. */
function useReloadOnChange(path: QueryPath, reload: () => void, enabled: boolean): void {
  const cache = useQueryClient()
  useEffect(() => {
    if (!enabled) return
    const feature = path.split('.')[0]
    let scheduled = false
    return cache.getQueryCache().subscribe((event) => {
      if (event.type !== 'updated' || event.action.type !== 'invalidate' || event.query.queryKey[0] !== feature || scheduled) return
      scheduled = true
      queueMicrotask(() => {
        scheduled = false
        reload()
      })
    })
  }, [cache, path, enabled, reload])
}
