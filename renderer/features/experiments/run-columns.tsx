import { modelReference } from '../../../main/model/reference'
import { taskOfMetrics } from '../../../main/model/tasks'
import { Pin } from 'lucide-react'
import { describeDoubt, isDoubtful, type RunSummary } from '../../../main/model/run'
import { describeRank, isBest, rankText, type ListedRun } from '../../../main/model/run-rank'
import { dependsOnRows } from '../../../main/model/depends-on-rows'
import { GateBadge, metricFormat, RefLink, TrainingRowsBadge } from '../../evidence'
import { Badge, DurationText, formatLocal, formatUtc, NO_VALUE, type Column } from '../../ui'
import { MetricCell } from './interval-bar'
import { refusedWords, RunStatusBadge } from './run-badges'
import type { ChosenColumns } from './view-store'

export interface RunColumnOptions {
  chosen: ChosenColumns
  ranges: Readonly<Record<string, { low: number; high: number }>>
  baseline: Pick<RunSummary, 'id' | 'metrics' | 'testData'> | null
  /** More than one experiment is listed. */
  withExperiment: boolean
  /** The metric by which the runs have their places. */
  rankedBy: string
}

/** Columns of the runs table; ids are the names that the host sorts by. */
export function runColumns(options: RunColumnOptions): Column<ListedRun>[] {
  const { chosen, withExperiment } = options
  return [
    nameColumn(options.baseline),
    ...(withExperiment ? [experimentColumn] : []),
    rankColumn(metricFormat(options.rankedBy).label),
    gateColumn,
    { id: 'status', header: 'Status', value: (run) => run.status, width: 100, cell: (run) => <RunStatusBadge status={run.status} /> },
    { id: 'algorithm', header: 'Algorithm', value: (run) => run.algorithm, width: 150 },
    ...chosen.metrics.map((key) => metricColumn(key, options)),
    ...chosen.parameters.map(parameterColumn),
    ...lastColumns
  ]
}

const nameColumn = (baseline: RunColumnOptions['baseline']): Column<ListedRun> => ({
  id: 'name',
  header: 'Name',
  value: (run) => run.name,
  width: 216,
  pinned: true,
  cell: (run) => (
    <span className="flex min-w-0 items-center gap-1.5">
      {run.id === baseline?.id && <Pin aria-label="Baseline" className="size-3 shrink-0 text-accent" />}
      <TrainingRowsBadge run={run} short />
      <span className="truncate font-medium">{run.name}</span>
      <span className="shrink-0 font-mono text-micro text-muted">{run.id.slice(0, 8)}</span>
      {Object.entries(run.tags).map(([key, value]) => (
        <span key={key} className="shrink-0 rounded-sm bg-surface-2 px-1 text-micro text-ink">
          {value ? `${key}: ${value}` : key}
        </span>
      ))}
    </span>
  )
})

const experimentColumn: Column<ListedRun> = { id: 'experiment', header: 'Experiment', value: (run) => run.experiment, width: 140 }

const rankColumn = (label: string): Column<ListedRun> => ({
  id: 'rank',
  header: 'Rank',
  hint: `Place by ${label} among the runs that were judged on the same rows. Those that their intervals cannot tell apart share one (=); only a run that is better than every other beyond chance is the best.`,
  numeric: true,
  width: 76,
  cell: (run) => <RankCell run={run} label={label} />
})

/** Beside the figure its interval, and the difference from the baseline where both are of the same rows. */
function metricColumn(key: string, { ranges, baseline }: RunColumnOptions): Column<ListedRun> {
  const format = metricFormat(key)
  const reference = baseline?.metrics[key]
  return {
    id: `metrics.${key}`,
    header: format.label,
    unit: format.unit,
    hint: format.description
      ? `${format.description} ${format.direction === 'higher' ? 'Higher' : 'Lower'} is better. The bar is the 95% interval.`
      : `${key}, a metric of its own script.`,
    numeric: true,
    width: reference === undefined ? 128 : 190,
    value: (run) => run.metrics[key]?.value ?? null,
    cell: (run) => {
      const metric = run.metrics[key]
      if (metric === undefined) return <Nothing />
      const isSameRows = run.testData === baseline?.testData || !dependsOnRows(key)
      const compared = run.id === baseline?.id || reference === undefined ? undefined : isSameRows ? reference : null
      const doubt = dependsOnRows(key) && isDoubtful(run) ? (describeDoubt(run) ?? undefined) : undefined
      return <MetricCell format={format} metric={metric} range={ranges[key]} baseline={compared} doubt={doubt} />
    }
  }
}

const parameterColumn = (key: string): Column<ListedRun> => ({
  id: `params.${key}`,
  header: key,
  hint: `Parameter ${key}`,
  width: 110,
  numeric: true,
  value: (run) => run.parameters[key] ?? null,
  cell: (run) => run.parameters[key] ?? <Nothing />
})

/** Beside the rank: the best figure may be one that a gate refused. */
const gateColumn: Column<ListedRun> = {
  id: 'gate',
  header: 'Gate',
  value: (run) => run.gate,
  width: 100,
  cell: (run) => <GateBadge short plain gate={run.gate && { outcome: run.gate, shortfall: run.gateShortfall }} />
}

const lastColumns: readonly Column<ListedRun>[] = [
  {
    id: 'registered',
    header: 'Registered',
    value: (run) => run.registered.join(', '),
    width: 190,
    cell: (run) =>
      run.registered.length === 0 ? (
        <Nothing />
      ) : (
        <span className="flex gap-1">
          {run.registered.map((version) => (
            <RefLink key={version} reference={modelReference(version)} />
          ))}
        </span>
      )
  },
  {
    id: 'startedAt',
    header: 'Started',
    unit: 'UTC',
    value: (run) => formatUtc(run.startedAt),
    width: 176,
    cell: (run) => <StartTime value={run.startedAt} />
  },
  {
    id: 'duration',
    header: 'Duration',
    numeric: true,
    value: (run) => run.duration,
    width: 90,
    cell: (run) => <DurationText seconds={run.duration} />
  }
]

const Nothing = () => <span className="text-muted">{'\u2013'}</span>

function RankCell({ run: { rank, gate }, label }: { run: ListedRun; label: string }) {
  if (!rank) return null
  const said = describeRank(rank, label)
  if (isBest(rank))
    return (
      <span title={gate === 'fail' ? `${said} ${refusedWords}` : said}>
        <Badge status={gate === 'fail' ? 'warn' : 'ok'}>best</Badge>
      </span>
    )
  return (
    <span title={said} className={'none' in rank ? 'text-muted' : undefined}>
      <span aria-hidden>{rankText(rank) || NO_VALUE}</span>
      <span className="sr-only">{said}</span>
    </span>
  )
}

/** UTC; the local time of this machine is worked out when the pointer asks for it, not for every row that scrolls by. */
function StartTime({ value }: { value: string }) {
  return (
    <time
      dateTime={value}
      className="whitespace-nowrap tabular-nums"
      onPointerEnter={(event) => {
        event.currentTarget.title = `${formatLocal(value)} on this machine`
      }}
    >
      {formatUtc(value)}
    </time>
  )
}

/** Columns before the person chose any: the primary metric, the usual ones, and the parameters in which the first runs differ. */
export function defaultColumns(
  primary: string | undefined,
  metricKeys: readonly string[],
  firstRuns: readonly RunSummary[]
): ChosenColumns {
  const wanted = [
    ...new Set([...(primary ? [primary] : []), ...taskOfMetrics(Object.fromEntries(metricKeys.map((key) => [key, 1]))).headline.list])
  ]
  const metrics = wanted.filter((key) => metricKeys.includes(key))
  const keys = [...new Set(firstRuns.flatMap((run) => Object.keys(run.parameters)))].sort()
  const varying = keys.filter((key) => new Set(firstRuns.map((run) => run.parameters[key]).filter((value) => value !== undefined)).size > 1)
  return { metrics: metrics.length ? metrics.slice(0, 4) : metricKeys.slice(0, 4), parameters: varying.slice(0, 3) }
}
