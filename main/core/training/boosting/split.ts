import type { BinnedFeature } from './binning'

/** What a node needs to know to be split: sums of gradients, of hessians, and rows. */
export interface Sums {
  gradient: number
  hessian: number
  rows: number
}

export interface Split extends Sums {
  feature: number
  /** Last bin that goes left; -1 for a category split. */
  bin: number
  /** Bins that go left, for a category split. */
  set: number[] | null
  missingLeft: boolean
  gain: number
}

export interface SplitRules {
  minRowsPerLeaf: number
  minHessian: number
  l2: number
  categoricalSmoothing: number
  minRowsPerCategory: number
}

/**
 * The best split of a node by the second-order gain (Chen and Guestrin 2016, eq. 7). The sums in the result are those of the left side.
 * Categories are ordered by gradient over hessian and cut once, from both ends (Fisher 1958; Ke et al. 2017, section 4 of LightGBM).
 * Histogram cells are triples gradient, hessian, rows; `offsets` is where a feature begins.
 */
export function findSplit(
  histogram: Float64Array,
  offsets: Int32Array,
  features: readonly BinnedFeature[],
  chosen: Uint32Array,
  total: Sums,
  rules: SplitRules
): Split | null {
  const search = new SplitSearch(histogram, total, rules)
  for (const feature of chosen) {
    if (features[feature]!.categorical) search.categories(feature, offsets[feature]!, features[feature]!.bins)
    else search.numbers(feature, offsets[feature]!, features[feature]!.bins)
  }
  return search.best
}

class SplitSearch {
  best: Split | null = null
  private bestGain = 1e-10
  private readonly parent: number

  constructor(
    private readonly histogram: Float64Array,
    private readonly total: Sums,
    private readonly rules: SplitRules
  ) {
    this.parent = (total.gradient * total.gradient) / (total.hessian + rules.l2)
  }

  /** Gain of a left side, or 0 when a side is too small. */
  private gain(gradient: number, hessian: number, rows: number): number {
    const { minRowsPerLeaf, minHessian, l2 } = this.rules
    const right = this.total.hessian - hessian
    if (rows < minRowsPerLeaf || this.total.rows - rows < minRowsPerLeaf || hessian < minHessian || right < minHessian) return 0
    const rest = this.total.gradient - gradient
    return (gradient * gradient) / (hessian + l2) + (rest * rest) / (right + l2) - this.parent
  }

  numbers(feature: number, offset: number, bins: number): void {
    const h = this.histogram
    const missing = offset + bins * 3
    const missingRows = h[missing + 2]!
    const ways = missingRows > 0 ? 2 : 1
    for (let way = 0; way < ways; way++) {
      const missingLeft = way === 1
      let gradient = missingLeft ? h[missing]! : 0
      let hessian = missingLeft ? h[missing + 1]! : 0
      let rows = missingLeft ? missingRows : 0
      // With missing values on the right, "all values left" is a split too.
      const last = missingRows > 0 && !missingLeft ? bins : bins - 1
      for (let bin = 0; bin < last; bin++) {
        const cell = offset + bin * 3
        gradient += h[cell]!
        hessian += h[cell + 1]!
        rows += h[cell + 2]!
        if (rows < this.rules.minRowsPerLeaf) continue
        if (this.total.rows - rows < this.rules.minRowsPerLeaf) break
        const gain = this.gain(gradient, hessian, rows)
        if (gain <= this.bestGain) continue
        this.bestGain = gain
        // A node that saw nothing missing sends it where most rows go.
        const fallback = missingRows > 0 ? missingLeft : rows * 2 >= this.total.rows
        this.best = { feature, bin, set: null, missingLeft: fallback, gain, gradient, hessian, rows }
      }
    }
  }

  categories(feature: number, offset: number, bins: number): void {
    const h = this.histogram
    const { minRowsPerCategory, categoricalSmoothing } = this.rules
    const order: number[] = []
    const keys = new Float64Array(bins + 1)
    for (let bin = 0; bin <= bins; bin++) {
      const cell = offset + bin * 3
      if (h[cell + 2]! < minRowsPerCategory) continue
      keys[bin] = h[cell]! / (h[cell + 1]! + categoricalSmoothing)
      order.push(bin)
    }
    order.sort((a, b) => keys[a]! - keys[b]! || a - b)
    const missingSeen = h[offset + bins * 3 + 2]! > 0
    for (let way = 0; way < 2; way++) {
      let gradient = 0
      let hessian = 0
      let rows = 0
      for (let i = 0; i < order.length; i++) {
        const cell = offset + order[way ? order.length - 1 - i : i]! * 3
        gradient += h[cell]!
        hessian += h[cell + 1]!
        rows += h[cell + 2]!
        const gain = this.gain(gradient, hessian, rows)
        if (gain <= this.bestGain) continue
        this.bestGain = gain
        const set = (way ? order.slice(order.length - 1 - i) : order.slice(0, i + 1)).filter((bin) => bin < bins)
        const missing = way ? order.indexOf(bins) >= order.length - 1 - i : order.slice(0, i + 1).includes(bins)
        const missingLeft = missingSeen ? missing : rows * 2 >= this.total.rows
        this.best = { feature, bin: -1, set: set.sort((a, b) => a - b), missingLeft, gain, gradient, hessian, rows }
      }
    }
  }
}
