import { errorOf, influencesOf as influencesIn } from '../influence'
import type { Ranking } from '../ranking'

/** How each row of one outcome stands among the rows of the other: a row's own share of the AUC. */
export interface Placements {
  auc: number
  /** By positive row: share of the negatives below it, ties a half. */
  positives: Float64Array
  /** By negative row: share of the positives above it, ties a half. */
  negatives: Float64Array
}

/**
 * The placements that mid-ranks give (DeLong, DeLong and Clarke-Pearson 1988, in the order n log n of Sun and Xu 2014): one walk over the
 * groups of equal score. Both outcomes must occur.
 */
export function placementsOf(labels: Uint8Array, { order, starts }: Ranking): Placements {
  const count = labels.reduce((sum, label) => sum + label, 0)
  const [positives, negatives] = [new Float64Array(count), new Float64Array(labels.length - count)]
  // Place of each row among those of its outcome, in the order of the table: the same for every model.
  const place = new Uint32Array(labels.length)
  const seen = [0, 0]
  for (let row = 0; row < labels.length; row++) place[row] = seen[labels[row]!]!++
  const above = [0, 0]
  for (let group = 0; group + 1 < starts.length; group++) {
    const own = [0, 0]
    for (let i = starts[group]!; i < starts[group + 1]!; i++) own[labels[order[i]!]!]! += 1
    for (let i = starts[group]!; i < starts[group + 1]!; i++) {
      const row = order[i]!
      if (labels[row]) positives[place[row]!] = (negatives.length - above[0]! - own[0]! / 2) / negatives.length
      else negatives[place[row]!] = (above[1]! + own[1]! / 2) / positives.length
    }
    above[0]! += own[0]!
    above[1]! += own[1]!
  }
  return { auc: mean(positives), positives, negatives }
}

/** What each row of weighted or clustered rows moves the AUC by. */
export interface Influences {
  auc: number
  influence: Float64Array
}
/** How the rows of one run stand in its ranking. */
export type Placed = Placements | Influences

/** Both outcomes must have a weight. */
export function influencesOf(labels: Uint8Array, ranking: Ranking, weights: Float64Array | null): Influences {
  const sums = [0, 0]
  for (let row = 0; row < labels.length; row++) sums[labels[row]!]! += weights ? weights[row]! : 1
  return influencesIn(ranking, labels, weights, sums[1]!, sums[0]!)
}

/** Difference of two AUCs over the same weighted rows and its standard error, whole clusters varying. */
export const countedDifference = (a: Influences, b: Influences, clusters: Uint32Array | null): { difference: number; error: number } => ({
  difference: a.auc - b.auc,
  error: errorOf(
    a.influence.map((each, row) => each - b.influence[row]!),
    clusters
  )
})

/** Difference of two AUCs over the same rows and its standard error; needs two rows of each outcome. */
export function delongDifference(a: Placements, b: Placements): { difference: number; error: number } {
  const variance = varianceOfDifference(a.positives, b.positives) + varianceOfDifference(a.negatives, b.negatives)
  return { difference: a.auc - b.auc, error: Math.sqrt(variance) }
}

/** Variance of the mean of the differences row by row. */
function varianceOfDifference(a: Float64Array, b: Float64Array): number {
  const count = a.length
  let sum = 0
  for (let i = 0; i < count; i++) sum += a[i]! - b[i]!
  const middle = sum / count
  let squares = 0
  for (let i = 0; i < count; i++) squares += (a[i]! - b[i]! - middle) ** 2
  return squares / (count - 1) / count
}

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length
