import { isDeepStrictEqual } from 'node:util'
import type { ClassCosts } from '../../../../model/class-decision'
import { breathe, Random } from '../../../numerics'
import { haveSameGroups, type Bounds, type GroupRules } from '../../paired'
import { countUnits, drawUnits, fewestUnits, shareClusters, timesOfRows, unitsOf, type Units } from '../../resampling'
import { figuresOf, lossOf, prepareRows, tallyRows, type ClassRows } from '../figures'
import { errorOf } from '../../binary/influence'
import { rankClasses, type MeanAuc, type MeanAucs } from '../one-vs-rest'
import { prepareGaps, type PreparedGaps } from './drawn-gaps'
import type { ClassRowScores } from '../row-scores'

export interface ScoredClassRun {
  scores: ClassRowScores
  /** What a model without skill states for every row, by class; without it there is no skill in log loss to compare. */
  shares?: readonly number[]
  /** What its decisions cost, where it decides by that. */
  costs?: ClassCosts
  /** Which groups were compared; without it, or where the rows do not say their group, no gap is compared row by row. */
  groups?: GroupRules
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
  /** Rows, or clusters with a row, of different decisions, and of different probabilities. */
  decidedOtherwise: number
  differing: number
  haveSameGroups: boolean
  /** What is counted by other costs is no cost to be held against. */
  haveSameCosts: boolean
}

/** Figures of one run, and each of them in every resample; the resamples are the same for every run. */
export interface DrawnClassRun {
  figures: Record<string, number>
  draws: Record<string, Float64Array>
  /** 95% intervals of figures that no resample bounds; their draws only say how those of two runs move together. */
  bounds: Record<string, Bounds>
}

export interface MeasuredClassRuns {
  rows: number
  /** Whether rows count the same and stand for themselves, so that exact tests hold. */
  isPlain: boolean
  /** Null where there are too few rows or clusters to tell runs apart. */
  drawn: {
    runs: DrawnClassRun[]
    /** Each run with each before it: run 1 with 0, 2 with 0, 2 with 1, and so on. */
    pairs: ClassPair[]
    /** How many clusters the rows come in; null where they stand for themselves. */
    clusters: number | null
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
  gaps: PreparedGaps | null
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
  for (const { scores, shares, costs, groups } of runs) {
    const prepared = prepareRows({ labels, weights }, scores.scores, costs ?? null)
    const stated = shares ? Float64Array.from(labels, (label) => lossOf(shares[label] ?? 0)) : null
    await breathe(options.signal)
    const gaps = prepareGaps(prepared, scores.groups, groups, clusters)
    ready.push({ prepared, aucs: await rankClasses(prepared, options), stated, gaps })
  }
  const units = unitsOf(rows, clusters, Infinity)
  const pairs: ClassPair[] = []
  for (let a = 0; a < runs.length; a++)
    for (let b = 0; b < a; b++) {
      await breathe(options.signal)
      const [own, others] = [runs[a]!, runs[b]!]
      pairs.push({
        ...pairOf(ready[a]!, ready[b]!, clusters, units),
        haveSameGroups: haveSameGroups(own, others),
        haveSameCosts: isDeepStrictEqual(own.costs, others.costs)
      })
    }
  return { rows, isPlain, drawn: { runs: await drawRuns(ready, clusters, options), pairs, clusters: clusters && units.count } }
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
  const runs = ready.map((run): DrawnClassRun => {
    const own = { ...figuresIn(run, null), ...run.gaps?.figures }
    const figures = { ...own, auc_ovr: run.aucs.macro.value ?? NaN, auc_ovr_weighted: run.aucs.weighted.value ?? NaN }
    const draws = Object.fromEntries(Object.keys(own).map((key) => [key, new Float64Array(count)]))
    return { figures, draws, bounds: run.gaps?.bounds ?? {} }
  })
  const units = unitsOf(rows, clusters)
  const [random, unitTimes, times] = [new Random(seed, 9), new Uint32Array(units.count), new Uint32Array(rows)]
  for (let sample = 0; sample < count; sample++) {
    drawUnits(unitTimes, random)
    timesOfRows(unitTimes, units, times)
    for (const [index, { draws }] of runs.entries()) {
      await breathe(signal)
      const run = ready[index]!
      for (const [key, value] of Object.entries({ ...figuresIn(run, times), ...run.gaps?.figuresOf(times) })) draws[key]![sample] = value
    }
    onProgress?.((sample + 1) / count)
  }
  return runs
}

function pairOf(a: Ready, b: Ready, clusters: Uint32Array | null, units: Units): Omit<ClassPair, 'haveSameGroups' | 'haveSameCosts'> {
  const aucOf = (one: MeanAuc, other: MeanAuc): NormalPair => ({
    difference: (one.value ?? NaN) - (other.value ?? NaN),
    error: errorOf(
      one.influence.map((each, row) => each - other.influence[row]!),
      clusters
    )
  })
  const { labels, classes, rows, decided: own, scores } = a.prepared
  const { decided: others, scores: otherScores } = b.prepared
  let [better, worse] = [0, 0]
  for (let row = 0; row < rows; row++) {
    if (own[row] === labels[row] && others[row] !== labels[row]) better++
    if (own[row] !== labels[row] && others[row] === labels[row]) worse++
  }
  const hasOtherScores = (row: number): boolean => {
    for (let at = row * classes; at < (row + 1) * classes; at++) if (scores[at] !== otherScores[at]) return true
    return false
  }
  return {
    auc_ovr: aucOf(a.aucs.macro, b.aucs.macro),
    auc_ovr_weighted: aucOf(a.aucs.weighted, b.aucs.weighted),
    ...{ better, worse },
    decidedOtherwise: countUnits(units, rows, (row) => own[row] !== others[row]),
    differing: countUnits(units, rows, hasOtherScores)
  }
}
