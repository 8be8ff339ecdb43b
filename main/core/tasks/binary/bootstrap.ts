import type { Interval } from '../../../model/tasks'
import { breathe, Random } from '../../numerics'
import { drawUnits, opennessOf, timesOfRows, unitsOf } from '../resampling'
import { collectFigures, type JudgedRows } from './figures'
import { resampledFigures } from './intervals'
import { unitsOfRarer } from './outcome-units'

/** The Brier skill has an interval in closed form where rows count the same and stand for themselves. */
type Resampled = (typeof resampledFigures)[number] | 'brier_skill'

export interface DrawingOptions {
  /** Cluster of each row; whole clusters are drawn. */
  clusters?: Uint32Array | null
  signal?: AbortSignal
  onProgress?: (share: number) => void
}

/**
 * Percentile bootstrap intervals (Efron 1979) of the figures that have none in closed form: rows, or whole clusters of them, are drawn with
 * replacement by counting, so no resample is sorted.
 * A resample in which a figure has no value (no positives, say) is left out for that figure. One row has no intervals: every resample is it; so
 * has one cluster, or one that holds all rows of an outcome.
 */
export async function bootstrapIntervals(
  judged: JudgedRows,
  samples: number,
  seed: number,
  level: number,
  options: DrawingOptions = {}
): Promise<Partial<Record<Resampled, Interval | null>>> {
  const rows = judged.labels.length
  const { clusters = null } = options
  const isPlain = judged.weights === null && clusters === null
  const keys: readonly Resampled[] = isPlain ? resampledFigures : [...resampledFigures, 'brier_skill']
  const units = isPlain ? { count: rows, of: null } : unitsOf(rows, clusters)
  const random = new Random(seed, 4)
  const [unitTimes, times] = [new Uint32Array(units.count), new Uint32Array(rows)]
  const counted = judged.weights && new Float64Array(rows)
  const drawn = new Map<Resampled, number[]>()
  for (let sample = 0; sample < samples && units.count > 1; sample++) {
    await breathe(options.signal)
    drawUnits(unitTimes, random)
    timesOfRows(unitTimes, units, times)
    if (counted) for (let row = 0; row < rows; row++) counted[row] = times[row]! * judged.weights![row]!
    const { figures } = collectFigures(judged, counted ?? times)
    for (const key of keys) {
      const value = figures[key]
      if (value === null) continue
      const list = drawn.get(key)
      if (list) list.push(value)
      else drawn.set(key, [value])
    }
    if (sample % 50 === 49) options.onProgress?.((sample + 1) / samples)
  }
  const told = clusters ? unitsOfRarer(judged.labels, { weights: judged.weights, units }) : units.count
  // What one cluster of an outcome shows is the same in every resample.
  if (clusters && told < 2) return Object.fromEntries(keys.map((key) => [key, null]))
  const openness = opennessOf({ ...units, count: told })
  const openingOf = (key: Resampled) => ({
    openness,
    least: key === 'brier_skill' ? -Infinity : 0,
    most: key === 'log_loss' ? Infinity : 1
  })
  const intervals = keys.map((key) => [key, percentileInterval(drawn.get(key) ?? [], level, openingOf(key))] as const)
  return Object.fromEntries(intervals) as Partial<Record<Resampled, Interval | null>>
}

/** Fewest values for an interval: with fewer, not even one would lie in each tail. */
export const fewestResamples = (level: number): number => Math.ceil(2 / (1 - level))

/** How much wider few clusters make an interval, and what the figure can be. */
export interface Opening {
  openness: number
  least: number
  most: number
}
const plain: Opening = { openness: 1, least: -Infinity, most: Infinity }

/** The middle `level` of the values, with linear interpolation between neighbours; null for too few values. */
export function percentileInterval(values: readonly number[], level: number, open: Opening = plain): Interval | null {
  if (values.length < fewestResamples(level)) return null
  const sorted = Float64Array.from(values).sort()
  const at = (share: number): number => {
    const position = share * (sorted.length - 1)
    const low = Math.floor(position)
    const high = Math.min(low + 1, sorted.length - 1)
    return sorted[low]! + (sorted[high]! - sorted[low]!) * (position - low)
  }
  const tail = (1 - level) / 2
  const [lower, upper] = [at(tail), at(1 - tail)]
  if (open.openness === 1) return { lower, upper, level, samples: sorted.length }
  const middle = sorted.reduce((sum, value) => sum + value, 0) / sorted.length
  return {
    lower: Math.max(open.least, middle - open.openness * (middle - lower)),
    upper: Math.min(open.most, middle + open.openness * (upper - middle)),
    level,
    samples: sorted.length
  }
}
