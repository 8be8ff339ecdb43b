import type { PairMethod } from '../../../../model/tasks'
import { normalDifference, resampledDifference, type Difference } from '../../../numerics'
import { measureRuns, type MeasuredRuns, type MeasureOptions } from './measure-runs'
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
 * Compares runs by what their rows said: every figure over the same resamples of the rows. Each difference stands for itself; whoever looks
 * at several holds them together.
 */
export function compareMeasured({ rows, drawn, differing, areFewClusters }: MeasuredRuns): RowComparison {
  if (!drawn) return { rows, areFewClusters, value: () => NaN, difference: () => null }
  return {
    rows,
    value: (metric, run) => drawn[run]!.figures[metric] ?? NaN,
    difference(metric, a, b) {
      const [one, other] = [drawn[a]!, drawn[b]!]
      const [own, others, draws] = [one.figures[metric], other.figures[metric], one.draws[metric]]
      if (a === b || own === undefined || others === undefined || !Number.isFinite(own - others) || !draws) return null
      const [later, earlier] = [Math.max(a, b), Math.min(a, b)]
      const units = differing[(later * (later - 1)) / 2 + earlier]!
      if (units === 0) return { ...normalDifference(0, 0), method: 'paired-bootstrap' }
      const found = resampledDifference(own - others, draws, other.draws[metric]!)
      // No test of rows that may be exchanged has a smaller p than one in which each of the differing ones points the same way.
      return found && { ...found, p: Math.max(found.p, Math.min(1, 2 ** (1 - units))), method: 'paired-bootstrap' }
    }
  }
}

/** Both at once, in this process. @throws WorkbenchError CANCELLED */
export const compareScoredRuns = async (runs: readonly ScoredRun[], options: MeasureOptions = {}): Promise<RowComparison> =>
  compareMeasured(await measureRuns(runs, options))
