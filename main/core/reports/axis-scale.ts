import { formatNumber } from './number-format'

export interface AxisOptions {
  /** Axis title with its unit. */
  title: string
  minimum?: number
  maximum?: number
  format?: (value: number) => string
}

export interface AxisScale {
  minimum: number
  maximum: number
  ticks: number[]
  label: (value: number) => string
  /** Position of a value between `from` and `to` (SVG user units), held inside the axis. */
  at: (value: number) => number
}

/** Steps of 1, 2 or 5 times a power of ten that give about `count` ticks. */
function niceStep(span: number, count: number): number {
  const rough = span / Math.max(1, count)
  const power = 10 ** Math.floor(Math.log10(rough))
  const lead = rough / power
  return (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10) * power
}

/** A linear axis over the values, widened to whole steps where the caller gave no bounds. */
export function createAxis(values: readonly number[], from: number, to: number, options: AxisOptions, count = 5): AxisScale {
  let low = options.minimum ?? Infinity
  let high = options.maximum ?? -Infinity
  for (const value of values) {
    if (!Number.isFinite(value)) continue
    if (options.minimum === undefined && value < low) low = value
    if (options.maximum === undefined && value > high) high = value
  }
  if (!Number.isFinite(low)) low = Number.isFinite(high) ? Math.min(0, high) : 0
  if (!Number.isFinite(high)) high = low + 1
  if (high - low <= Math.max(1e-200, Math.abs(low) * 1e-9)) high = low + (Math.abs(low) > 1e-200 ? Math.abs(low) : 1)
  const step = niceStep(high - low, count)
  const minimum = options.minimum ?? Math.floor(low / step + 1e-9) * step
  const maximum = options.maximum ?? Math.ceil(high / step - 1e-9) * step
  const ticks: number[] = []
  for (let index = Math.ceil(minimum / step - 1e-9); index * step <= maximum + step * 1e-9 && ticks.length < 20; index += 1)
    ticks.push(Number((index * step).toPrecision(12)))
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9))
  const label = options.format ?? ((value: number) => (decimals > 0 && decimals < 7 ? value.toFixed(decimals) : formatNumber(value)))
  const at = (value: number): number => from + ((Math.min(maximum, Math.max(minimum, value)) - minimum) / (maximum - minimum)) * (to - from)
  return { minimum, maximum, ticks, label, at }
}

/** SVG coordinates with two decimals: short and stable text. */
export const coordinate = (value: number): string => (Math.round(value * 100) / 100).toString()
