import { Pin, TriangleAlert, X } from 'lucide-react'
import { isSha256 } from '../../../main/model/reference'
import { baselineReasons, type ComparedMetric, type RunComparison } from '../../../main/model/run'
import { seriesColour } from '../../charts'
import { formatInterval, formatMetric, GateBadge, metricFormat, TrainingRowsBadge } from '../../evidence'
import { Badge, classNames, formatCount, HashChip, IconButton, NO_VALUE } from '../../ui'
import { runHref } from './addresses'
import { pairText, type ComparisonRow, type ComparisonSection } from './comparison-rows'
import { PairDelta } from './interval-bar'
import { refusedWords, RunStatusBadge } from './run-badges'

export interface ComparisonTableProps {
  comparison: RunComparison
  sections: readonly ComparisonSection[]
  onBaseline: (id: string) => void
  onRemove: (id: string) => void
}

const stickyLabel = 'sticky left-0 z-10 w-60 max-w-60 min-w-60 border-r bg-surface-1 px-3 py-1 text-left font-normal'

/** One column per run, one row per fact; what differs from the baseline is marked by weight and a bar. */
export function ComparisonTable({ comparison, sections, onBaseline, onRemove }: ComparisonTableProps) {
  const { runs } = comparison
  const rows = runs[0].testData ?? runs.find((run) => run.testData !== null)?.testData
  return (
    <div tabIndex={0} role="region" aria-label="Runs side by side" className="h-full overflow-auto">
      <table className="border-collapse text-caption" style={{ minWidth: 332 + runs.length * 180 }}>
        <thead className="sticky top-0 z-20 bg-surface-0">
          <tr>
            <th scope="col" className="sticky left-0 z-10 border-r border-b bg-surface-0 px-3 py-1 text-left font-medium">
              Run
            </th>
            {runs.map((run, index) => (
              <th
                key={run.id}
                scope="col"
                className={classNames(
                  'max-w-72 border-r border-b px-3 py-1.5 text-left align-top font-normal',
                  index === 0 ? 'min-w-68' : 'min-w-45'
                )}
              >
                <span className="flex h-6 items-center gap-1.5">
                  <span aria-hidden className="size-2.5 shrink-0 rounded-sm" style={{ background: seriesColour(run.id) }} />
                  <a
                    href={runHref(run.id)}
                    className="min-w-0 flex-1 truncate font-semibold text-ink underline-offset-2 hover:underline"
                    title={run.name}
                  >
                    {run.name}
                  </a>
                  {index > 0 && (
                    <IconButton icon={Pin} size="sm" label={`Make ${run.name} the baseline`} onClick={() => onBaseline(run.id)} />
                  )}
                  {runs.length > 2 && (
                    <IconButton icon={X} size="sm" label={`Remove ${run.name} from the comparison`} onClick={() => onRemove(run.id)} />
                  )}
                </span>
                <span className="mt-0.5 flex flex-wrap items-center gap-1.5">
                  {index === 0 && (
                    <Badge status="info" icon={Pin} tooltip={`${run.name}: ${baselineReasons[comparison.baseline.reason]}.`}>
                      baseline
                    </Badge>
                  )}
                  <RunStatusBadge status={run.status} />
                  {run.gate === 'fail' && <GateBadge plain gate={{ outcome: run.gate, shortfall: run.gateShortfall }} />}
                  <HashChip hash={run.id} label="Run" />
                  <TrainingRowsBadge run={run} />
                  {run.testData !== null && run.testData !== rows && (
                    <Badge status="warn" icon={TriangleAlert} tooltip="Its figures were found on other rows and are not compared.">
                      other test data
                    </Badge>
                  )}
                </span>
              </th>
            ))}
          </tr>
        </thead>
        {sections.map((section) => (
          <tbody key={section.title}>
            <tr>
              <th colSpan={runs.length + 1} scope="colgroup" className="border-b bg-surface-2 px-3 py-1 text-left">
                <span className="sticky left-3 font-semibold">
                  {section.title}
                  <span className="ml-2 font-normal text-muted">{summary(section)}</span>
                </span>
              </th>
            </tr>
            {section.rows.map((row) => (
              <Row key={row.key} row={row} comparison={comparison} />
            ))}
          </tbody>
        ))}
      </table>
    </div>
  )
}

function summary({ rows, total }: ComparisonSection): string {
  if (total === 0) return 'nothing recorded'
  if (rows.length === total) return formatCount(total, 'row')
  if (rows.length > 0) return `${rows.length} of ${formatCount(total, 'row')} ${rows.length === 1 ? 'differs' : 'differ'}`
  return total === 1 ? 'the one row is the same' : `all ${formatCount(total, 'row')} are the same`
}

const meaningOf = ({ direction }: ComparedMetric): string =>
  direction === null
    ? 'A metric of its own script: nobody said whether higher or lower is better.'
    : `Beside the baseline; ${direction} is better. Differences that chance explains, at 5% over all pairs of this metric together, cannot be told.`

function Row({ row, comparison }: { row: ComparisonRow; comparison: RunComparison }) {
  const { runs } = comparison
  if (row.kind === 'value')
    return (
      <tr className="border-b">
        <th scope="row" className={stickyLabel}>
          <span className="block [overflow-wrap:anywhere]">{row.label}</span>
        </th>
        {runs.map((run, index) => {
          const value = row.compared.values[index]
          const changed = index > 0 && value !== row.compared.values[0]
          return (
            <td
              key={run.id}
              className={classNames(
                'max-w-72 border-r px-3 py-1 align-top font-mono',
                changed && 'bg-warn-soft font-semibold shadow-[inset_2px_0_0_var(--warn)]'
              )}
            >
              {value !== null && isSha256(value) ? (
                <HashChip hash={value} />
              ) : (
                <span className="[overflow-wrap:anywhere]">{value === null || value === '' ? NO_VALUE : value}</span>
              )}
              {changed && <span className="sr-only"> (differs from the baseline)</span>}
            </td>
          )
        })}
      </tr>
    )
  const format = metricFormat(row.key)
  return (
    <tr className="border-b">
      <th scope="row" className={stickyLabel} title={format.description}>
        <span className="flex items-baseline justify-between gap-2">
          <span>{row.label}</span>
          <span className="text-right text-micro text-muted" title={meaningOf(row.metric)}>
            {row.verdict}
          </span>
        </span>
      </th>
      {runs.map((run, index) => {
        const metric = row.metric.values[index]
        const best = row.metric.separated && row.metric.best === index
        const comparable = row.metric.comparable[index]
        const pair = row.metric.pairs[index]
        return (
          <td
            key={run.id}
            title={pair ? `Beside the baseline: ${pairText(format, pair)}` : undefined}
            className={classNames('border-r px-3 py-1 text-right align-top tabular-nums', best && 'font-semibold')}
          >
            {metric === null ? (
              <span className="text-muted">{NO_VALUE}</span>
            ) : (
              <>
                <span className="flex items-center justify-end gap-2">
                  {best && (
                    <span title={run.gate === 'fail' ? refusedWords : undefined}>
                      <Badge status={run.gate === 'fail' ? 'warn' : 'ok'}>best</Badge>
                    </span>
                  )}
                  {pair && <PairDelta format={format} pair={pair} />}
                  {!comparable && <span className="text-micro text-muted">not compared</span>}
                  <span className={classNames('text-body', !comparable && 'text-muted')}>{formatMetric(format, metric.value)}</span>
                </span>
                <span className="block font-normal text-muted">{formatInterval(format, metric)}</span>
              </>
            )}
          </td>
        )
      })}
    </tr>
  )
}
