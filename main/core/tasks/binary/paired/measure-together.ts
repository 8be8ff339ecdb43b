import { breathe, Random } from '../../../numerics'
import { haveSameGroups, type Bounds } from '../../paired'
import { countUnits, drawUnits, timesOfRows, unitsOf, type Units } from '../../resampling'
import { countedDifference, delongDifference, influencesOf, placementsOf, type Placed } from './delong'
import { boundGaps, drawGaps, prepareGroups, type PreparedGroups } from './drawn-gaps'
import { drawFigures, prepareRun, type PreparedRun } from './prepared-run'
import type { ScoredRun } from './scored-run'

/** What the rows say of one run; NaN in a resample in which a figure has no value. */
export interface DrawnRun {
  figures: Record<string, number>
  /** By figure its value in each resample; the resamples are the same for every run. */
  draws: Record<string, Float64Array>
  /** 95% intervals of figures that no resample bounds; their draws only say how those of two runs move together. */
  bounds: Record<string, Bounds>
}

/** What chance adds to, so that resamples lie farther off than the figure itself. */
export const calibrationKey = 'calibration_debiased'

/** What the rows say of two runs. */
export interface DrawnPair {
  /** Difference of the AUCs and its standard error. */
  auc: { difference: number; error: number }
  /** Rows that only the first or only the second decides rightly, of the other outcome and of the event. */
  better: [number, number]
  worse: [number, number]
  /** Rows, or clusters with a row, that are decided differently, and that have different scores. */
  decidedOtherwise: number
  differing: number
  haveSameGroups: boolean
}

export interface DrawnTogether {
  runs: DrawnRun[]
  /** Each run with each before it: run 1 with 0, 2 with 0, 2 with 1, and so on. */
  pairs: DrawnPair[]
  /** How many clusters the rows come in; null where they stand for themselves. */
  clusters: number | null
}

export interface MeasureOptions {
  samples: number
  seed: number
  signal?: AbortSignal
  onProgress?: (share: number) => void
}

/**
 * Looks at all rows of runs that were judged on the same ones: sorts each run once, counts the same resamples of the rows through all of them,
 * and holds each run against each. Plain data comes back, so that another process can do it. Lets the event loop run in between.
 * @throws WorkbenchError CANCELLED
 */
export async function measureTogether(runs: readonly ScoredRun[], options: MeasureOptions): Promise<DrawnTogether> {
  const { signal } = options
  const { labels, weights = null, clusters = null } = runs[0]!.scores
  const isPlain = weights === null && clusters === null
  const prepared: PreparedRun[] = []
  const groups: (PreparedGroups | null)[] = []
  const placements: Placed[] = []
  for (const run of runs) {
    await breathe(signal)
    const ready = prepareRun(run)
    prepared.push(ready)
    groups.push(prepareGroups(run, ready))
    await breathe(signal)
    placements.push(isPlain ? placementsOf(labels, ready.ranking) : influencesOf(labels, ready.ranking, weights))
  }
  const drawn = await drawRuns(prepared, groups, { rows: labels.length, weights, clusters }, options)
  const units = unitsOf(labels.length, clusters, Infinity)
  const pairs: DrawnPair[] = []
  for (let a = 0; a < runs.length; a++)
    for (let b = 0; b < a; b++) {
      await breathe(signal)
      pairs.push({
        auc: differenceOf(placements[a]!, placements[b]!, clusters),
        ...countRows(runs[a]!, runs[b]!, units),
        haveSameGroups: haveSameGroups(runs[a]!, runs[b]!)
      })
    }
  return { runs: drawn, pairs, clusters: clusters && units.count }
}

const differenceOf = (a: Placed, b: Placed, clusters: Uint32Array | null): DrawnPair['auc'] =>
  'influence' in a && 'influence' in b
    ? countedDifference(a, b, clusters)
    : 'positives' in a && 'positives' in b
      ? delongDifference(a, b)
      : { difference: NaN, error: NaN }

/** Rows as they are drawn: what each counts, and which are drawn together. */
interface DrawnRows {
  rows: number
  weights: Float64Array | null
  clusters: Uint32Array | null
}

async function drawRuns(
  prepared: readonly PreparedRun[],
  groups: readonly (PreparedGroups | null)[],
  { rows, weights: own, clusters }: DrawnRows,
  { samples, seed, signal, onProgress }: MeasureOptions
): Promise<DrawnRun[]> {
  const isPlain = own === null && clusters === null
  const once = own && ofMeanOne(own)
  // A row comes up a dozen times at most among millions.
  const weights = isPlain ? new Uint8Array(rows).fill(1) : (once?.slice() ?? new Float64Array(rows).fill(1))
  const figuresOf = (index: number): Record<string, number> => {
    const { metrics, squared } = drawFigures(prepared[index]!, weights)
    const groupsOfRun = groups[index]
    // Of the calibration error the mean square is drawn: its root stands still at zero.
    return { ...metrics, [calibrationKey]: squared, ...(groupsOfRun && drawGaps(groupsOfRun, prepared[index]!, weights)) }
  }
  const runs = prepared.map(({ calibration }, index): DrawnRun => {
    const [figures, groupsOfRun] = [figuresOf(index), groups[index]]
    const draws = Object.fromEntries(Object.keys(figures).map((key) => [key, new Float64Array(samples)]))
    const bounds = { [calibrationKey]: calibration, ...(groupsOfRun && boundGaps(groupsOfRun, prepared[index]!)) }
    return { figures: { ...figures, [calibrationKey]: calibration.value }, draws, bounds }
  })
  const random = new Random(seed, 9)
  const units = unitsOf(rows, clusters)
  const [unitTimes, times] = [new Uint32Array(units.count), new Uint32Array(isPlain ? 0 : rows)]
  for (let sample = 0; sample < samples; sample++) {
    if (isPlain) {
      weights.fill(0)
      for (let i = 0; i < rows; i++) weights[random.below(rows)]!++
    } else {
      drawUnits(unitTimes, random)
      timesOfRows(unitTimes, units, times)
      for (let row = 0; row < rows; row++) weights[row] = times[row]! * (once ? once[row]! : 1)
    }
    for (const [index, { draws }] of runs.entries()) {
      await breathe(signal)
      for (const [key, value] of Object.entries(figuresOf(index))) draws[key]![sample] = Number.isFinite(value) ? value : NaN
    }
    onProgress?.((sample + 1) / samples)
  }
  return runs
}

/** The same weights with a mean of one, so that they stand for as many rows as there are. */
function ofMeanOne(weights: Float64Array): Float64Array {
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length
  return weights.map((weight) => weight / mean)
}

/** Rows in which two runs differ, by decision and by score. */
function countRows(a: ScoredRun, b: ScoredRun, units: Units): Omit<DrawnPair, 'auc' | 'haveSameGroups'> {
  const { labels } = a.scores
  const [own, others] = [a.scores.scores, b.scores.scores]
  const isDecidedOtherwise = (row: number): boolean => own[row]! >= a.threshold !== others[row]! >= b.threshold
  const better: [number, number] = [0, 0]
  const worse: [number, number] = [0, 0]
  for (let row = 0; row < labels.length; row++) {
    if (!isDecidedOtherwise(row)) continue
    const label = labels[row] === 1 ? 1 : 0
    const side = own[row]! >= a.threshold === (label === 1) ? better : worse
    side[label]++
  }
  return {
    better,
    worse,
    decidedOtherwise: countUnits(units, labels.length, isDecidedOtherwise),
    differing: countUnits(units, labels.length, (row) => own[row] !== others[row])
  }
}
