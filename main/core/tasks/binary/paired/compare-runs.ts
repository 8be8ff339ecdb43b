import type { PairMethod } from '../../../../model/tasks'
import { normalDifference, noSurerThan, openDifference, resampledDifference, signTest, type Difference } from '../../../numerics'
import { boundedDifference, type Bounds } from '../../paired'
import { fewestUnits, resamplingLack, shareClusters, unitsOf } from '../../resampling'
import { unitsOfRarer } from '../outcome-units'
import { gapKeys } from './drawn-gaps'
import { measureTogether, type DrawnPair, type DrawnTogether } from './measure-together'
import type { ScoredRun } from './scored-run'

export interface PairedOptions {
  /** Resamples; as many as the rows leave time for, between 500 and 2,000, where it is left out. */
  samples?: number
  seed?: number
  signal?: AbortSignal
  onProgress?: (share: number) => void
}

/** Runs over the same rows, ready to be compared two by two. */
export interface RowComparison {
  rows: number
  /** True where the rows, or those of one outcome, come in too few clusters: then intervals do not tell the runs apart either. */
  areFewClusters?: boolean
  /** A figure of one run over all rows; NaN where it has no value. */
  value(metric: string, run: number): number
  /** A figure of run `a` minus that of run `b`; null where the rows cannot tell. */
  difference(metric: string, a: number, b: number): (Difference & { method: PairMethod }) | null
}

/** With fewer rows of one outcome neither a normal distribution nor resamples say how uncertain a difference is. */
const fewestOfOutcome = 10
const rowVisits = 50_000_000
/** Outcomes that count for a figure which is a share of rightly decided rows; their exact test is that of McNemar. */
const decided: Readonly<Record<string, readonly (0 | 1)[] | undefined>> = { accuracy: [0, 1], recall: [1], specificity: [0] }
const byThreshold = new Set<string>(['accuracy', 'recall', 'specificity', 'precision', 'f1', ...gapKeys])

/** What the rows of several runs say, as plain data. */
export interface MeasuredRuns {
  rows: number
  /** Whether rows count the same and stand for themselves, so that exact tests hold. */
  isPlain: boolean
  /** Null where there are too few rows of one outcome, or too few clusters, to tell runs apart. */
  drawn: DrawnTogether | null
  areFewClusters?: boolean
}

/**
 * Looks at the rows of runs that were judged on the same ones. How often rows are drawn depends on their number alone, so that two runs say
 * of each other the same among whatever others.
 * @throws WorkbenchError CANCELLED
 */
export async function measureRuns(given: readonly ScoredRun[], options: PairedOptions = {}): Promise<MeasuredRuns> {
  const runs = shareClusters(given)
  const { labels, weights = null, clusters = null } = runs[0]!.scores
  const isPlain = weights === null && clusters === null
  const rows = labels.length
  const counts = (label: number, row: number): number => (weights && !(weights[row]! > 0) ? 0 : label)
  const positives = labels.reduce((sum, label, row) => sum + counts(label, row), 0)
  const negatives = labels.reduce((sum, label, row) => sum + counts(1 - label, row), 0)
  const units = unitsOf(rows, clusters, Infinity)
  if (clusters && unitsOfRarer(labels, { weights, units }) < fewestUnits) return { rows, isPlain, drawn: null, areFewClusters: true }
  if (Math.min(positives, negatives) < fewestOfOutcome) return { rows, isPlain, drawn: null }
  const samples = options.samples ?? Math.round(Math.max(500, Math.min(2000, rowVisits / rows)))
  return { rows, isPlain, drawn: await measureTogether(runs, { ...options, samples, seed: options.seed ?? 1 }) }
}

/**
 * Compares runs by what their rows said: the AUC by DeLong, all other figures over the same resamples, right and wrong decisions by the
 * exact test of McNemar where rows count the same and stand for themselves, calibration error and gaps between groups by the intervals of both runs and how they move together. Each
 * difference stands for itself; whoever looks at several holds them together.
 */
export function compareMeasured({ rows, isPlain, drawn, areFewClusters }: MeasuredRuns): RowComparison {
  if (!drawn) return { rows, areFewClusters, value: () => NaN, difference: () => null }
  const value = (metric: string, run: number): number => drawn.runs[run]!.figures[metric] ?? NaN
  return { rows, value, difference: (metric, a, b) => differenceIn(drawn, isPlain, metric, a, b) }
}

/** Both at once, in this process. @throws WorkbenchError CANCELLED */
export const compareScoredRuns = async (runs: readonly ScoredRun[], options: PairedOptions = {}): Promise<RowComparison> =>
  compareMeasured(await measureRuns(runs, options))

function differenceIn(
  { runs, pairs, clusters }: DrawnTogether,
  isPlain: boolean,
  metric: string,
  a: number,
  b: number
): ReturnType<RowComparison['difference']> {
  const [later, earlier] = [Math.max(a, b), Math.min(a, b)]
  const pair = a === b ? undefined : pairs[(later * (later - 1)) / 2 + earlier]
  if (!pair || (gapKeys.includes(metric) && !pair.haveSameGroups)) return null
  const found = estimateIn({ runs, clusters }, pair, metric, a, b)
  if (!found) return null
  const counts = isPlain ? decided[metric] : undefined
  const sum = (of: readonly number[], outcomes: readonly number[]): number => outcomes.reduce((all, outcome) => all + of[outcome]!, 0)
  const differing = byThreshold.has(metric) ? pair.decidedOtherwise : pair.differing
  // No test of rows that may be exchanged has a smaller one.
  const least = counts ? signTest(sum(pair.better, counts), sum(pair.worse, counts)) : Math.min(1, 2 ** (1 - differing))
  return { ...noSurerThan(found, least), ...(counts && { method: 'mcnemar' }) }
}

function estimateIn(
  { runs, clusters }: Pick<DrawnTogether, 'runs' | 'clusters'>,
  { auc }: DrawnPair,
  metric: string,
  a: number,
  b: number
) {
  if (metric === 'auc') {
    const found = normalDifference(a > b ? auc.difference : 0 - auc.difference, auc.error)
    return { ...openDifference(found, clusters), method: 'delong' as const }
  }
  const [one, other] = [runs[a]!, runs[b]!]
  const [own, others, draws] = [one.figures[metric], other.figures[metric], one.draws[metric]]
  if (own === undefined || others === undefined || !Number.isFinite(own - others) || !draws) return null
  const [ends, otherEnds] = [one.bounds[metric], other.bounds[metric]]
  if (ends && otherEnds) {
    const mayBeNone = ({ lower, upper }: Bounds): boolean => lower <= 0 || (metric === 'disparate_impact' && upper >= 1)
    const bounded = (value: number, bounds: Bounds, of: Float64Array) => ({ value, bounds, draws: of })
    return boundedDifference(bounded(own, ends, draws), bounded(others, otherEnds, other.draws[metric]!), { clusters, mayBeNone })
  }
  if (gapKeys.includes(metric)) return null
  const found = resampledDifference(own - others, draws, other.draws[metric]!)
  return found && { ...openDifference(found, clusters, resamplingLack(clusters)), method: 'paired-bootstrap' as const }
}
