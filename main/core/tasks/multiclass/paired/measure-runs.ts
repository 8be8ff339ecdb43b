import { isDeepStrictEqual } from 'node:util'
import type { ClassCosts } from '../../../../model/class-decision'
import { breathe, Random } from '../../../numerics'
import { drawUnits, fewestUnits, shareClusters, timesOfRows, unitsOf } from '../../resampling'
import { figuresOf, lossOf, prepareRows, tallyRows, type ClassRows } from '../figures'
import { openErrorOf } from '../../binary/influence'
import { rankClasses, type MeanAuc, type MeanAucs } from '../one-vs-rest'
import type { ClassRowScores } from '../row-scores'

export interface ScoredClassRun {
  scores: ClassRowScores
  shares?: readonly number[]
  costs?: ClassCosts
}

export interface MeasureOptions {
  /** Resamples; as many as the rows leave time for, between 500 and 2,000, where it is left out. */
  samples?: number
  seed?: number
  signal?: AbortSignal
  onProgress?: (share: number) => void
}

/** A difference that is normal around its value, and its standard error. */
interface NormalPair {
  difference: number
  error: number
}

/** What the rows say of two runs, the first less the second. */
export interface ClassPair {
  auc_ovr: NormalPair
  auc_ovr_weighted: NormalPair
  /** Rows that only the first or only the second decides rightly. */
  better: number
  worse: number
  /** Rows with different decisions, and with different probabilities. */
  decidedOtherwise: number
  differing: number
}

export interface MeasuredClassRuns {
  rows: number
  /** Whether rows count the same and stand for themselves, so that exact tests hold. */
  isPlain: boolean
  /** Null where there are too few rows or clusters to tell runs apart. */
  drawn: {
    runs: { figures: Record<string, number>; draws: Record<string, Float64Array> }[]
    /** Each run with each before it: run 1 with 0, 2 with 0, 2 with 1, and so on. */
    pairs: ClassPair[]
  } | null
  areFewClusters?: boolean
}

/** With fewer rows than this neither a normal distribution nor resamples say how uncertain a difference is. */
const fewestRows = 20
const rowVisits = 50_000_000

interface Ready {
  prepared: ClassRows
  aucs: MeanAucs
  /** Loss of stating the shares, by row; null where they are not known. */
  stated: Float64Array | null
}

/**
 * Looks at all rows of runs that were judged on the same ones: ranks each run once, counts the same resamples of the rows, or of whole clusters,
 * through all of them, and holds each run against each. How often is drawn depends on the number of rows alone. Plain data comes back, so that
 * another process can do it.
 * @throws WorkbenchError CANCELLED
 */
export async function measureRuns(given: readonly ScoredClassRun[], options: MeasureOptions = {}): Promise<MeasuredClassRuns> {
  const runs = shareClusters(given)
  const { labels, weights = null, clusters = null } = runs[0]!.scores
  const rows = labels.length
  const isPlain = weights === null && clusters === null
  if (clusters && unitsOf(rows, clusters, Infinity).count < fewestUnits) return { rows, isPlain, drawn: null, areFewClusters: true }
  if (rows < fewestRows) return { rows, isPlain, drawn: null }
  const ready: Ready[] = []
  // What is counted by other costs is no cost to be held against.
  const areCostsShared = runs.every(({ costs }) => isDeepStrictEqual(costs, runs[0]!.costs))
  for (const { scores, shares, costs } of runs) {
    const decided = prepareRows({ labels, weights }, scores.scores, costs ?? null)
    const prepared = areCostsShared ? decided : { ...decided, costs: null }
    const stated = shares ? Float64Array.from(labels, (label) => lossOf(shares[label] ?? 0)) : null
    ready.push({ prepared, aucs: await rankClasses(prepared, options), stated })
  }
  const pairs: ClassPair[] = []
  for (let a = 0; a < runs.length; a++)
    for (let b = 0; b < a; b++) {
      await breathe(options.signal)
      pairs.push(pairOf(ready[a]!, ready[b]!, clusters))
    }
  return { rows, isPlain, drawn: { runs: await drawRuns(ready, clusters, options), pairs } }
}

/** Figures of one run by metric key; NaN where one has no value. */
function figuresIn({ prepared, stated }: Ready, times: Uint32Array | null): Record<string, number> {
  const tally = tallyRows(prepared, times)
  const found: Record<string, number> = {}
  for (const [key, value] of Object.entries(figuresOf(tally, prepared.isNear !== null))) found[key] = value ?? NaN
  if (!stated) return found
  let sum = 0
  for (let row = 0; row < stated.length; row++)
    sum += (times ? times[row]! : 1) * (prepared.weights ? prepared.weights[row]! : 1) * stated[row]!
  const baseline = sum / tally.total
  return { ...found, log_loss_baseline: baseline, log_loss_skill: 1 - found.log_loss! / baseline }
}

async function drawRuns(ready: readonly Ready[], clusters: Uint32Array | null, { samples, seed = 1, signal, onProgress }: MeasureOptions) {
  const { rows } = ready[0]!.prepared
  const count = samples ?? Math.round(Math.max(500, Math.min(2000, rowVisits / rows)))
  const runs = ready.map((run) => {
    const own = figuresIn(run, null)
    const figures = { ...own, auc_ovr: run.aucs.macro.value ?? NaN, auc_ovr_weighted: run.aucs.weighted.value ?? NaN }
    const draws = Object.fromEntries(Object.keys(own).map((key) => [key, new Float64Array(count)]))
    return { figures, draws }
  })
  const units = unitsOf(rows, clusters)
  const [random, unitTimes, times] = [new Random(seed, 9), new Uint32Array(units.count), new Uint32Array(rows)]
  for (let sample = 0; sample < count; sample++) {
    drawUnits(unitTimes, random)
    timesOfRows(unitTimes, units, times)
    for (const [index, { draws }] of runs.entries()) {
      await breathe(signal)
      for (const [key, value] of Object.entries(figuresIn(ready[index]!, times))) draws[key]![sample] = value
    }
    onProgress?.((sample + 1) / count)
  }
  return runs
}

function pairOf(a: Ready, b: Ready, clusters: Uint32Array | null): ClassPair {
  const aucOf = (one: MeanAuc, other: MeanAuc): NormalPair => ({
    difference: (one.value ?? NaN) - (other.value ?? NaN),
    error: openErrorOf(
      one.influence.map((each, row) => each - other.influence[row]!),
      clusters
    )
  })
  const { labels, classes, rows } = a.prepared
  let [better, worse, decidedOtherwise, differing] = [0, 0, 0, 0]
  for (let row = 0; row < rows; row++) {
    const [own, others] = [a.prepared.decided[row]!, b.prepared.decided[row]!]
    if (own !== others) decidedOtherwise++
    if (own === labels[row] && others !== labels[row]) better++
    if (own !== labels[row] && others === labels[row]) worse++
    for (let at = row * classes; at < (row + 1) * classes; at++)
      if (a.prepared.scores[at] !== b.prepared.scores[at]) {
        differing++
        break
      }
  }
  return {
    auc_ovr: aucOf(a.aucs.macro, b.aucs.macro),
    auc_ovr_weighted: aucOf(a.aucs.weighted, b.aucs.weighted),
    ...{ better, worse, decidedOtherwise, differing }
  }
}
