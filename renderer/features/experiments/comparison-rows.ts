import {
  pairVerdict,
  verdictWords,
  type ComparedMetric,
  type ComparedPair,
  type ComparedValue,
  type RunComparison
} from '../../../main/model/run'
import { pairMethods, whyNotOneQuestion } from '../../../main/model/tasks'
import {
  formatDifference,
  formatInterval,
  formatMetric,
  metricFormat,
  metricTitle,
  sortMetricKeys,
  type MetricFormat
} from '../../evidence'
import { formatCount, formatNumber, NO_VALUE } from '../../ui'
import { refusedWords } from './run-badges'

export type ComparisonRow =
  | { kind: 'metric'; key: string; label: string; metric: ComparedMetric; verdict: string }
  | { kind: 'value'; key: string; label: string; compared: ComparedValue }
export interface ComparisonSection {
  title: string
  rows: ComparisonRow[]
  /** Rows before "only differences". */
  total: number
}

/** What the runs come to beside the baseline, in the words of their verdicts; what keeps them from having one. */
export function metricVerdict({ values, direction, pairs }: ComparedMetric, isJudged: boolean): string {
  if (values.filter((value) => value !== null).length < 2) return 'one value'
  if (direction === null) return 'direction unknown'
  if (!isJudged) return 'comparing'
  const verdicts = pairs.flatMap((pair) => (pair ? [pair.verdict] : []))
  if (verdicts.length === 0) return 'no value of the baseline'
  if (verdicts.length === 1) return verdictWords[verdicts[0]]
  const counts = pairVerdict.options.map((verdict) => [verdict, verdicts.filter((each) => each === verdict).length] as const)
  return counts.flatMap(([verdict, count]) => (count > 0 ? [`${count} ${verdictWords[verdict]}`] : [])).join(', ')
}

/** One verdict with what it rests on: difference, interval, p, method and rows. */
export function pairText(format: MetricFormat, pair: ComparedPair): string {
  const { difference, p, method, rows, verdict, why } = pair
  const found = difference === null ? '' : `${formatDifference(format, pair)}, `
  const chance = p === null ? '' : `, p ${p < 0.001 ? '< 0.001' : formatNumber(p, 3)}`
  const reason = why === null ? '' : ` (${why})`
  const how = method === 'none' ? '' : `. ${pairMethods[method]}${rows === null ? '' : ` (${formatCount(rows, 'row')})`}`
  return `${found}${verdictWords[verdict]}${reason}${chance}${how}`
}

/** The answer to "which run is better, and is that more than chance" for one metric, as a sentence. */
export function comparisonAnswer(comparison: RunComparison, key: string, names: ReadonlyMap<string, string>): string | null {
  const metric = comparison.metrics.find((each) => each.key === key)
  // The remarks say why nothing of such runs can be told.
  if (!metric || whyNotOneQuestion(comparison.runs) !== null) return null
  const format = metricFormat(key)
  const nameOf = (index: number) => `"${names.get(comparison.runs[index].id) ?? comparison.runs[index].name}"`
  const shown = (index: number) => cellText({ kind: 'metric', key, label: format.label, metric, verdict: '' }, index)
  const present = metric.values.flatMap((value, index) => (Number.isFinite(value?.value) ? [index] : []))
  const compared = present.filter((index) => metric.comparable[index])
  if (present.length < 2) return `${format.label} does not tell which run is better: fewer than two runs have a finite value of it.`
  if (compared.length < 2) return `${format.label} does not tell which run is better: no two runs were judged on the same test data.`
  if (metric.direction === null) return null
  if (metric.best === null || !metric.rival) return metric.differs ? null : `All runs have the same ${format.label}.`
  const best = `${nameOf(metric.best)} has the best ${format.label}, ${shown(metric.best)}`
  if (!comparison.isJudged) return `${best}. Comparing the runs row by row\u2026`
  if (metric.separated) {
    const rest = compared.length === 2 ? nameOf(metric.rival.run) : `each of the ${compared.length - 1} others`
    return `${best}. It is better than ${rest} beyond chance.${comparison.runs[metric.best].gate === 'fail' ? ` ${refusedWords}` : ''}`
  }
  const { run, pair } = metric.rival
  if (!pair) return `${best}.`
  const apart = `Its difference to ${nameOf(run)}${run === 0 ? ', the baseline' : ''}, ${formatDifference(format, pair)}`
  if (pair.verdict === 'better') return `${best}. ${apart}, is more than chance, but it cannot be told from every other run.`
  if (pair.why !== null) return `${best}. ${apart}, cannot be told: ${pair.why}.`
  return `${best}, but that may be chance. ${apart}, cannot be told from none.`
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
      verdict: metricVerdict(metric, comparison.isJudged),
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
      row.kind === 'metric' ? row.verdict : ''
    ])
  )
  const clean = (text: string) => text.replace(/[\t\r\n]+/g, ' ')
  if (form === 'tsv') return [header, ...body].map((cells) => cells.map(clean).join('\t')).join('\n') + '\n'
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => clean(cell).replace(/([\\|])/g, '\\$1')).join(' | ')} |`
  return [line(header), line(header.map(() => '---')), ...body.map(line)].join('\n') + '\n'
}
