import type { Interval } from '../../../model/tasks'
import { breathe, Random } from '../../numerics'
import { percentileInterval } from '../binary/bootstrap'
import { drawUnits, opennessOf, timesOfRows, type Units } from '../resampling'
import { figuresOf, ratesOf, tallyRows, type ClassRows, type Summed } from './figures'

export interface BootstrapOptions {
  samples: number
  seed: number
  level: number
  /** Also precision, recall and F1 of each class: where no closed form holds. */
  withClasses: boolean
  signal?: AbortSignal
  onProgress?: (share: number) => void
}

/** Rates of one class in the order of `classRates`. */
export const classRates = ['precision', 'recall', 'f1'] as const
export type ClassRate = (typeof classRates)[number]

export interface Resampled {
  figures: Partial<Record<Summed, Interval | null>>
  /** By class; empty unless asked for. */
  classes: Record<ClassRate, Interval | null>[]
}

/**
 * Percentile bootstrap intervals (Efron 1979) of the figures that are sums over rows. What is drawn are rows, or whole clusters where rows of one
 * do not stand for themselves. A resample in which a figure has no value is left out for it; a single unit has no intervals.
 * @throws WorkbenchError CANCELLED
 */
export async function resampleClasses(prepared: ClassRows, units: Units, options: BootstrapOptions): Promise<Resampled> {
  const { samples, seed, level, withClasses, signal, onProgress } = options
  const random = new Random(seed, 4)
  const unitTimes = new Uint32Array(units.count)
  const times = new Uint32Array(prepared.rows)
  const drawn = new Map<Summed, number[]>()
  const drawnRates = Array.from({ length: withClasses ? prepared.classes : 0 }, () => ({
    precision: [] as number[],
    recall: [] as number[],
    f1: [] as number[]
  }))
  for (let sample = 0; sample < samples && units.count > 1; sample++) {
    await breathe(signal)
    drawUnits(unitTimes, random)
    const tally = tallyRows(prepared, timesOfRows(unitTimes, units, times))
    for (const [key, value] of Object.entries(figuresOf(tally, prepared.isNear !== null)) as [Summed, number | null][]) {
      if (value === null) continue
      const list = drawn.get(key)
      if (list) list.push(value)
      else drawn.set(key, [value])
    }
    for (const [place, lists] of drawnRates.entries()) {
      const rates = ratesOf(tally, place)
      for (const rate of classRates) if (rates[rate] !== null) lists[rate].push(rates[rate])
    }
    if (sample % 50 === 49) onProgress?.((sample + 1) / samples)
  }
  const openness = opennessOf(units)
  const isShare = (key: Summed): boolean => key !== 'log_loss' && key !== 'decision_cost'
  // Neither a loss nor a cost is below 0.
  const openingOf = (key: Summed) => ({ openness, least: 0, most: isShare(key) ? 1 : Infinity })
  const figures = Object.fromEntries([...drawn].map(([key, values]) => [key, percentileInterval(values, level, openingOf(key))]))
  const classes = drawnRates.map((lists) => {
    const found = classRates.map((rate) => [rate, percentileInterval(lists[rate], level, { openness, least: 0, most: 1 })] as const)
    return Object.fromEntries(found) as Record<ClassRate, Interval | null>
  })
  return { figures, classes }
}
