import { Ban, ListChecks } from 'lucide-react'
import { useStore } from 'zustand'
import { isFinished } from '../../../main/model/job'
import { useHostCommand, useHostQuery } from '../../host'
import {
  Button,
  EmptyState,
  ErrorState,
  formatCount,
  InspectorLayout,
  navigate,
  Page,
  PageHeader,
  Skeleton,
  useActions,
  useLocation,
  VirtualTable
} from '../../ui'
import { jobColumns } from './job-columns'
import { JobDetail } from './job-detail'
import { JobsFilterBar } from './jobs-filter'
import { jobsStore } from './jobs-store'
import { useJobs } from './use-jobs'

/** Everything that takes time, newest first, live. */
export function JobsPage() {
  const { path } = useLocation()
  const id = path[0] ?? null
  const filter = useStore(jobsStore)
  const { list, rows, live, active } = useJobs(filter)
  const single = useHostQuery('jobs.get', { id: id ?? '' }, { enabled: id !== null })
  const chosen = id === null ? null : (live.get(id) ?? rows.find((row) => row?.id === id) ?? single.data ?? null)
  const cancel = useHostCommand('jobs.cancel')
  const canCancel = chosen !== null && chosen.cancellable && !isFinished(chosen.state)
  const isFiltered = filter.state !== 'all' || filter.kind !== 'all'
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
  const missing = single.error ? <ErrorState error={single.error} onRetry={() => void single.refetch()} /> : <Skeleton lines={5} />
  return (
    <Page
      header={
        <PageHeader
          title="Jobs"
          status={
            <span>
              {formatCount(active, 'job')} running or queued, {formatCount(list.total, 'job')} {isFiltered ? 'match the filter' : 'in all'}
            </span>
          }
        />
      }
    >
      <JobsFilterBar />
      <div className="min-h-0 flex-1">
        <InspectorLayout
          name="jobs"
          title={chosen?.title ?? 'Job'}
          emptyText="Select a job to see its progress, its log, and why it failed."
          inspector={chosen ? <JobDetail job={chosen} /> : id === null ? null : missing}
        >
          <VirtualTable
            label="Jobs"
            columns={jobColumns}
            rows={rows}
            total={list.total}
            rowKey={(row) => row.id}
            activeKey={id}
            onActiveChange={(row) => navigate('jobs', row ? [row.id] : [], {}, { replace: true })}
            onSortChange={() => {}}
            onVisibleRange={list.onVisibleRange}
            loading={list.loading}
            error={list.error}
            onRetry={list.retry}
            empty={<NoJobs isFiltered={isFiltered} />}
          />
        </InspectorLayout>
      </div>
    </Page>
  )
}

const showAll = () => jobsStore.setState({ state: 'all', kind: 'all' })

function NoJobs({ isFiltered }: { isFiltered: boolean }) {
  return isFiltered ? (
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
