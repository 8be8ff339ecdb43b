/**
 * Rows from the highest to the lowest score, in groups of equal score. Every ranking figure (AUC, curves, bootstrap) walks these groups,
 * so a table is sorted once.
 */
export interface Ranking {
  /** Row numbers by descending score. */
  order: Uint32Array
  /** Where each group begins in `order`, and one more entry for the end. */
  starts: Uint32Array
}

export function deriveRanking(scores: Float64Array): Ranking {
  // Numbers alone are sorted many times faster than rows by a comparison; then each row finds the group of its score.
  const sorted = scores.slice().sort().reverse()
  const starts: number[] = []
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) starts.push(i)
  const free = Uint32Array.from(starts)
  const order = new Uint32Array(sorted.length)
  for (let row = 0; row < scores.length; row++) {
    let [low, high] = [0, starts.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (sorted[starts[middle]!]! >= scores[row]!) low = middle
      else high = middle - 1
    }
    order[free[low]!++] = row
  }
  starts.push(sorted.length)
  return { order, starts: Uint32Array.from(starts) }
}

/** Area under the ROC curve (Mann and Whitney, ties count a half); null when one outcome is missing. */
export function areaUnderCurve(labels: Uint8Array, scores: Float64Array, weights: Float64Array | null = null): number | null {
  return rankedFigures(labels, deriveRanking(scores), weights).auc
}

/**
 * AUC and average precision (sum of recall steps times precision) with optional row weights; null when they have no value.
 */
export function rankedFigures(
  labels: Uint8Array,
  { order, starts }: Ranking,
  weights: Uint32Array | Float64Array | null
): { auc: number | null; averagePrecision: number | null } {
  let positives = 0
  let negatives = 0
  let area = 0
  let precisionSum = 0
  for (let group = 0; group + 1 < starts.length; group++) {
    let own = 0
    let others = 0
    for (let i = starts[group]!; i < starts[group + 1]!; i++) {
      const row = order[i]!
      const weight = weights ? weights[row]! : 1
      if (labels[row]) own += weight
      else others += weight
    }
    area += others * (positives + own / 2)
    positives += own
    negatives += others
    if (own > 0) precisionSum += (own * positives) / (positives + negatives)
  }
  return {
    auc: positives > 0 && negatives > 0 ? area / (positives * negatives) : null,
    averagePrecision: positives > 0 ? precisionSum / positives : null
  }
}

/** Share of the pairs of a positive and a negative row that have the same score; null when one outcome is missing. */
export function tiedPairs(labels: Uint8Array, { order, starts }: Ranking, weights: Float64Array | null = null): number | null {
  let [positives, negatives, tied] = [0, 0, 0]
  for (let group = 0; group + 1 < starts.length; group++) {
    let [own, others] = [0, 0]
    for (let i = starts[group]!; i < starts[group + 1]!; i++) {
      const weight = weights ? weights[order[i]!]! : 1
      if (labels[order[i]!]) own += weight
      else others += weight
    }
    tied += own * others
    positives += own
    negatives += others
  }
  const pairs = positives * negatives
  return pairs > 0 ? tied / pairs : null
}
