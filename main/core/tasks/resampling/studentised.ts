import { breathe, Random } from '../../numerics'
import { estimateRatio, prepareRatio, unscale, type RatioFigure } from './ratio'
import { drawUnits, type Units } from './units'

export interface ResampleOptions {
  /** 0 draws nothing: no figure has an interval. */
  samples: number
  seed: number
  level: number
  signal?: AbortSignal
  onProgress?: (share: number) => void
}

/** Bounds of a ratio, and how many resamples had a value. */
export interface ResampledBounds {
  lower: number
  upper: number
  samples: number
}

/**
 * Intervals of ratios by the studentised bootstrap (Efron and Tibshirani 1993, 12.5; Davison and Hinkley 1997, 5.2): how many standard errors
 * the figure of a resample is off says how many the figure itself may be, so that skewed losses keep their level at a few hundred rows. All
 * figures share the resamples. Null where a figure has no spread, fewer than two units, or too few resamples with a value.
 * @throws WorkbenchError CANCELLED
 */
export async function studentisedIntervals<Key extends string>(
  figures: Readonly<Record<Key, RatioFigure>>,
  units: Units,
  { samples, seed, level, signal, onProgress }: ResampleOptions
): Promise<Record<Key, ResampledBounds | null>> {
  const keys = Object.keys(figures) as Key[]
  const prepared = keys.map((key) => prepareRatio(figures[key], units))
  const own = prepared.map((ratio) => estimateRatio(ratio, null))
  const away = keys.map((): number[] => [])
  const random = new Random(seed, 4)
  const times = new Uint32Array(units.count)
  for (let sample = 0; sample < samples && units.count > 1; sample++) {
    await breathe(signal)
    drawUnits(times, random)
    for (const [index, ratio] of prepared.entries()) {
      const drawn = estimateRatio(ratio, times)
      const off = (drawn.value - own[index]!.value) / drawn.error
      if (Number.isFinite(off)) away[index]!.push(off)
    }
    if (sample % 50 === 49) onProgress?.((sample + 1) / samples)
  }
  const entries = keys.map((key, index) => {
    const reach = middleOf(away[index]!, level)
    const { value, error } = own[index]!
    if (reach === null || !(error > 0) || !Number.isFinite(value)) return [key, null] as const
    const { scale } = figures[key]
    const bounds = { lower: unscale(value - reach.upper * error, scale), upper: unscale(value - reach.lower * error, scale) }
    return [key, { ...bounds, samples: away[index]!.length }] as const
  })
  return Object.fromEntries(entries) as Record<Key, ResampledBounds | null>
}

/** The middle `level` of the values, with linear interpolation between neighbours; null where not even one would lie in each tail. */
function middleOf(values: readonly number[], level: number): { lower: number; upper: number } | null {
  if (values.length < Math.ceil(2 / (1 - level))) return null
  const sorted = Float64Array.from(values).sort()
  const at = (share: number): number => {
    const position = share * (sorted.length - 1)
    const low = Math.floor(position)
    const high = Math.min(low + 1, sorted.length - 1)
    return sorted[low]! + (sorted[high]! - sorted[low]!) * (position - low)
  }
  const tail = (1 - level) / 2
  return { lower: at(tail), upper: at(1 - tail) }
}
