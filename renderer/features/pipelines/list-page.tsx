import { Copy, Pencil, Plus, RotateCcw, Trash2, Workflow } from 'lucide-react'
import { useMemo } from 'react'
import { useStore } from 'zustand'
import type { PipelineSummary } from '../../../main/model/pipeline'
import { StateBadge } from '../../evidence'
import { reportError, useClient, useHostCommand, useHostQuery, useInvalidate } from '../../host'
import {
  Badge,
  Button,
  EmptyState,
  formatCount,
  HashChip,
  InspectorLayout,
  KeyValueList,
  Link,
  navigate,
  Page,
  PageHeader,
  SearchInput,
  showToast,
  Switch,
  TimeText,
  Toolbar,
  useActions,
  VirtualTable,
  type Column
} from '../../ui'
import { listStore } from './list-store'
import { NewPipelineDialog } from './new-pipeline-dialog'
import { allPipelines, nameForPipeline, renameInText } from './pipeline-names'

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
    cell: (row) => (row.lastRun ? <StateBadge state={row.lastRun.state} /> : <span className="text-muted">not run yet</span>),
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
  const { remove, restore, duplicate } = useListCommands()
  const rows = useMemo(() => {
    const words = search.toLowerCase().split(/\s+/).filter(Boolean)
    return (list.data ?? []).filter((row) =>
      words.every((word) => `${row.title} ${row.name} ${row.description}`.toLowerCase().includes(word))
    )
  }, [list.data, search])
  const chosen = rows.find((row) => row.name === active) ?? null
  const create = () => listStore.setState({ isCreating: true })
  const open = (row: PipelineSummary) => !showsTrash && navigate('pipelines', [row.name])
  useActions([
    {
      id: 'pipelines.duplicate',
      title: 'Duplicate the selected pipeline',
      group: 'Pipelines',
      icon: Copy,
      isAvailable: () => chosen !== null && !showsTrash,
      run: () => chosen && void duplicate(chosen)
    },
    {
      id: 'pipelines.trash',
      title: 'Move the selected pipeline to the trash',
      group: 'Pipelines',
      icon: Trash2,
      isAvailable: () => chosen !== null && !showsTrash,
      run: () => chosen && void remove(chosen)
    }
  ])
  return (
    <Page
      header={
        <PageHeader
          title="Pipelines"
          status={
            list.data && (
              <span>
                {formatCount(
                  list.data.length,
                  showsTrash ? 'pipeline in the trash' : 'pipeline',
                  showsTrash ? 'pipelines in the trash' : 'pipelines'
                )}
              </span>
            )
          }
          primary={
            <Button variant="primary" icon={Plus} onClick={create}>
              New pipeline
            </Button>
          }
        />
      }
    >
      <Toolbar aria-label="Pipelines">
        <SearchInput value={search} onChange={(value) => listStore.setState({ search: value })} placeholder="Filter pipelines" />
        <Switch checked={showsTrash} onChange={(checked) => listStore.setState({ showsTrash: checked, active: null })} label="Trash" />
      </Toolbar>
      <div className="min-h-0 flex-1">
        <InspectorLayout
          name="pipelines"
          title={chosen?.title ?? 'Pipeline'}
          emptyText="Select a pipeline to see its last run and what can be done with it."
          inspector={
            chosen && (
              <div className="flex flex-col gap-3">
                <div className="flex flex-wrap gap-1">
                  {showsTrash ? (
                    <Button icon={RotateCcw} onClick={() => void restore.run({ name: chosen.name })}>
                      Restore
                    </Button>
                  ) : (
                    <>
                      <Button icon={Pencil} onClick={() => open(chosen)}>
                        Open
                      </Button>
                      <Button icon={Copy} onClick={() => void duplicate(chosen)}>
                        Duplicate
                      </Button>
                      <Button icon={Trash2} onClick={() => void remove(chosen)}>
                        Move to trash
                      </Button>
                    </>
                  )}
                </div>
                {chosen.description && <p data-selectable>{chosen.description}</p>}
                <KeyValueList
                  items={[
                    { label: 'Name', value: chosen.name, mono: true },
                    {
                      label: 'Newest version',
                      value: chosen.version ? <HashChip hash={chosen.version} label="Version" /> : 'none, only a draft'
                    },
                    { label: 'Versions', value: chosen.versions },
                    { label: 'Steps', value: chosen.steps },
                    { label: 'Draft', value: chosen.hasDraft ? 'has changes that are no version yet' : 'none' },
                    { label: 'Changed', value: <TimeText value={chosen.updatedAt} /> },
                    chosen.removedAt !== null && { label: 'In the trash since', value: <TimeText value={chosen.removedAt} /> },
                    chosen.lastRun !== null && {
                      label: 'Last run',
                      value: (
                        <Link area="pipelines" path={[chosen.name, 'runs', chosen.lastRun.id]}>
                          {chosen.lastRun.state}
                        </Link>
                      )
                    }
                  ]}
                />
                {!showsTrash && (
                  <Link area="pipelines" path={[chosen.name, 'runs']}>
                    All runs
                  </Link>
                )}
              </div>
            )
          }
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
            empty={
              search ? (
                <EmptyState
                  icon={Workflow}
                  title="Nothing matches"
                  text={`No pipeline has "${search}" in its title, name or description.`}
                  action={<Button onClick={() => listStore.setState({ search: '' })}>Clear the filter</Button>}
                />
              ) : showsTrash ? (
                <EmptyState icon={Trash2} title="The trash is empty" text="Pipelines that you remove stay here and can be restored." />
              ) : (
                <EmptyState
                  icon={Workflow}
                  title="No pipelines yet"
                  text="A pipeline is a graph of steps from a dataset to a checked model. Each run is recorded, and only what changed is run again."
                  action={
                    <Button variant="primary" icon={Plus} onClick={create}>
                      New pipeline
                    </Button>
                  }
                />
              )
            }
          />
        </InspectorLayout>
      </div>
      {isCreating && <NewPipelineDialog onClose={() => listStore.setState({ isCreating: false })} />}
    </Page>
  )
}

/** Duplicate, trash with undo, restore; shared by the list and the editor. */
export function useListCommands() {
  const client = useClient()
  const invalidate = useInvalidate()
  const restore = useHostCommand('pipelines.restore', { success: 'The pipeline was restored.' })
  const removing = useHostCommand('pipelines.remove')
  const remove = async ({ name, title }: Pick<PipelineSummary, 'name' | 'title'>): Promise<boolean> => {
    if ((await removing.run({ name })) === undefined) return false
    showToast({
      status: 'ok',
      title: `${title} is in the trash.`,
      text: 'Its versions and runs are kept.',
      action: { label: 'Undo', run: () => void restore.run({ name }) }
    })
    return true
  }
  const duplicate = async ({ name }: Pick<PipelineSummary, 'name'>): Promise<void> => {
    try {
      const [all, detail] = await Promise.all([allPipelines(client), client.pipelines.get({ name })])
      const copy = nameForPipeline(`${name} copy`, new Set(all.map((each) => each.name)))
      const renamed = renameInText(detail.yaml, copy)
      if (renamed === null)
        return void showToast({
          status: 'warn',
          title: 'Not duplicated',
          text: 'The text has no line "name: ..."; open it and repair it first.'
        })
      const yaml = detail.check.document
        ? (await client.pipelines.edit({ yaml: renamed, edits: [{ kind: 'set-details', title: `${detail.title} (copy)`.slice(0, 200) }] }))
            .yaml
        : renamed
      await client.pipelines.saveDraft({ name: copy, yaml })
      await invalidate(['pipelines'])
      showToast({ status: 'ok', title: `Duplicated as ${copy}.`, action: { label: 'Open', run: () => navigate('pipelines', [copy]) } })
    } catch (error) {
      reportError(error)
    }
  }
  return { remove, restore, duplicate }
}
