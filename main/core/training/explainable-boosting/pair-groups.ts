import type { Axis } from './grid'

/** Groups of a number, or texts that stay apart, in a pair: the cells of pairs must have rows enough. */
const mostGroups = 32

export interface Grouping {
  /** The group of every bin. */
  groups: number[]
  axis: Axis
}

/**
 * Coarser bins of a feature for its pairs. Of a number about equally heavy runs of bins, then one for missing values; of a text the most frequent
 * ones, then the other and unknown ones together, then missing.
 */
export function groupBins(weights: ArrayLike<number>, isText: boolean): Grouping {
  const bins = weights.length
  if (isText) {
    const apart = Math.min(bins - 2, mostGroups)
    const groups = Array.from({ length: bins }, (_, bin) => (bin === bins - 1 ? apart + 1 : Math.min(bin, apart)))
    return { groups, axis: { groups: apart + 2, isOrdered: false } }
  }
  const values = Array.from({ length: bins - 1 }, (_, bin) => weights[bin]!)
  const total = values.reduce((sum, weight) => sum + weight, 0)
  const groups: number[] = []
  let [before, run, group] = [0, 0, 0]
  values.forEach((weight, bin) => {
    const wanted = values.length <= mostGroups ? bin : Math.floor(((before + weight / 2) / total) * mostGroups)
    // A heavy bin leaves runs out; the numbers of the groups close up.
    if (bin > 0 && wanted > run) group++
    run = wanted
    groups.push(group)
    before += weight
  })
  return { groups: [...groups, group + 1], axis: { groups: group + 2, isOrdered: true } }
}
