import type { ComparedMetric, ComparedValue, RunComparison } from '../../../main/model/run'
import { NO_VALUE } from '../../ui'
import { formatInterval, formatMetric, metricFormat, metricTitle, sortMetricKeys } from './metric-format'

export type ComparisonRow =
  | { kind: 'metric'; key: string; label: string; metric: ComparedMetric; verdict: string }
  | { kind: 'value'; key: string; label: string; compared: ComparedValue }
export interface ComparisonSection {
  title: string
  rows: ComparisonRow[]
  /** Rows before "only differences". */
  total: number
}

/** What can honestly be said of a metric over all runs: a best run only when its interval is clear of the others. */
export function metricVerdict(metric: ComparedMetric): string {
  const present = metric.values.filter((value) => value !== null)
  if (present.length < 2) return 'one value'
  if (metric.best === null) return 'no difference'
  if (metric.separated) return ''
  const intervals = present.every((value) => value.low !== null && value.high !== null)
  return intervals ? 'not separated' : 'no intervals'
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
