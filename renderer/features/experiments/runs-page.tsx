import { useEffect, useMemo, useState } from 'react'
import type { RunSummary } from '../../../main/model/run'
import { usualTask } from '../../../main/model/tasks'
import { useClient, useHostQuery } from '../../host'
import { Page, SplitPane, useLocation, VirtualTable, type SortOrder } from '../../ui'
import { openRun } from './addresses'
import { ColumnChooser } from './column-chooser'
import { ExperimentHeader } from './experiment-header'
import { NoRuns } from './no-runs'
import { RunsCharts } from './runs-charts'
import { RunsHeader } from './runs-header'
import { RunsToolbar } from './runs-toolbar'
import { TagDialog } from './tag-dialog'
import { useChosenColumns } from './use-chosen-columns'
import { useRunCommands } from './use-run-commands'
import { useAppliedFilter, useBaseline, useRuns } from './use-runs'
import { changeList, changeView, chooseColumns, newestFirst, useRunsView } from './view-store'

const rowKey = (run: RunSummary) => run.id
const open = (run: RunSummary) => openRun(run.id)
const changeSort = (sort: SortOrder | null) => changeView({ sort: sort ?? newestFirst })
const select = (selection: Set<string>) => changeView({ selection })

/** Every run of the workspace: filter, sort, choose, compare. */
export function RunsPage() {
  const view = useRunsView((state) => state)
  const client = useClient()
  const { query } = useLocation()
  useEffect(() => {
    if (query['experiment'] !== undefined) changeList({ experiment: query['experiment'] || null })
    if (query['filter'] !== undefined) changeList({ filter: query['filter'] })
  }, [query])
  const experiments = useHostQuery('experiments.list', {})
  const filter = useAppliedFilter(view.filter)
  const known = useMemo(() => experiments.data ?? [], [experiments.data])
  const current = known.find((each) => each.name === view.experiment) ?? (known.length === 1 ? known[0] : undefined)
  const primary = current?.primaryMetric ?? usualTask.primaryMetric
  const { paged, facts, rankedBy } = useRuns(view.experiment, filter, primary)
  const baseline = useBaseline()
  const [active, setActive] = useState<RunSummary | null>(null)
  const [dialog, setDialog] = useState<'columns' | 'tag' | null>(null)

  const { chosen, columns } = useChosenColumns({ facts, baseline, known, current, rankedBy })
  // A row that a new filter took away must not be acted upon unseen.
  const present = active && paged.rows.some((row) => row?.id === active.id) ? active : null
  const commands = useRunCommands({
    active: present,
    onActive: setActive,
    baseline,
    onDialog: setDialog
  })

  const table = (
    <VirtualTable
      label="Runs"
      columns={columns}
      rows={paged.rows}
      rowKey={rowKey}
      total={paged.total}
      sort={view.sort}
      onSortChange={changeSort}
      selection={view.selection}
      onSelectionChange={select}
      allKeys={() => client.experiments.runIds({ experiment: view.experiment ?? undefined, filter, trashed: view.trashed })}
      onActiveChange={setActive}
      onOpen={open}
      onVisibleRange={paged.onVisibleRange}
      loading={paged.loading}
      error={paged.error}
      onRetry={paged.retry}
      empty={<NoRuns all={facts?.all ?? 0} trashed={view.trashed} notes={facts?.notes ?? []} />}
    />
  )
  return (
    <Page header={<RunsHeader facts={facts} baseline={baseline} commands={commands} onTag={() => setDialog('tag')} />}>
      {current && <ExperimentHeader experiment={current} metricKeys={facts?.metricKeys ?? []} />}
      <RunsToolbar facts={facts} known={known} onColumns={() => setDialog('columns')} />
      <div className="min-h-0 flex-1">
        {view.panel === 'closed' || (facts?.all ?? 0) === 0 ? (
          table
        ) : (
          <SplitPane
            name="runs charts"
            fixed="second"
            size={400}
            min={300}
            max={900}
            first={table}
            second={
              <RunsCharts
                metricKeys={facts?.metricKeys ?? []}
                primary={primary}
                rows={paged.rows}
                experiment={view.experiment}
                filter={filter}
              />
            }
          />
        )}
      </div>
      <ColumnChooser
        open={dialog === 'columns'}
        onOpenChange={() => setDialog(null)}
        metricKeys={facts?.metricKeys ?? []}
        parameterKeys={facts?.parameterKeys ?? []}
        chosen={chosen}
        onChange={(next) => chooseColumns(view.experiment, next)}
      />
      {dialog === 'tag' && <TagDialog ids={commands.chosenIds} onClose={() => setDialog(null)} />}
    </Page>
  )
}
