import { usualTask } from '../../../main/model/tasks'
import { ChartScatter, Columns3, GitCompareArrows, Pin, PinOff, RotateCcw, Tag, Trash2 } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import type { RunSummary } from '../../../main/model/run'
import { useHostQuery } from '../../host'
import {
  Badge,
  Button,
  formatCount,
  IconButton,
  KeyHint,
  Page,
  PageHeader,
  Select,
  SplitPane,
  Toolbar,
  useLocation,
  VirtualTable,
  type SortOrder
} from '../../ui'
import { openRun } from './addresses'
import { ColumnChooser } from './column-chooser'
import { ExperimentHeader } from './experiment-header'
import { FilterField } from './filter-field'
import { defaultColumns, runColumns } from './run-columns'
import { RunsCharts } from './runs-charts'
import { NoRuns } from './no-runs'
import { TagDialog } from './tag-dialog'
import { useRunCommands } from './use-run-commands'
import { useAppliedFilter, useBaseline, useRuns } from './use-runs'
import { changeList, changeView, chooseBaseline, chooseColumns, choosePanel, newestFirst, useRunsView } from './view-store'

const ALL = '\u0000all'
const rowKey = (run: RunSummary) => run.id
const open = (run: RunSummary) => openRun(run.id)
const changeSort = (sort: SortOrder | null) => changeView({ sort: sort ?? newestFirst })
const select = (selection: Set<string>) => changeView({ selection })

/** Every run of the workspace: filter, sort, choose, compare. */
export function RunsPage() {
  const view = useRunsView((state) => state)
  const { query } = useLocation()
  useEffect(() => {
    if (query['experiment'] !== undefined) changeList({ experiment: query['experiment'] || null })
    if (query['filter'] !== undefined) changeList({ filter: query['filter'] })
  }, [query])
  const experiments = useHostQuery('experiments.list', {})
  const filter = useAppliedFilter(view.filter)
  const known = useMemo(() => experiments.data ?? [], [experiments.data])
  const current = known.find((each) => each.name === view.experiment) ?? (known.length === 1 ? known[0] : undefined)
  const { paged, facts } = useRuns(view.experiment, filter)
  const baseline = useBaseline()
  const [active, setActive] = useState<RunSummary | null>(null)
  const [dialog, setDialog] = useState<'columns' | 'tag' | null>(null)

  const [automatic, setAutomatic] = useState<{ for: string; columns: ReturnType<typeof defaultColumns> } | null>(null)
  const scope = view.experiment ?? ''
  useEffect(() => {
    if (facts && facts.runs.length > 0 && automatic?.for !== scope)
      setAutomatic({ for: scope, columns: defaultColumns(current?.primaryMetric, facts.metricKeys, facts.runs) })
  }, [facts, automatic, scope, current])
  const chosen = useMemo(
    () => view.columns[scope] ?? automatic?.columns ?? { metrics: [], parameters: [] },
    [view.columns, scope, automatic]
  )
  const columns = useMemo(
    () => runColumns({ chosen, ranges: facts?.ranges ?? {}, baseline, withExperiment: known.length > 1 && view.experiment === null }),
    [chosen, facts?.ranges, baseline, known.length, view.experiment]
  )
  const vocabulary = useMemo(
    () => ({
      metricKeys: facts?.metricKeys ?? [],
      parameterKeys: facts?.parameterKeys ?? [],
      tagKeys: [...new Set((facts?.runs ?? []).flatMap((run) => Object.keys(run.tags)))],
      experiments: known.map((each) => each.name),
      algorithms: [...new Set((facts?.runs ?? []).map((run) => run.algorithm))]
    }),
    [facts, known]
  )

  // A row that a new filter took away must not be acted upon unseen.
  const present = active && paged.rows.some((row) => row?.id === active.id) ? active : null
  const { chosenIds, canCompare, compare, togglePin, discard } = useRunCommands({
    active: present,
    onActive: setActive,
    baseline,
    onDialog: setDialog
  })
  const one = chosenIds.length === 1

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
      onActiveChange={setActive}
      onOpen={open}
      onVisibleRange={paged.onVisibleRange}
      loading={paged.loading}
      error={paged.error}
      onRetry={paged.retry}
      empty={<NoRuns all={facts?.all ?? 0} trashed={view.trashed} />}
    />
  )
  const countText = facts
    ? facts.total === facts.all
      ? formatCount(facts.all, 'run')
      : `${facts.total.toLocaleString('en-US')} of ${formatCount(facts.all, 'run')}`
    : ''
  return (
    <Page
      header={
        <PageHeader
          title="Experiments"
          status={
            <>
              <span role="status">{countText}</span>
              {view.trashed && (
                <Badge status="neutral" icon={Trash2}>
                  trash
                </Badge>
              )}
              {baseline && (
                <span className="flex min-w-0 items-center gap-1">
                  <Pin aria-hidden className="size-3 text-accent" />
                  <span className="max-w-48 truncate">Baseline {baseline.name}</span>
                  <IconButton icon={PinOff} size="sm" label="Unpin the baseline" onClick={() => chooseBaseline(null)} />
                </span>
              )}
            </>
          }
          actions={
            <>
              {chosenIds.length > 0 && view.selection.size > 0 && <span className="text-muted">{view.selection.size} selected</span>}
              <IconButton icon={Pin} label="Pin as baseline" hint={<KeyHint keys="B" />} disabled={!one} onClick={togglePin} />
              <IconButton
                icon={Tag}
                label="Tag the runs"
                hint={<KeyHint keys="T" />}
                disabled={chosenIds.length === 0}
                onClick={() => setDialog('tag')}
              />
              <IconButton
                icon={view.trashed ? RotateCcw : Trash2}
                label={view.trashed ? 'Restore the runs' : 'Move to trash'}
                hint={<KeyHint keys="Delete" />}
                disabled={chosenIds.length === 0}
                onClick={discard}
              />
            </>
          }
          primary={
            <Button variant="primary" icon={GitCompareArrows} disabled={!canCompare} onClick={compare} trailing={<KeyHint keys="X" />}>
              Compare
            </Button>
          }
        />
      }
    >
      {current && <ExperimentHeader experiment={current} metricKeys={facts?.metricKeys ?? []} />}
      <Toolbar aria-label="Filter and view of the runs">
        {known.length > 1 && (
          <div className="w-48">
            <Select
              aria-label="Experiment"
              value={view.experiment ?? ALL}
              choices={[
                { value: ALL, label: 'All experiments' },
                ...known.map((each) => ({ value: each.name, label: `${each.name} (${each.runs})` }))
              ]}
              onChange={(value) => changeList({ experiment: value === ALL ? null : value })}
            />
          </div>
        )}
        <FilterField value={view.filter} onChange={(text) => changeView({ filter: text })} vocabulary={vocabulary} />
        <Button icon={Columns3} onClick={() => setDialog('columns')}>
          Columns
        </Button>
        <IconButton
          icon={Trash2}
          variant="secondary"
          label={view.trashed ? 'Leave the trash' : 'Show the trash'}
          pressed={view.trashed}
          onClick={() => changeList({ trashed: !view.trashed })}
        />
        <IconButton
          icon={ChartScatter}
          variant="secondary"
          label={view.panel === 'closed' ? 'Show the charts' : 'Hide the charts'}
          pressed={view.panel !== 'closed'}
          onClick={() => choosePanel(view.panel === 'closed' ? 'intervals' : 'closed')}
        />
      </Toolbar>
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
                primary={current?.primaryMetric ?? usualTask.primaryMetric}
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
      {dialog === 'tag' && <TagDialog ids={chosenIds} onClose={() => setDialog(null)} />}
    </Page>
  )
}
