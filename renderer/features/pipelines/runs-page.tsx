import { ArrowLeft, Play } from 'lucide-react'
import { useState } from 'react'
import type { PipelineRunSummary, RunState } from '../../../main/model/pipeline-run'
import { lookOfState, StateBadge, unlessPassed } from '../../evidence'
import { usePagedRows } from '../../host'
import {
  Button,
  DurationText,
  EmptyState,
  formatCount,
  HashChip,
  IconButton,
  navigate,
  Page,
  PageHeader,
  Select,
  TimeText,
  Toolbar,
  VirtualTable,
  type Column,
  useElapsed
} from '../../ui'

function RunDuration({ run }: { run: PipelineRunSummary }) {
  return <DurationText seconds={useElapsed(run.startedAt, run.finishedAt)} />
}
const countsText = (run: PipelineRunSummary): string =>
  Object.entries(run.counts)
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${count} ${lookOfState(state).word.toLowerCase()}`)
    .join(', ')

const columns: Column<PipelineRunSummary>[] = [
  {
    id: 'created',
    header: 'Started',
    value: (row) => row.createdAt,
    cell: (row) => <TimeText value={row.createdAt} />,
    width: 175,
    pinned: true
  },
  {
    id: 'state',
    header: 'State',
    value: (row) => row.state,
    cell: (row) => <StateBadge state={row.state} gate={unlessPassed(row.gate)} />,
    width: 120
  },
  {
    id: 'duration',
    header: 'Duration',
    value: (row) => row.startedAt,
    cell: (row) => <RunDuration run={row} />,
    numeric: true,
    width: 100
  },
  { id: 'steps', header: 'Steps', value: countsText, grow: true, width: 180 },
  { id: 'cached', header: 'Cached', value: (row) => row.cachedSteps, numeric: true, width: 80 },
  { id: 'target', header: 'Run to', value: (row) => row.targetStep ?? '', width: 130 },
  {
    id: 'version',
    header: 'Version',
    value: (row) => row.version,
    cell: (row) => <HashChip hash={row.version} label="Version" />,
    width: 120
  },
  { id: 'id', header: 'Run', value: (row) => row.id, cell: (row) => <HashChip hash={row.id} label="Run" />, width: 120 },
  { id: 'failure', header: 'Failure', value: (row) => row.failure?.message, width: 150 }
]

const filters: Record<string, { label: string; states?: RunState[] }> = {
  all: { label: 'All states' },
  active: { label: 'Running or queued', states: ['queued', 'running'] },
  succeeded: { label: 'Succeeded', states: ['succeeded'] },
  failed: { label: 'Failed or interrupted', states: ['failed', 'interrupted'] },
  cancelled: { label: 'Cancelled', states: ['cancelled'] }
}

/** The history of one pipeline. */
export function RunsPage({ name }: { name: string }) {
  const [filter, setFilter] = useState('all')
  const { states } = filters[filter]
  const runs = usePagedRows<'pipelines.runs', PipelineRunSummary>('pipelines.runs', {
    input: (offset, limit) => ({ pipeline: name, states, offset, limit }),
    rows: (page) => page.runs,
    total: (page) => page.total,
    resetKey: `${name}/${filter}`
  })
  return (
    <Page
      header={
        <PageHeader
          back={<IconButton icon={ArrowLeft} label="Back to the editor" onClick={() => navigate('pipelines', [name])} />}
          title={`Runs of ${name}`}
          status={<span>{formatCount(runs.total, 'run')}</span>}
          primary={
            <Button variant="primary" onClick={() => navigate('pipelines', [name])}>
              Open the editor
            </Button>
          }
        />
      }
    >
      <Toolbar aria-label="Runs">
        <div className="w-48">
          {' '}
          <Select
            aria-label="State"
            value={filter}
            onChange={setFilter}
            choices={Object.entries(filters).map(([value, { label }]) => ({ value, label }))}
          />
        </div>
      </Toolbar>
      <div className="min-h-0 flex-1">
        <VirtualTable
          label={`Runs of ${name}`}
          name="pipeline-runs"
          columns={columns}
          rows={runs.rows}
          total={runs.total}
          rowKey={(row) => row.id}
          onSortChange={() => {}}
          onVisibleRange={runs.onVisibleRange}
          onOpen={(row) => navigate('pipelines', [name, 'runs', row.id])}
          loading={runs.loading}
          error={runs.error}
          onRetry={runs.retry}
          empty={
            <EmptyState
              icon={Play}
              title={filter === 'all' ? 'Not run yet' : 'No run in this state'}
              text="Each run keeps the frozen version, its parameters, and what every step made."
              action={
                <Button onClick={() => (filter === 'all' ? navigate('pipelines', [name]) : setFilter('all'))}>
                  {filter === 'all' ? 'Open the editor' : 'Show all'}
                </Button>
              }
            />
          }
        />
      </div>
    </Page>
  )
}
