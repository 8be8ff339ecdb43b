import { Ban, ListChecks } from 'lucide-react'
import { useEffect, useMemo, useRef } from 'react'
import { useStore } from 'zustand'
import { isFinished, type Job } from '../../../main/model/job'
import { StateBadge } from '../../evidence'
import { useHostCommand, useHostQuery, useHostSubscription, useInvalidate, usePagedRows } from '../../host'
import {
  Button,
  DurationText,
  EmptyState,
  ErrorState,
  formatCount,
  InspectorLayout,
  navigate,
  Page,
  PageHeader,
  Progress,
  Select,
  Skeleton,
  TimeText,
  Toolbar,
  useActions,
  useElapsed,
  useLocation,
  VirtualTable,
  type Column
} from '../../ui'
import { JobDetail } from './job-detail'
import { kindWords } from './job-words'
import { jobsStore, statesOf, type StateFilter } from './jobs-store'

function JobTime({ job }: { job: Job }) {
  return <DurationText seconds={useElapsed(job.startedAt, job.finishedAt)} />
}

const columns: Column<Job>[] = [
  { id: 'title', header: 'Job', value: (row) => row.title, grow: true, width: 220, pinned: true },
  { id: 'kind', header: 'Kind', value: (row) => kindWords[row.kind], width: 100 },
  {
    id: 'state',
    header: 'State',
    value: (row) => row.state,
    cell: (row) => <StateBadge state={row.state} />,
    width: 115
  },
  {
    id: 'progress',
    header: 'Progress',
    value: (row) => row.waitingFor ?? row.failure?.message ?? row.progress.message,
    cell: (row) => (
      <span className="flex w-full min-w-0 items-center gap-2">
        {row.state === 'running' && (
          <>
            <Progress bare className="w-16 shrink-0" value={row.progress.fraction} label={row.title} />
            {row.progress.fraction !== null && <span className="tabular-nums">{Math.floor(row.progress.fraction * 100)}%</span>}
          </>
        )}
        <span className={row.failure ? 'truncate text-error' : 'truncate text-muted'}>
          {row.waitingFor ?? row.failure?.message ?? row.progress.message}
        </span>
      </span>
    ),
    grow: true,
    width: 200
  },
  { id: 'started', header: 'Started', value: (row) => row.startedAt, cell: (row) => <TimeText value={row.startedAt} />, width: 165 },
  { id: 'duration', header: 'Duration', value: (row) => row.startedAt, cell: (row) => <JobTime job={row} />, numeric: true, width: 85 }
]

const stateChoices: { value: StateFilter; label: string }[] = [
  { value: 'all', label: 'All states' },
  { value: 'active', label: 'Running or queued' },
  { value: 'failed', label: 'Failed or interrupted' },
  { value: 'succeeded', label: 'Succeeded' },
  { value: 'cancelled', label: 'Cancelled' }
]

/** Everything that takes time, newest first, live. */
export function JobsPage() {
  const { path } = useLocation()
  const id = path[0] ?? null
  const { state, kind } = useStore(jobsStore)
  const invalidate = useInvalidate()
  const active = useHostSubscription('jobs.watchActive', {}).latest
  const jobs = usePagedRows<'jobs.list', Job>('jobs.list', {
    input: (offset, limit) => ({ states: statesOf[state], kinds: kind === 'all' ? undefined : [kind], offset, limit }),
    rows: (page) => page.jobs,
    total: (page) => page.total,
    resetKey: `${state}/${kind}`
  })
  const live = useMemo(() => new Map((active ?? []).map((job) => [job.id, job])), [active])
  const rows = useMemo(() => jobs.rows.map((row) => (row && live.get(row.id)) ?? row), [jobs.rows, live])

  // A job that came or went changes the list itself, not only a row of it.
  const ids = active?.map((job) => job.id).join() ?? ''
  const knownIds = useRef(ids)
  useEffect(() => {
    if (knownIds.current !== ids) void invalidate(['jobs'])
    knownIds.current = ids
  }, [ids, invalidate])

  const single = useHostQuery('jobs.get', { id: id ?? '' }, { enabled: id !== null })
  const chosen = id === null ? null : (live.get(id) ?? rows.find((row) => row?.id === id) ?? single.data ?? null)
  const cancel = useHostCommand('jobs.cancel')
  const canCancel = chosen !== null && chosen.cancellable && !isFinished(chosen.state)
  const isFiltered = state !== 'all' || kind !== 'all'
  const showAll = () => jobsStore.setState({ state: 'all', kind: 'all' })
  useActions([
    {
      id: 'jobs.cancel',
      title: 'Cancel the selected job',
      group: 'Jobs',
      icon: Ban,
      isAvailable: () => canCancel,
      run: () => chosen && void cancel.run({ id: chosen.id })
    },
    {
      id: 'jobs.active',
      title: 'Show running jobs',
      group: 'Jobs',
      icon: ListChecks,
      run: () => jobsStore.setState({ state: 'active', kind: 'all' })
    },
    { id: 'jobs.all', title: 'Show all jobs', group: 'Jobs', icon: ListChecks, run: showAll }
  ])
  return (
    <Page
      header={
        <PageHeader
          title="Jobs"
          status={
            <span>
              {formatCount(active?.length ?? 0, 'job')} running or queued, {formatCount(jobs.total, 'job')}{' '}
              {isFiltered ? 'match the filter' : 'in all'}
            </span>
          }
        />
      }
    >
      <Toolbar aria-label="Filter jobs">
        <div className="w-48">
          <Select aria-label="State" value={state} onChange={(value) => jobsStore.setState({ state: value })} choices={stateChoices} />
        </div>
        <div className="w-40">
          <Select
            aria-label="Kind"
            value={kind}
            onChange={(value) => jobsStore.setState({ kind: value as Job['kind'] | 'all' })}
            choices={[{ value: 'all', label: 'All kinds' }, ...Object.entries(kindWords).map(([value, label]) => ({ value, label }))]}
          />
        </div>
      </Toolbar>
      <div className="min-h-0 flex-1">
        <InspectorLayout
          name="jobs"
          title={chosen?.title ?? 'Job'}
          emptyText="Select a job to see its progress, its log, and why it failed."
          inspector={
            id !== null && !chosen ? (
              single.error ? (
                <ErrorState error={single.error} onRetry={() => void single.refetch()} />
              ) : (
                <Skeleton lines={5} />
              )
            ) : (
              chosen && <JobDetail job={chosen} />
            )
          }
        >
          <VirtualTable
            label="Jobs"
            columns={columns}
            rows={rows}
            total={jobs.total}
            rowKey={(row) => row.id}
            activeKey={id}
            onActiveChange={(row) => navigate('jobs', row ? [row.id] : [], {}, { replace: true })}
            onSortChange={() => {}}
            onVisibleRange={jobs.onVisibleRange}
            loading={jobs.loading}
            error={jobs.error}
            onRetry={jobs.retry}
            empty={
              isFiltered ? (
                <EmptyState
                  icon={ListChecks}
                  title="No job matches"
                  text="No job has this state and kind."
                  action={<Button onClick={showAll}>Show all jobs</Button>}
                />
              ) : (
                <EmptyState
                  icon={ListChecks}
                  title="No jobs yet"
                  text="Imports, pipeline runs, exports and checks appear here, with their progress and log. They go on when you leave the page."
                  action={<Button onClick={() => navigate('pipelines')}>Go to pipelines</Button>}
                />
              )
            }
          />
        </InspectorLayout>
      </div>
    </Page>
  )
}
