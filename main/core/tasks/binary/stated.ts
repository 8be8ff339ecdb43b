import { calibrationError, recalibration } from './reliability'
import type { Ranking } from './ranking'
import type { Reliability } from '../../../model/tasks'
import { wilsonInterval, z95 } from '../../numerics'
import { effectiveShare, kishRows, sumsByUnit, unitsOf, unitsOfRows, type Units } from '../resampling'

const level = 0.95
const mostBins = 10
const rarerInBin = 5

/** Probabilities of one thing against whether it came, row by row; `weights` are those of the rows, `clusters` say which belong together. */
export interface Stated {
  scores: Float64Array
  came: Uint8Array
  ranking: Ranking
  weights: Float64Array | null
  clusters?: Uint32Array | null
}

/**
 * Sum over ten bins of equal width of |sum of p - what came| over the sum of weights (Naeini, Cooper and Hauskrecht 2015); a probability of 1
 * belongs to the last bin.
 */
export function equalWidthError({ scores, came, weights }: Omit<Stated, 'ranking'>): number {
  const gaps = new Float64Array(10)
  let total = 0
  for (let row = 0; row < scores.length; row++) {
    const weight = weights ? weights[row]! : 1
    total += weight
    gaps[Math.min(9, Math.floor(scores[row]! * 10))]! += weight * (scores[row]! - came[row]!)
  }
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / total
}

/**
 * How far probabilities can be taken at their word: bins of as many rows each as equal scores allow, and the root mean square gap over them
 * less what chance adds, with the interval and p of the binary task's `calibrationError`. Weighted rows count by their weight, and the chance
 * by the squares of the weights; of rows that come in clusters it is larger by as much as they vary together.
 */
export function judgeStated(stated: Stated): {
  reliability: Reliability
  error: { value: number; interval: ReturnType<typeof intervalOf> }
} {
  const bins = quantileBins(stated)
  const { value, bounds, p } = calibrationError(bins, level)
  const { weights, clusters = null } = stated
  const units = unitsOf(stated.scores.length, clusters, Infinity)
  const fit = recalibration(stated.came, stated.scores, z95, weights || clusters ? { weights, units } : null)
  const estimate = (part: { value: number; lower: number; upper: number } | undefined) =>
    part ? { value: part.value, interval: intervalOf(part, 'Wald') } : { value: null, interval: null }
  return {
    reliability: {
      bins: bins.map(({ from, to, rows, predicted, observed, effective }) => ({
        ...{ from, to, count: rows, predicted, observed },
        ...wilsonInterval(observed * effective, effective)
      })),
      p,
      slope: estimate(fit?.slope),
      intercept: estimate(fit?.intercept)
    },
    error: { value, interval: intervalOf(bounds, 'test inversion') }
  }
}

const intervalOf = ({ lower, upper }: { lower: number; upper: number }, method: string) => ({ lower, upper, level, samples: 0, method })

/** Bins of as many rows each as equal scores allow; rows without any weight make none of their own. */
export function quantileBins({ scores, came, ranking: { order, starts }, weights, clusters = null }: Stated) {
  const rows = scores.length
  const events = came.reduce((sum, each) => sum + each, 0)
  const wanted = Math.max(2, Math.min(mostBins, Math.floor(Math.min(events, rows - events) / rarerInBin)))
  const usual = weights ? weights.reduce((sum, weight) => sum + weight, 0) / rows : 1
  const units = unitsOf(rows, clusters, Infinity)
  const bins: ReturnType<typeof describeBin>[] = []
  let end = rows
  for (let group = starts.length - 2; group >= 0; group--) {
    const taken = rows - starts[group]!
    if (group > 0 && taken < ((bins.length + 1) * rows) / wanted) continue
    const bin = describeBin(scores, came, weights, order.subarray(starts[group]!, end), usual, units)
    // Rows without any weight go with those above them.
    if (bin.count === 0) continue
    bins.push(bin)
    end = starts[group]!
  }
  const last = bins.at(-1)
  if (last) last.rows += end
  return units.of ? varyingTogether(bins) : bins
}

/** Rows of a cluster vary together: what chance makes of calibrated probabilities grows as what the bins show does. */
function varyingTogether<B extends { count: number; asSeen: number; apart: number; ifCalibrated: number }>(bins: readonly B[]): B[] {
  const sumOf = (of: (bin: B) => number): number => bins.reduce((sum, bin) => sum + bin.count * of(bin), 0)
  const apart = sumOf((bin) => bin.apart)
  const together = apart > 0 ? Math.max(1, sumOf((bin) => bin.asSeen) / apart) : 1
  return bins.map((bin) => ({ ...bin, ifCalibrated: bin.ifCalibrated * together }))
}

/** One bin; `count` are its rows by weight, `effective` the rows without weights that would say as much (Kish 1965). */
function describeBin(scores: Float64Array, came: Uint8Array, weights: Float64Array | null, rows: Uint32Array, usual: number, units: Units) {
  const sums = { weight: 0, squares: 0, predicted: 0, observed: 0, noise: 0 }
  for (const row of rows) {
    const [weight, score] = [weights ? weights[row]! : 1, scores[row]!]
    sums.weight += weight
    sums.squares += weight * weight
    sums.predicted += weight * score
    sums.observed += weight * came[row]!
    sums.noise += weight * weight * score * (1 - score)
  }
  const over = (sum: number): number => (sums.weight > 0 ? sum / sums.weight : 0)
  const gap = over(sums.predicted - sums.observed)
  const weightOf = (row: number): number => (weights ? weights[row]! : 1)
  const byWeight = sums.squares > 0 ? (sums.weight * sums.weight) / sums.squares : 0
  const off = Float64Array.from(rows, (row) => weightOf(row) * (scores[row]! - came[row]! - gap))
  const ifCalibrated = over(over(sums.noise))
  const spreadOf = (parts: Float64Array, effective: number): number => {
    const spread = parts.reduce((sum, part) => sum + part * part, 0)
    return effective > 1 ? (over(over(spread)) * effective) / (effective - 1) : ifCalibrated
  }
  const apart = spreadOf(off, byWeight)
  const within = units.of && unitsOfRows(units, rows)
  const each = within && Float64Array.from(rows, weightOf)
  const effective = each
    ? effectiveShare(
        each.map((weight, at) => weight * came[rows[at]!]!),
        each,
        within
      ).whole
    : byWeight
  return {
    from: scores[rows[rows.length - 1]!]!,
    to: scores[rows[0]!]!,
    rows: rows.length,
    count: sums.weight / usual,
    effective,
    predicted: Math.min(1, over(sums.predicted)),
    observed: Math.min(1, over(sums.observed)),
    gap,
    ifCalibrated,
    apart,
    asSeen: each ? spreadOf(sumsByUnit(off, within), kishRows(sumsByUnit(each, within))) : apart
  }
}
