import { studentQuantile, z95 } from '../../numerics'
import { sumsByUnit, unitsOf } from '../resampling'
import type { Ranking } from './ranking'

/**
 * AUC of weighted rows, and what each row moves it by: its weighted placement among the rows of the other kind, less the AUC (DeLong, DeLong
 * and Clarke-Pearson 1988). The influences add up to zero, and the variance of the AUC is the sum of their squares. `own` and `others` are the
 * sums of weights of both kinds, above zero.
 */
export function influencesOf({ order, starts }: Ranking, isOwn: Uint8Array, weights: Float64Array | null, own: number, others: number) {
  const influence = new Float64Array(isOwn.length)
  const weightOf = (row: number): number => (weights ? weights[row]! : 1)
  let [above, othersAbove, area] = [0, 0, 0]
  for (let group = 0; group + 1 < starts.length; group++) {
    let [inGroup, othersIn] = [0, 0]
    for (let i = starts[group]!; i < starts[group + 1]!; i++) {
      if (isOwn[order[i]!]) inGroup += weightOf(order[i]!)
      else othersIn += weightOf(order[i]!)
    }
    const ofOwn = (others - othersAbove - othersIn / 2) / others
    const ofOther = (above + inGroup / 2) / own
    for (let i = starts[group]!; i < starts[group + 1]!; i++) influence[order[i]!] = isOwn[order[i]!] ? ofOwn : ofOther
    area += inGroup * ofOwn
    above += inGroup
    othersAbove += othersIn
  }
  const auc = Math.min(1, area / own)
  for (let row = 0; row < isOwn.length; row++) influence[row] = ((influence[row]! - auc) * weightOf(row)) / (isOwn[row] ? own : others)
  return { auc, influence }
}

/** Standard error of what the influences add up to; rows of a cluster count as one. */
export function errorOf(influence: Float64Array, clusters: Uint32Array | null): number {
  const sums = sumsByUnit(influence, unitsOf(influence.length, clusters, Infinity))
  if (sums.length < 2) return Infinity
  const squares = sums.reduce((sum, each) => sum + each * each, 0)
  return Math.sqrt((squares * sums.length) / (sums.length - 1))
}

/** The same for a normal distribution: wider by what few clusters leave open of the error itself, as Student's distribution has it. */
export function openErrorOf(influence: Float64Array, clusters: Uint32Array | null): number {
  const error = errorOf(influence, clusters)
  const count = clusters ? unitsOf(clusters.length, clusters, Infinity).count : 0
  return count > 1 ? (error * studentQuantile(0.975, count - 1)) / z95 : error
}
