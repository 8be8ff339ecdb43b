import type { PairMethod } from '../../../../model/tasks'
import { normalDifference, noSurerThan, openDifference, resampledDifference, type Difference } from '../../../numerics'
import { boundedDifference } from '../../paired'
import { resamplingLack } from '../../resampling'
import { gapKeys } from './drawn-gaps'
import { measureRuns, type DrawnRun, type MeasuredRuns, type MeasureOptions } from './measure-runs'
import type { ScoredRun } from './scored-run'

/** Runs over the same rows, ready to be compared two by two. */
export interface RowComparison {
  rows: number
  /** True where the rows come in too few clusters: then intervals do not tell the runs apart either. */
  areFewClusters?: boolean
  /** A figure of one run over all rows; NaN where it has no value. */
  value(metric: string, run: number): number
  /** A figure of run `a` minus that of run `b`; null where the rows cannot tell. */
  difference(metric: string, a: number, b: number): (Difference & { method: PairMethod }) | null
}

/**
 * Compares runs by what their rows said: every figure over the same resamples of the rows, gaps between groups by the intervals of both runs and
 * how they move together. Each difference stands for itself; whoever looks at several holds them together.
 */
export function compareMeasured({ rows, drawn, pairs, clusters, areFewClusters }: MeasuredRuns): RowComparison {
  if (!drawn) return { rows, areFewClusters, value: () => NaN, difference: () => null }
  return {
    rows,
    value: (metric, run) => drawn[run]!.figures[metric] ?? NaN,
    difference(metric, a, b) {
      const [later, earlier] = [Math.max(a, b), Math.min(a, b)]
      const pair = a === b ? undefined : pairs[(later * (later - 1)) / 2 + earlier]
      if (!pair || (gapKeys.includes(metric) && !pair.haveSameGroups)) return null
      const found = estimateOf(drawn[a]!, drawn[b]!, metric, { differing: pair.differing, clusters })
      // No test of rows that may be exchanged has a smaller p than one in which each of the differing ones points the same way.
      return found && noSurerThan(found, Math.min(1, 2 ** (1 - pair.differing)))
    }
  }
}

function estimateOf(
  one: DrawnRun,
  other: DrawnRun,
  metric: string,
  { differing, clusters }: { differing: number; clusters: number | null }
): ReturnType<RowComparison['difference']> {
  const [own, others] = [one.figures[metric], other.figures[metric]]
  const [draws, otherDraws] = [one.draws[metric], other.draws[metric]]
  if (own === undefined || others === undefined || !Number.isFinite(own - others) || !draws || !otherDraws) return null
  const isGap = gapKeys.includes(metric)
  if (differing === 0) return { ...normalDifference(0, 0), method: isGap ? 'paired-intervals' : 'paired-bootstrap' }
  if (!isGap) {
    const found = resampledDifference(own - others, draws, otherDraws)
    return found && { ...openDifference(found, clusters, resamplingLack(clusters)), method: 'paired-bootstrap' }
  }
  const [bounds, otherBounds] = [one.bounds[metric], other.bounds[metric]]
  if (!bounds || !otherBounds) return null
  // The loss of a group lies at no end of what it can be; a gap of groups that may be alike does.
  const mayBeNone = ({ lower }: { lower: number }): boolean => metric !== 'worst_group_loss' && lower <= 0
  return boundedDifference(
    { value: own, bounds, draws },
    { value: others, bounds: otherBounds, draws: otherDraws },
    { clusters, mayBeNone }
  )
}

/** Both at once, in this process. @throws WorkbenchError CANCELLED */
export const compareScoredRuns = async (runs: readonly ScoredRun[], options: MeasureOptions = {}): Promise<RowComparison> =>
  compareMeasured(await measureRuns(runs, options))
