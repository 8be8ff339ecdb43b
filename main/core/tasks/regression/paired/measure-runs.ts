import { lossMetricOf } from '../../../../model/tasks/regression'
import { breathe, Random } from '../../../numerics'
import { haveSameGroups, type Bounds } from '../../paired'
import { countUnits, drawUnits, fewestUnits, shareClusters, sumsByUnit, timesOfRows, unitsOf, type Units } from '../../resampling'
import { constantOf, lossesOf } from '../losses'
import { constantFor, meanOf, orderOf, quantileIn, weightsOrOnes } from '../weighted'
import { prepareGaps } from './drawn-gaps'
import type { ScoredRun } from './scored-run'

export interface MeasureOptions {
  /** Resamples; as many as the rows leave time for, between 500 and 2,000, where it is left out. */
  samples?: number
  seed?: number
  signal?: AbortSignal
  onProgress?: (share: number) => void
}

/** What the rows say of one run: its figures, and each of them in every resample; the resamples are the same for every run. */
export interface DrawnRun {
  figures: Record<string, number>
  draws: Record<string, Float64Array>
  /** 95% intervals of figures that no resample bounds; their draws only say how those of two runs move together. */
  bounds: Record<string, Bounds>
}

/** What the rows say of two runs. */
export interface MeasuredPair {
  /** Units of rows in which their predictions differ. */
  differing: number
  haveSameGroups: boolean
}

/** What the rows of several runs say, as plain data. */
export interface MeasuredRuns {
  rows: number
  /** Null where there are too few rows or clusters to tell runs apart. */
  drawn: DrawnRun[] | null
  areFewClusters?: boolean
  /** How many clusters the rows come in; null where they stand for themselves. */
  clusters: number | null
  /** Each run with each before it: run 1 with 0, 2 with 0, 2 with 1, and so on. */
  pairs: MeasuredPair[]
}

const rowVisits = 50_000_000

/**
 * Looks at the rows of runs that were judged on the same ones, drawing the same rows (whole clusters, where the split kept such apart) again
 * and again for all of them. How often depends on the number of rows alone, so that two runs say of each other the same among whatever others.
 * @throws WorkbenchError CANCELLED
 */
export async function measureRuns(given: readonly ScoredRun[], options: MeasureOptions = {}): Promise<MeasuredRuns> {
  const { signal, onProgress, seed = 1 } = options
  const runs = shareClusters(given)
  const rows = runs[0]!.scores.rows.length
  const units = unitsOf(rows, runs[0]!.scores.clusters ?? null)
  if (units.count < fewestUnits) return { rows, drawn: null, clusters: null, pairs: [], areFewClusters: units.of !== null }
  const samples = options.samples ?? Math.round(Math.max(500, Math.min(2000, rowVisits / rows)))
  const prepared = runs.map((run) => prepareRun(run, units))
  const gaps = runs.map((run) => prepareGaps(run, units))
  const figuresOf = (index: number, times: Uint32Array): Record<string, number> => ({
    ...prepared[index]!.figuresOf(times),
    ...gaps[index]?.figuresOf(times)
  })
  const drawn = prepared.map((ready, index): DrawnRun => {
    const figures = { ...ready.figuresOf(null), ...gaps[index]?.figures }
    const draws = Object.fromEntries(Object.keys(figures).map((key) => [key, new Float64Array(samples)]))
    return { figures, draws, bounds: gaps[index]?.bounds ?? {} }
  })
  const random = new Random(seed, 9)
  const times = new Uint32Array(units.count)
  for (let sample = 0; sample < samples; sample++) {
    drawUnits(times, random)
    for (const [index, { draws }] of drawn.entries()) {
      await breathe(signal)
      for (const [key, value] of Object.entries(figuresOf(index, times))) draws[key]![sample] = Number.isFinite(value) ? value : NaN
    }
    onProgress?.((sample + 1) / samples)
  }
  const pairs: MeasuredPair[] = []
  for (let a = 0; a < runs.length; a++)
    for (let b = 0; b < a; b++) {
      const [own, others] = [runs[a]!.scores.scores, runs[b]!.scores.scores]
      const differing = countUnits(units, rows, (row) => own[row] !== others[row])
      pairs.push({ differing, haveSameGroups: haveSameGroups(runs[a]!, runs[b]!) })
    }
  return { rows, drawn, clusters: runs[0]!.scores.clusters ? units.count : null, pairs }
}

/** A run by the sums of its units, so that a resample takes as long as there are units. */
function prepareRun({ scores: found, aim, constant }: ScoredRun, units: Units) {
  const { labels, scores } = found
  const weights = weightsOrOnes(found.weights ?? null, labels.length)
  const summed = (values: Float64Array): Float64Array =>
    sumsByUnit(
      values.map((value, row) => weights[row]! * value),
      units
    )
  const errors = labels.map((label, row) => label - scores[row]!)
  const mean = meanOf(labels, weights)
  const best = constantFor(aim, { labels, weights })
  const loss = lossMetricOf(aim.objective)
  const columns = {
    weight: sumsByUnit(weights, units),
    squared: summed(errors.map((error) => error * error)),
    absolute: summed(errors.map(Math.abs)),
    loss: summed(lossesOf(aim, labels, scores)),
    best: summed(lossesOf(aim, labels, constantOf(labels.length, best))),
    spread: summed(labels.map((label) => (label - mean) ** 2)),
    stated: constant === undefined ? null : summed(lossesOf(aim, labels, constantOf(labels.length, constant)))
  }
  const median = medianOf(errors.map(Math.abs), weights, units)
  const below = aim.objective === 'quantile' ? summed(labels.map((label, row) => (label <= scores[row]! ? 1 : 0))) : null
  return {
    /** All figures with each unit counted `times`, once without. */
    figuresOf(times: Uint32Array | null): Record<string, number> {
      const sum = (values: Float64Array): number => sumOf(values, times)
      const weight = sum(columns.weight)
      const [squared, own] = [sum(columns.squared), sum(columns.loss)]
      const stated = columns.stated && sum(columns.stated)
      return {
        rmse: Math.sqrt(squared / weight),
        mae: sum(columns.absolute) / weight,
        median_absolute_error: median(times),
        r2: 1 - squared / sum(columns.spread),
        ...(loss !== 'mae' && { [loss]: own / weight }),
        d2: 1 - own / sum(columns.best),
        ...(below && { coverage: sum(below) / weight }),
        ...(stated !== null && { loss_baseline: stated / weight, loss_skill: 1 - own / stated })
      }
    }
  }
}

function sumOf(values: Float64Array, times: Uint32Array | null): number {
  let sum = 0
  if (!times) for (const value of values) sum += value
  else for (let unit = 0; unit < values.length; unit++) sum += times[unit]! * values[unit]!
  return sum
}

/** The weighted median of errors that are sorted once: a resample walks them in their order. */
function medianOf(errors: Float64Array, weights: Float64Array, units: Units): (times: Uint32Array | null) => number {
  const order = Uint32Array.from(errors.keys()).sort((a, b) => errors[a]! - errors[b]! || a - b)
  const ofRows = new Uint32Array(errors.length)
  return (times) => {
    if (!times) return quantileIn(orderOf(errors, weights), 0.5)
    timesOfRows(times, units, ofRows)
    let total = 0
    for (let row = 0; row < errors.length; row++) total += ofRows[row]! * weights[row]!
    let upTo = 0
    for (const row of order) {
      upTo += ofRows[row]! * weights[row]!
      if (upTo >= total / 2) return errors[row]!
    }
    return NaN
  }
}
