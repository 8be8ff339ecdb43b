import { useEffect, useMemo, useRef } from 'react'
import type { Job } from '../../../main/model/job'
import { useHostSubscription, useInvalidate, usePagedRows } from '../../host'
import { statesOf, type JobsFilter } from './jobs-store'

/** The jobs that a filter keeps, page by page, with the running ones as they are at this moment. */
export function useJobs({ state, kind }: JobsFilter) {
  const invalidate = useInvalidate()
  const active = useHostSubscription('jobs.watchActive', {}).latest
  const list = usePagedRows<'jobs.list', Job>('jobs.list', {
    input: (offset, limit) => ({ states: statesOf[state], kinds: kind === 'all' ? undefined : [kind], offset, limit }),
    rows: (page) => page.jobs,
    total: (page) => page.total,
    resetKey: `${state}/${kind}`
  })
  const live = useMemo(() => new Map<string, Job>((active ?? []).map((job) => [job.id, job])), [active])
  const rows = useMemo(() => list.rows.map((row) => (row && live.get(row.id)) ?? row), [list.rows, live])

  // A job that came or went changes the list itself, not only a row of it.
  const ids = active?.map((job) => job.id).join() ?? ''
  const knownIds = useRef(ids)
  useEffect(() => {
    if (knownIds.current !== ids) void invalidate(['jobs'])
    knownIds.current = ids
  }, [ids, invalidate])

  return { list, rows, live, active: active?.length ?? 0 }
}
