import { Copy, Plus, Trash2, Workflow } from 'lucide-react'
import { useMemo } from 'react'
import { useStore } from 'zustand'
import type { PipelineSummary } from '../../../main/model/pipeline'
import { StateBadge, unlessPassed } from '../../evidence'
import { useHostQuery } from '../../host'
import {
  Badge,
  Button,
  EmptyState,
  formatCount,
  HashChip,
  InspectorLayout,
  navigate,
  Page,
  PageHeader,
  SearchInput,
  Switch,
  TimeText,
  Toolbar,
  useActions,
  VirtualTable,
  type Column
} from '../../ui'
import { useListCommands } from './list-commands'
import { ListInspector } from './list-inspector'
import { listStore } from './list-store'
import { NewPipelineDialog } from './new-pipeline-dialog'
import { pipelineAction } from './pipeline-action'

const columns: Column<PipelineSummary>[] = [
  {
    id: 'title',
    header: 'Pipeline',
    value: (row) => row.title,
    cell: (row) => (
      <span className="flex min-w-0 items-baseline gap-2">
        <span className="truncate font-medium">{row.title}</span>
        {row.title !== row.name && <span className="truncate font-mono text-caption text-muted">{row.name}</span>}
      </span>
    ),
    grow: true,
    width: 300,
    pinned: true
  },
  {
    id: 'version',
    header: 'Version',
    value: (row) => row.version,
    cell: (row) => (
      <span className="flex items-center gap-1.5">
        {row.version && <HashChip hash={row.version} label="Version" />}
        {row.hasDraft && <Badge status="info">Draft</Badge>}
      </span>
    ),
    width: 165
  },
  {
    id: 'run',
    header: 'Last run',
    value: (row) => row.lastRun?.state,
    cell: (row) =>
      row.lastRun ? (
        <StateBadge state={row.lastRun.state} gate={unlessPassed(row.lastRun.gate)} />
      ) : (
        <span className="text-muted">not run yet</span>
      ),
    width: 120
  },
  {
    id: 'when',
    header: 'Run at',
    value: (row) => row.lastRun?.createdAt,
    cell: (row) => <TimeText value={row.lastRun?.createdAt} relative />,
    width: 110
  },
  { id: 'steps', header: 'Steps', value: (row) => row.steps, numeric: true, width: 70 },
  {
    id: 'updated',
    header: 'Changed',
    value: (row) => row.updatedAt,
    cell: (row) => <TimeText value={row.updatedAt} relative />,
    width: 110
  }
]

/** All pipelines of the workspace, or those in the trash. */
export function ListPage() {
  const { search, showsTrash, active, isCreating } = useStore(listStore)
  const list = useHostQuery('pipelines.list', { removed: showsTrash })
  const commands = useListCommands()
  // What the workbench wrote to record its own doing is nothing to edit; its runs are in Jobs.
  const drawn = useMemo(() => (list.data ?? []).filter((row) => !row.automatic), [list.data])
  const rows = useMemo(() => {
    const words = search.toLowerCase().split(/\s+/).filter(Boolean)
    return drawn.filter((row) => words.every((word) => `${row.title} ${row.name} ${row.description}`.toLowerCase().includes(word)))
  }, [drawn, search])
  const chosen = rows.find((row) => row.name === active) ?? null
  const open = (row: PipelineSummary) => !showsTrash && navigate('pipelines', [row.name])
  const isAvailable = () => chosen !== null && !showsTrash
  useActions([
    pipelineAction('pipelines.duplicate', 'Duplicate the selected pipeline', Copy, () => chosen && void commands.duplicate(chosen), {
      isAvailable
    }),
    pipelineAction('pipelines.trash', 'Move the selected pipeline to the trash', Trash2, () => chosen && void commands.remove(chosen), {
      isAvailable
    })
  ])
  const count =
    list.data &&
    (showsTrash ? formatCount(drawn.length, 'pipeline in the trash', 'pipelines in the trash') : formatCount(drawn.length, 'pipeline'))
  return (
    <Page header={<PageHeader title="Pipelines" status={count && <span>{count}</span>} primary={<NewPipelineButton />} />}>
      <Toolbar aria-label="Pipelines">
        <SearchInput value={search} onChange={(value) => listStore.setState({ search: value })} placeholder="Filter pipelines" />
        <Switch checked={showsTrash} onChange={(checked) => listStore.setState({ showsTrash: checked, active: null })} label="Trash" />
      </Toolbar>
      <div className="min-h-0 flex-1">
        <InspectorLayout
          name="pipelines"
          title={chosen?.title ?? 'Pipeline'}
          emptyText="Select a pipeline to see its last run and what can be done with it."
          inspector={chosen && <ListInspector pipeline={chosen} commands={commands} onOpen={() => open(chosen)} />}
        >
          <VirtualTable
            label="Pipelines"
            columns={columns}
            rows={rows}
            rowKey={(row) => row.name}
            activeKey={active}
            onActiveChange={(row) => listStore.setState({ active: row?.name ?? null })}
            onOpen={open}
            initialSort={{ column: 'updated', direction: 'descending' }}
            loading={list.isPending}
            error={list.error}
            onRetry={() => void list.refetch()}
            empty={<NoPipelines search={search} showsTrash={showsTrash} />}
          />
        </InspectorLayout>
      </div>
      {isCreating && <NewPipelineDialog onClose={() => listStore.setState({ isCreating: false })} />}
    </Page>
  )
}

const NewPipelineButton = () => (
  <Button variant="primary" icon={Plus} onClick={() => listStore.setState({ isCreating: true })}>
    New pipeline
  </Button>
)

/** Why the list is empty, and what to do about it. */
function NoPipelines({ search, showsTrash }: { search: string; showsTrash: boolean }) {
  if (search)
    return (
      <EmptyState
        icon={Workflow}
        title="Nothing matches"
        text={`No pipeline has "${search}" in its title, name or description.`}
        action={<Button onClick={() => listStore.setState({ search: '' })}>Clear the filter</Button>}
      />
    )
  if (showsTrash)
    return <EmptyState icon={Trash2} title="The trash is empty" text="Pipelines that you remove stay here and can be restored." />
  return (
    <EmptyState
      icon={Workflow}
      title="No pipelines yet"
      text="A pipeline is a graph of steps from a dataset to a checked model. Each run is recorded, and only what changed is run again."
      action={<NewPipelineButton />}
    />
  )
}
