import type { ColumnProfile, Histogram } from '../../model/quality'

export const QUANTILES = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99] as const
const BINS = 40

type Numeric = NonNullable<ColumnProfile['numeric']>

/** Figures of ascending finite numbers; `present` counts what the column holds, numbers or not. Quantiles lie between neighbours, as usual (type 7). */
export function numericFigures(sorted: Float64Array, present: number): Numeric {
  const n = sorted.length
  const mean = meanOf(sorted)
  const [p01, p05, p25, p50, p75, p95, p99] = QUANTILES.map((share) => quantileOf(sorted, share))
  const negatives = firstAtLeast(sorted, 0)
  return {
    min: n > 0 ? sorted[0]! : null,
    max: n > 0 ? sorted[n - 1]! : null,
    mean,
    std: n > 1 && mean !== null ? deviationOf(sorted, mean) : null,
    quantiles: { p01: p01!, p05: p05!, p25: p25!, p50: p50!, p75: p75!, p95: p95!, p99: p99! },
    zeros: firstAbove(sorted, 0) - negatives,
    negatives,
    nonFinite: present - n
  }
}

/** Null without values and where it is beyond the range of numbers. */
export function meanOf(values: Float64Array): number | null {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]!
  const mean = sum / values.length
  return Number.isFinite(mean) ? mean : null
}

function deviationOf(values: Float64Array, mean: number): number | null {
  let squares = 0
  for (let i = 0; i < values.length; i++) squares += (values[i]! - mean) ** 2
  const deviation = Math.sqrt(squares / (values.length - 1))
  return Number.isFinite(deviation) ? deviation : null
}

/** The quantile of ascending numbers at a share of 0..1; null of none. */
export function quantileOf(sorted: Float64Array, share: number): number | null {
  if (sorted.length === 0) return null
  const place = (sorted.length - 1) * share
  const low = Math.floor(place)
  const value = sorted[low]!
  const next = sorted[Math.min(low + 1, sorted.length - 1)]!
  return value + (next - value) * (place - low)
}

/** How many of ascending numbers lie below a bound. */
export function firstAtLeast(sorted: Float64Array, bound: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! < bound) low = middle + 1
    else high = middle
  }
  return low
}

/** How many of ascending numbers are at most a bound. */
export function firstAbove(sorted: Float64Array, bound: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! <= bound) low = middle + 1
    else high = middle
  }
  return low
}

/** Different values of ascending numbers, and the most frequent of them; among equally frequent ones the smallest first. */
export function frequentNumbers(sorted: Float64Array, most: number): { distinct: number; top: { value: number; count: number }[] } {
  const top: { value: number; count: number }[] = []
  let distinct = 0
  for (let from = 0, to = 0; from < sorted.length; from = to) {
    const value = sorted[from]!
    while (to < sorted.length && sorted[to] === value) to++
    distinct++
    const count = to - from
    if (top.length === most && count <= top[most - 1]!.count) continue
    let place = top.length
    while (place > 0 && top[place - 1]!.count < count) place--
    top.splice(place, 0, { value: value + 0, count })
    if (top.length > most) top.pop()
  }
  return { distinct, top }
}

/** How the bins of a histogram lie; whole numbers of few values get a bin each. Null where no bin has a width. */
export function binsOf(min: number, max: number, isWhole: boolean): { edges: number[]; bin: (value: number) => number } | null {
  const steps = isWhole ? Math.min(BINS, max - min + 1) : BINS
  const top = isWhole && max - min + 1 <= BINS ? max + 1 : max
  const width = (top - min) / steps
  if (!Number.isFinite(width) || width <= 0) return null
  return {
    edges: Array.from({ length: steps + 1 }, (_, i) => (i === steps ? top : min + i * width)),
    bin: (value) => Math.min(steps - 1, Math.max(0, Math.floor((value - min) / width)))
  }
}

export function histogramOf(sorted: Float64Array, isWhole: boolean): Histogram | null {
  if (sorted.length === 0) return null
  const [min, max] = [sorted[0]!, sorted[sorted.length - 1]!]
  if (min === max) return { edges: [min, max], counts: [sorted.length] }
  const bins = binsOf(min, max, isWhole)
  if (!bins) return null
  const counts = new Array<number>(bins.edges.length - 1).fill(0)
  for (let i = 0; i < sorted.length; i++) counts[bins.bin(sorted[i]!)]!++
  return { edges: bins.edges, counts }
}
