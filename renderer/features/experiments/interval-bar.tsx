import type { ComparedPair, RunMetric } from '../../../main/model/run'
import { formatInterval, formatMetric, type MetricFormat } from '../../evidence'
import { DeltaText } from '../../ui'

const layer = (colour: string) => `linear-gradient(${colour}, ${colour})`
const DOT = 'radial-gradient(circle closest-side, var(--ink) 90%, transparent)'

/**
 * A 95% interval on the scale of its column: the line is the interval, the dot the value. One element with three
 * background layers, because thousands of them pass by while scrolling.
 */
export function IntervalBar({ metric, range, width = 44 }: { metric: RunMetric; range: { low: number; high: number }; width?: number }) {
  const span = range.high - range.low
  const at = (value: number) => (span > 0 ? ((value - range.low) / span) * (width - 6) + 3 : width / 2)
  const [low, high] = metric.low === null || metric.high === null ? [0, 0] : [at(metric.low), at(metric.high)]
  return (
    <span
      aria-hidden
      className="h-3 shrink-0 bg-no-repeat"
      style={{
        width,
        backgroundImage: `${DOT}, ${layer('var(--accent)')}, ${layer('var(--line)')}`,
        backgroundSize: `5px 5px, ${metric.low === null ? 0 : Math.max(1, high - low)}px 3px, 100% 1px`,
        backgroundPosition: `${at(metric.value) - 2.5}px 3.5px, ${low}px 4.5px, 0 5.5px`
      }}
    />
  )
}

const rounded = (format: MetricFormat, difference: number): number =>
  format.decimals === null ? difference * format.factor : Number((difference * format.factor).toFixed(format.decimals))

/** A difference to the baseline in the colour of its verdict: none where it cannot be told from chance. */
export function PairDelta({ format, pair }: { format: MetricFormat; pair: ComparedPair }) {
  if (pair.difference === null) return null
  const isTold = pair.verdict === 'better' || pair.verdict === 'worse'
  const direction = isTold ? format.direction : undefined
  return <DeltaText delta={rounded(format, pair.difference)} direction={direction} decimals={format.decimals ?? undefined} />
}

interface MetricCellProps {
  format: MetricFormat
  metric: RunMetric
  range: { low: number; high: number } | undefined
  /** Of the baseline run; undefined for the baseline itself or without one, null when the two were judged on different rows. */
  baseline: RunMetric | undefined | null
  /** Why the value is not to be believed: it is shown in red. */
  doubt?: string
}

/** Value, difference to the baseline and interval of one metric in one row. */
export function MetricCell({ format, metric, range, baseline, doubt }: MetricCellProps) {
  const interval = formatInterval(format, metric)
  return (
    <span
      className="flex w-full items-center justify-end gap-1.5"
      title={
        doubt ??
        (!Number.isFinite(metric.value)
          ? 'Reported so: not compared with others'
          : interval
            ? `95% CI ${interval}`
            : 'No interval was computed')
      }
    >
      {baseline === null && (
        <span className="text-muted" title="Judged on other test data than the baseline, so that a difference would say nothing.">
          {'\u2260'}
          <span className="sr-only"> other test data than the baseline</span>
        </span>
      )}
      {baseline && Number.isFinite(metric.value) && Number.isFinite(baseline.value) && (
        <span title="Compare the two to see whether the difference is more than chance.">
          <DeltaText delta={rounded(format, metric.value - baseline.value)} decimals={format.decimals ?? undefined} />
        </span>
      )}
      <span className={doubt && 'text-error'}>{formatMetric(format, metric.value)}</span>
      {range && Number.isFinite(metric.value) && <IntervalBar metric={metric} range={range} />}
      {interval && <span className="sr-only">, 95% CI {interval}</span>}
    </span>
  )
}
