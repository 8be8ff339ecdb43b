import type { AmountComparisons, AmountGap } from '../../../model/tasks/regression'
import { normalQuantile, rangeQuantile, rangeShare, studentQuantile, z95 } from '../../numerics'

const level = 0.95
/** RMSE, MAE, mean error: three questions asked of the same groups. */
const questions = 3

/** A figure of one group with its standard error; `freedom` is how many independent rows or clusters it rests on, less one. */
export interface GroupFigure {
  value: number
  error: number
  freedom: number
}

export interface GroupFigures {
  rmse: GroupFigure
  mae: GroupFigure
  meanError: GroupFigure
  loss: GroupFigure
}

/**
 * What can be said of the gaps between groups: bounds of all pairs hold at once (Tukey 1953; Games and Howell 1976 for groups of unequal
 * spread), and each of the three questions has a third of the level (Bonferroni). `tolerances` are in the unit of each gap.
 */
export function compareAmounts(
  groups: readonly GroupFigures[],
  tolerances: Record<'rmse' | 'mae' | 'meanError', number>
): AmountComparisons {
  const gap = (key: keyof typeof tolerances): AmountGap =>
    gapOf(
      groups.map((group) => group[key]),
      tolerances[key]
    )
  const [rmse, mae, meanError] = [gap('rmse'), gap('mae'), gap('meanError')]
  const verdicts = [rmse, mae, meanError].map(({ verdict }) => verdict)
  return {
    level,
    rmse,
    mae,
    meanError,
    worstLoss: worstOf(groups.map(({ loss }) => loss)),
    verdict: verdicts.includes('differ') ? 'differ' : verdicts.every((verdict) => verdict === 'alike') ? 'alike' : 'cannot-tell'
  }
}

/** Standard errors on each side of the intervals of all pairs, by number of groups: found by numerical integration, so once each. */
const reaches = new Map<number, number>()
function familyReach(groups: number): number {
  const z = reaches.get(groups) ?? rangeQuantile(1 - (1 - level) / questions, groups) / Math.SQRT2
  reaches.set(groups, z)
  return z
}

/** How much wider few rows make an interval. */
const widened = (freedom: number): number => studentQuantile(0.975, Math.max(1, freedom)) / z95

function gapOf(figures: readonly GroupFigure[], tolerance: number): AmountGap {
  const groups = figures.length
  if (groups < 2) return { lower: null, upper: null, p: null, groups, tolerance, verdict: 'cannot-tell' }
  const z = familyReach(groups)
  let [lower, upper, apart] = [0, 0, 0]
  for (const [at, a] of figures.entries())
    for (const b of figures.slice(at + 1)) {
      const difference = Math.abs(a.value - b.value)
      const error = Math.hypot(a.error, b.error) * widened(Math.min(a.freedom, b.freedom))
      lower = Math.max(lower, difference - z * error)
      upper = Math.max(upper, difference + z * error)
      if (difference > 0) apart = Math.max(apart, difference / error)
    }
  const p = Math.min(1, questions * (1 - rangeShare(apart * Math.SQRT2, groups)))
  return { lower, upper, p, groups, tolerance, verdict: lower > 0 ? 'differ' : upper <= tolerance ? 'alike' : 'cannot-tell' }
}

/** Bounds of the largest of the group losses, the number of groups counted in (Bonferroni). */
function worstOf(losses: readonly GroupFigure[]): { lower: number | null; upper: number | null } {
  const known = losses.filter(({ value, error }) => Number.isFinite(value + error))
  if (known.length === 0 || known.length < losses.length) return { lower: null, upper: null }
  const z = normalQuantile(1 - (1 - level) / 2 / known.length)
  const reach = ({ error, freedom }: GroupFigure): number => z * error * widened(freedom)
  return {
    lower: Math.max(0, ...known.map((each) => each.value - reach(each))),
    upper: Math.max(...known.map((each) => each.value + reach(each)))
  }
}
