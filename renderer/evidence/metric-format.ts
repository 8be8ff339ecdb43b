import { METRICS, metricDefinition, taskOfMetrics, type MetricDefinition } from '../../main/model/tasks'
import { numberInWords } from '../../main/model/reported-number'
import type { ComparedPair, RunMetric } from '../../main/model/run'
import { formatAuto, formatDuration, formatNumber, formatSize, NO_VALUE, type Direction } from '../ui'

/** How a metric is shown everywhere: the stored number times `factor`, in `unit`, with fixed decimals or as many as suit its size. */
export interface MetricFormat {
  key: string
  label: string
  unit?: string
  factor: number
  /** null where figures may have any size: in the unit of the target or of its loss, and a script's own. */
  decimals: number | null
  /** Unknown for a script's own metric. */
  direction?: Direction
  description?: string
}

/** The format of a metric key; a key that the workbench does not know keeps its own name and scale. */
export function metricFormat(key: string): MetricFormat {
  const definition = metricDefinition(key)
  if (!definition) return { key, label: key, factor: 1, decimals: null }
  const { label, direction, description, unit } = definition
  const shared = { key, label, direction, description }
  if (unit === 'seconds' && key.startsWith('latency')) return { ...shared, unit: 'ms', factor: 1000, decimals: 3 }
  if (unit === 'seconds') return { ...shared, unit: 's', factor: 1, decimals: 2 }
  if (unit === 'bytes') return { ...shared, unit: 'MiB', factor: 1 / 1_048_576, decimals: 1 }
  if (unit === 'rows/s') return { ...shared, unit, factor: 1, decimals: 0 }
  if (unit === 'nats') return { ...shared, unit, factor: 1, decimals: 4 }
  return { ...shared, factor: 1, decimals: isOfAnySize(unit) ? null : 3 }
}

const isOfAnySize = (unit: MetricDefinition['unit']): boolean => unit === 'target' || unit === 'loss' || unit === 'costs'

/** The stored value as text, without unit; one that is not finite in words. */
export function formatMetric(format: MetricFormat, value: number | null | undefined): string {
  if (value === null || value === undefined) return NO_VALUE
  const shown = value * format.factor
  const words = numberInWords(shown)
  if (words !== null) return words
  return format.decimals === null ? formatAuto(shown) : formatNumber(shown, format.decimals)
}

/** `0.858–0.884`, or nothing when there is no interval. */
export const formatInterval = (format: MetricFormat, metric: Pick<RunMetric, 'low' | 'high'>): string =>
  fromTo(metric, (bound) => formatMetric(format, bound))

function fromTo({ low, high }: Pick<RunMetric, 'low' | 'high'>, text: (bound: number) => string): string {
  if (low === null || high === null) return ''
  // A dash beside a minus sign cannot be read.
  return `${text(low)}${low < 0 ? ' to ' : '\u2013'}${text(high)}`
}

/** A value that stands alone, in the unit that suits its size: `53 \u00b5s`, `1.2 MiB`. In a column all values take the unit of `metricFormat`. */
export function metricText(key: string, value: number): string {
  const format = metricFormat(key)
  if (!Number.isFinite(value)) return formatMetric(format, value)
  return inSuitableUnit(key, value) ?? [formatMetric(format, value), format.unit].filter(Boolean).join(' ')
}

function inSuitableUnit(key: string, value: number): string | undefined {
  const unit = metricDefinition(key)?.unit
  if (unit === 'seconds') return value < 0.001 ? `${formatNumber(value * 1e6)} \u00b5s` : formatDuration(value)
  return unit === 'bytes' ? formatSize(value) : undefined
}

/** The interval of a value that stands alone, or nothing when there is none. */
export const intervalText = (key: string, metric: Pick<RunMetric, 'low' | 'high'>): string =>
  fromTo(metric, (bound) => inSuitableUnit(key, bound) ?? formatMetric(metricFormat(key), bound))

/** `+0.012 (95% CI -0.004 to +0.028)`, signs always shown; of several pairs the level is higher. */
export function formatDifference(
  format: MetricFormat,
  { difference, low, high, level }: Pick<ComparedPair, 'difference' | 'low' | 'high' | 'level'>
): string {
  const signed = (value: number) => {
    const text = formatMetric(format, Math.abs(value))
    return value === 0 || !/[1-9]/.test(text) ? `\u00b1${text}` : `${value < 0 ? '\u2212' : '+'}${text}`
  }
  if (difference === null) return NO_VALUE
  const percent = Number((100 * (level ?? 0.95)).toFixed(2))
  return low === null || high === null ? signed(difference) : `${signed(difference)} (${percent}% CI ${signed(low)} to ${signed(high)})`
}

/** Label with unit, for axis titles and menus. */
export const metricTitle = (format: MetricFormat): string => (format.unit ? `${format.label}, ${format.unit}` : format.label)

/** The unit to stand behind the value, where there is a number to have it. */
export const unitOf = (format: MetricFormat, value: number | null | undefined): string | undefined =>
  Number.isFinite(value) ? format.unit : undefined

/** Values and bounds in the shown unit, for charts. */
export function scaledMetric(format: MetricFormat, metric: RunMetric): { value: number; low: number | null; high: number | null } {
  const scale = (value: number | null) => (value === null ? null : value * format.factor)
  return { value: metric.value * format.factor, low: scale(metric.low), high: scale(metric.high) }
}

/** What a row of a forest plot has of a metric: its place, or the words that stand for a value that has none. */
export function placedMetric(
  format: MetricFormat,
  metric: RunMetric | null | undefined
): { value: number | null; low?: number | null; high?: number | null; words?: string } {
  if (!metric) return { value: null }
  const words = numberInWords(metric.value)
  return words === null ? scaledMetric(format, metric) : { value: null, words }
}

const order = new Map(METRICS.map((metric, index) => [metric.key, index]))

/** The order of the task whose figures these are, then those of other tasks; a script's own metrics after them by name. */
export function sortMetricKeys(keys: readonly string[]): string[] {
  const own = taskOfMetrics(Object.fromEntries(keys.map((key) => [key, 1]))).metrics.map(({ key }) => key)
  const placeOf = (key: string): number => (own.includes(key) ? own.indexOf(key) : own.length + (order.get(key) ?? order.size))
  return [...keys].sort((a, b) => placeOf(a) - placeOf(b) || (a < b ? -1 : 1))
}
