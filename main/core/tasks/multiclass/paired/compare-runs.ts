import type { PairMethod } from '../../../../model/tasks'
import { normalDifference, noSurerThan, openDifference, resampledDifference, signTest, type Difference } from '../../../numerics'
import { boundedDifference } from '../../paired'
import { resamplingLack } from '../../resampling'
import { gapKeys } from './drawn-gaps'
import type { MeasuredClassRuns } from './measure-runs'

/** Runs over the same rows, ready to be compared two by two. */
export interface ClassRowComparison {
  rows: number
  /** True where the rows come in too few clusters: then intervals do not tell the runs apart either. */
  areFewClusters?: boolean
  /** A figure of one run over all rows; NaN where it has no value. */
  value(metric: string, run: number): number
  /** A figure of run `a` minus that of run `b`; null where the rows cannot tell. */
  difference(metric: string, a: number, b: number): (Difference & { method: PairMethod }) | null
}

/** Figures that follow from decisions alone. */
const isOfDecisions = (metric: string): boolean =>
  /^(decision_cost|accuracy|balanced_accuracy|(precision|recall|f1)_(macro|weighted))$/.test(metric)
/** Shares of rightly decided rows, whose exact test is that of McNemar. */
const isShareRight = (metric: string): boolean => metric === 'accuracy' || metric === 'recall_weighted'

/**
 * Compares runs by what their rows said: mean AUCs by the influences of the rows (DeLong, over the classes), all other figures over the same
 * resamples, right and wrong decisions by the exact test of McNemar where rows count the same, gaps between groups by the intervals of both runs
 * and how they move together. Calibration errors are not compared row by row. Each difference stands for itself; whoever looks at several holds them together.
 */
export function compareMeasured({ rows, isPlain, drawn, areFewClusters }: MeasuredClassRuns): ClassRowComparison {
  if (!drawn) return { rows, areFewClusters, value: () => NaN, difference: () => null }
  const value = (metric: string, run: number): number => drawn.runs[run]!.figures[metric] ?? NaN
  return { rows, value, difference: (metric, a, b) => differenceIn(drawn, isPlain, metric, a, b) }
}

function differenceIn(
  { runs, pairs, clusters }: NonNullable<MeasuredClassRuns['drawn']>,
  isPlain: boolean,
  metric: string,
  a: number,
  b: number
): ReturnType<ClassRowComparison['difference']> {
  const [later, earlier] = [Math.max(a, b), Math.min(a, b)]
  const pair = a === b ? undefined : pairs[(later * (later - 1)) / 2 + earlier]
  if (!pair || (gapKeys.includes(metric) && !pair.haveSameGroups) || (metric === 'decision_cost' && !pair.haveSameCosts)) return null
  const least = (differing: number): number => Math.min(1, 2 ** (1 - differing))
  if (metric === 'auc_ovr' || metric === 'auc_ovr_weighted') {
    const { difference, error } = pair[metric]
    if (!Number.isFinite(difference) || !Number.isFinite(error)) return null
    const found = openDifference(normalDifference(a > b ? difference : 0 - difference, error), clusters)
    // No test of rows that may be exchanged has a smaller one.
    return { ...noSurerThan(found, least(pair.differing)), method: 'delong' }
  }
  const [one, other] = [runs[a]!, runs[b]!]
  const [own, others, draws] = [one.figures[metric], other.figures[metric], one.draws[metric]]
  if (own === undefined || others === undefined || !Number.isFinite(own - others) || !draws) return null
  if (gapKeys.includes(metric)) {
    const [bounds, otherBounds, otherDraws] = [one.bounds[metric], other.bounds[metric], other.draws[metric]]
    if (!bounds || !otherBounds || !otherDraws) return null
    const gap = boundedDifference(
      { value: own, bounds, draws },
      { value: others, bounds: otherBounds, draws: otherDraws },
      { clusters, mayBeNone: ({ lower }) => lower <= 0 }
    )
    return noSurerThan(gap, least(pair.decidedOtherwise))
  }
  const plain = resampledDifference(own - others, draws, other.draws[metric]!)
  if (!plain) return null
  const found = openDifference(plain, clusters, resamplingLack(clusters))
  if (isPlain && isShareRight(metric)) return { ...noSurerThan(found, signTest(pair.better, pair.worse)), method: 'mcnemar' }
  const differing = isOfDecisions(metric) ? pair.decidedOtherwise : pair.differing
  return { ...noSurerThan(found, least(differing)), method: 'paired-bootstrap' }
}
