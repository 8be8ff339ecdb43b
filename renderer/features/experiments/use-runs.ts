import { useEffect, useMemo, useState } from 'react'
import { useHostQuery, usePagedRows } from '../../host'
import { findFilterMistake } from './filter-language'
import { chooseBaseline, useRunsView } from './view-store'

/** The last filter text without a mistake, a moment after the last key. */
export function useAppliedFilter(text: string): string {
  const [applied, setApplied] = useState(() => (findFilterMistake(text) ? '' : text))
  useEffect(() => {
    const timer = setTimeout(() => {
      if (!findFilterMistake(text)) setApplied(text)
    }, 200)
    return () => clearTimeout(timer)
  }, [text])
  return applied
}

/** Runs of the present list, page by page, and what holds for all of them; by which metric they have their places. */
export function useRuns(experiment: string | null, filter: string, primary: string) {
  const sort = useRunsView((view) => view.sort)
  const trashed = useRunsView((view) => view.trashed)
  const rankedBy = sort.column.startsWith('metrics.') ? sort.column.slice('metrics.'.length) : primary
  const list = useMemo(
    () => ({
      experiment: experiment ?? undefined,
      filter,
      trashed,
      sort: sort.column,
      descending: sort.direction === 'descending',
      rankBy: rankedBy
    }),
    [experiment, filter, trashed, sort, rankedBy]
  )
  const paged = usePagedRows('experiments.runs', {
    input: (offset, limit) => ({ ...list, offset, limit }),
    rows: (output) => output.runs,
    total: (output) => output.total,
    resetKey: JSON.stringify(list)
  })
  const facts = useHostQuery('experiments.runs', { ...list, offset: 0, limit: 100 }, { keepPrevious: true })
  return { paged, facts: facts.data, rankedBy }
}

/** The run that others are compared with; forgotten when it is not in this workspace. */
export function useBaseline() {
  const id = useRunsView((view) => view.baseline)
  const query = useHostQuery('experiments.run', { id: id ?? '' }, { enabled: Boolean(id) })
  const missing = query.error !== null && (query.error as { code?: string }).code === 'NOT_FOUND'
  useEffect(() => {
    if (missing) chooseBaseline(null)
  }, [missing])
  return id && query.data ? query.data : null
}
