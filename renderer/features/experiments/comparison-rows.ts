import { differenceOf, isBeyondNoise } from '../../../main/model/metric-difference'
import type { ComparedMetric, ComparedValue, RunComparison } from '../../../main/model/run'
import { formatDifference, formatInterval, formatMetric, metricFormat, metricTitle, sortMetricKeys } from '../../evidence'
import { NO_VALUE } from '../../ui'

export type ComparisonRow =
  | { kind: 'metric'; key: string; label: string; metric: ComparedMetric; verdict: string }
  | { kind: 'value'; key: string; label: string; compared: ComparedValue }
export interface ComparisonSection {
  title: string
  rows: ComparisonRow[]
  /** Rows before "only differences". */
  total: number
}

/** What can honestly be said of a metric over all runs: a best run only when it differs from each of the others beyond noise. */
export function metricVerdict(metric: ComparedMetric): string {
  const present = metric.values.filter((value, index) => value !== null && metric.comparable[index])
  if (present.length < 2) return metric.values.filter((value) => value !== null).length > 1 ? 'not comparable' : 'one value'
  if (metric.direction === null) return 'direction unknown'
  if (metric.best === null) return 'no difference'
  if (metric.separated) return ''
  const intervals = present.every((value) => value?.low !== null && value?.high !== null)
  return intervals ? 'within noise' : 'no intervals'
}

/** The answer to "which run is better, and is that more than noise" for one metric, as a sentence. */
export function comparisonAnswer(comparison: RunComparison, key: string, names: ReadonlyMap<string, string>): string | null {
  const metric = comparison.metrics.find((each) => each.key === key)
  if (!metric) return null
  const format = metricFormat(key)
  const nameOf = (index: number) => `"${names.get(comparison.runs[index].id) ?? comparison.runs[index].name}"`
  const shown = (index: number) => cellText({ kind: 'metric', key, label: format.label, metric, verdict: '' }, index)
  const verdict = metricVerdict(metric)
  if (verdict === 'not comparable')
    return `${format.label} does not tell which run is better: no two runs were judged on the same test data.`
  if (verdict === 'one value') return `${format.label} does not tell which run is better: fewer than two runs have it.`
  if (verdict === 'no difference') return `All runs have the same ${format.label}.`
  if (metric.best === null) return null
  const best = `${nameOf(metric.best)} has the best ${format.label}, ${shown(metric.best)}`
  const others = metric.values.flatMap((value, index) =>
    value && metric.comparable[index] && index !== metric.best ? [{ value, index }] : []
  )
  if (metric.separated) {
    const rest = others.length === 1 ? nameOf(others[0].index) : `each of the ${others.length} others`
    return `${best}. It is better than ${rest} beyond noise.`
  }
  const sign = metric.direction === 'lower' ? -1 : 1
  const [next] = others.sort((a, b) => sign * (b.value.value - a.value.value))
  const against = metric.best !== 0 && metric.values[0] && metric.comparable[0] ? 0 : next.index
  const reference = metric.values[against]
  const own = metric.values[metric.best]
  if (!reference || !own) return null
  const difference = differenceOf(own, reference)
  const apart = `Its difference to ${nameOf(against)}${against === 0 ? ', the baseline' : ''}, ${formatDifference(format, difference)}`
  if (difference.low === null) return `${best}. ${apart}, has no interval, so that nobody can say whether it is more than noise.`
  if (isBeyondNoise(difference)) return `${best}. ${apart}, is beyond noise, but it is not better than every other run beyond noise.`
  return `${best}, but not beyond noise. ${apart}, may be chance.`
}

/** The rows of a comparison by section; sections without rows are left out. */
export function comparisonSections(comparison: RunComparison, onlyDifferences: boolean): ComparisonSection[] {
  const order = sortMetricKeys(comparison.metrics.map((metric) => metric.key))
  const metrics = [...comparison.metrics]
    .sort((a, b) => order.indexOf(a.key) - order.indexOf(b.key))
    .map((metric): ComparisonRow & { differs: boolean } => ({
      kind: 'metric',
      key: metric.key,
      label: metricTitle(metricFormat(metric.key)),
      metric,
      verdict: metricVerdict(metric),
      differs: metric.differs
    }))
  const values = (rows: readonly ComparedValue[]) =>
    rows.map((compared): ComparisonRow & { differs: boolean } => ({
      kind: 'value',
      key: compared.key,
      label: compared.key,
      compared,
      differs: compared.differs
    }))
  const sections = [
    { title: 'Metrics', rows: metrics },
    { title: 'Parameters', rows: values(comparison.parameters) },
    { title: 'Data', rows: values(comparison.data) },
    { title: 'Code', rows: values(comparison.code) },
    { title: 'Environment', rows: values(comparison.environment) }
  ]
  return sections.map(({ title, rows }) => ({
    title,
    total: rows.length,
    rows: onlyDifferences ? rows.filter((row) => row.differs) : rows
  }))
}

/** One cell as plain text: value and interval, or the value itself. */
export function cellText(row: ComparisonRow, run: number): string {
  if (row.kind === 'value') return row.compared.values[run] ?? NO_VALUE
  const metric = row.metric.values[run]
  if (metric === null || metric === undefined) return NO_VALUE
  const format = metricFormat(row.key)
  const interval = formatInterval(format, metric)
  return interval ? `${formatMetric(format, metric.value)} (${interval})` : formatMetric(format, metric.value)
}

/** The shown rows as tab-separated text or as a Markdown table. */
export function comparisonText(comparison: RunComparison, sections: readonly ComparisonSection[], form: 'tsv' | 'markdown'): string {
  const header = ['Section', 'Row', ...comparison.runs.map((run, index) => (index === 0 ? `${run.name} (baseline)` : run.name)), 'Verdict']
  const body = sections.flatMap((section) =>
    section.rows.map((row) => [
      section.title,
      row.label,
      ...comparison.runs.map((_, index) => cellText(row, index)),
      row.kind === 'metric' ? row.verdict || `best: ${comparison.runs[row.metric.best ?? 0].name}` : ''
    ])
  )
  const clean = (text: string) => text.replace(/[\t\r\n]+/g, ' ')
  if (form === 'tsv') return [header, ...body].map((cells) => cells.map(clean).join('\t')).join('\n') + '\n'
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => clean(cell).replace(/([\\|])/g, '\\$1')).join(' | ')} |`
  return [line(header), line(header.map(() => '---')), ...body.map(line)].join('\n') + '\n'
}
