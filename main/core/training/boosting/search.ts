import type { BinnedFeature } from './binning'
import type { Cells, Scales, ScanRules, Split, Sums } from './split'

/** How categories are ordered, gathered and cut; hessians in the units of the loss. */
export interface CategoryRules {
  /** Added to the hessian of a category before categories are ordered. */
  smoothing: number
  /** A category with fewer rows in a node is not moved. */
  minRows: number
  /** Added to the hessian of both sides of a cut. */
  l2: number
  /** Most categories that a cut moves. */
  mostMoved: number
  /** Fewest rows between one candidate and the next, and on the other side. */
  minGroupRows: number
  /** Up to so many categories each is judged alone against the others, without the added hessian. */
  mostAlone: number
}

/** Between which values (before the learning rate) the rows of a node must stay. */
export interface Bounds {
  lower: number
  upper: number
}

/** The node that is searched, and what its cuts must keep to. */
export interface SearchedNode extends Sums, Bounds {}

/** Searches the cuts of one node that the kernels do not know: those by categories, and those that must keep an order. */
export class Search {
  best: Split | null = null
  private readonly unit: number
  private readonly parent: number

  /** @param directions 1 or -1 where the answer must not fall or rise with a feature, else 0; null where no feature has one */
  constructor(
    private readonly node: SearchedNode,
    private readonly scales: Scales,
    private readonly rules: ScanRules,
    private readonly categoryRules: CategoryRules,
    private readonly directions: Int8Array | null
  ) {
    this.unit = scales.hessian / scales.gradient ** 2
    this.parent = this.sideScore(node.gradient, node.hessian, rules.l2)
  }

  /** A side's value, within the bounds of the node, in whole units. */
  private value(gradient: number, hessian: number, l2: number): number {
    const ratio = this.scales.gradient / this.scales.hessian
    return Math.min(Math.max(-gradient / (hessian + l2), this.node.lower * ratio), this.node.upper * ratio)
  }

  /** How much a side's value takes from the loss, twice and in whole units; G^2 / (H + l2) where no bound holds it. */
  private sideScore(gradient: number, hessian: number, l2: number): number {
    const value = this.value(gradient, hessian, l2)
    return -(2 * gradient + (hessian + l2) * value) * value
  }

  /** Gain of a cut in the units of the loss; 0 where a side is too small or the order is broken. */
  private gain({ gradient, hessian, rows }: Sums, l2: number, direction: number): number {
    const { node, rules } = this
    const [rest, restHessian] = [node.gradient - gradient, node.hessian - hessian]
    if (rows < rules.minRows || node.rows - rows < rules.minRows || hessian < rules.minHessian || restHessian < rules.minHessian) return 0
    if (direction !== 0 && (this.value(rest, restHessian, l2) - this.value(gradient, hessian, l2)) * direction < 0) return 0
    return (this.sideScore(gradient, hessian, l2) + this.sideScore(rest, restHessian, l2) - this.parent) * this.unit
  }

  private isBetter(gain: number, feature: number): boolean {
    const best = this.best
    return best ? gain > best.gain || (gain === best.gain && feature < best.feature) : gain > this.rules.leastGain * this.unit
  }

  /** Cuts of a number under bounds, in the order of directions of the missing values and of bins. */
  numbers(feature: number, cells: Cells, bins: number): void {
    const { node, rules } = this
    const missingRows = cells.rows[bins]!
    for (let way = 0; way < (missingRows > 0 ? 2 : 1); way++) {
      const left = way ? sumsAt(cells, bins) : { gradient: 0, hessian: 0, rows: 0 }
      const last = missingRows > 0 && way === 0 ? bins : bins - 1
      for (let bin = 0; bin < last; bin++) {
        addCell(left, cells, bin)
        const gain = this.gain(left, rules.l2, this.directions?.[feature] ?? 0)
        if (!this.isBetter(gain, feature)) continue
        const missingLeft = missingRows > 0 ? way === 1 : left.rows * 2 >= node.rows
        this.best = { feature, bin, set: null, missingLeft, gain, l2: rules.l2 / this.scales.hessian, ...left }
      }
    }
  }

  /**
   * Cuts by categories. They are ordered by gradient over hessian, and from both ends more and more of them are moved to the left (Fisher 1958;
   * Ke et al. 2017). Few categories are tried one by one. The missing values count as a category.
   */
  categories(feature: number, cells: Cells, { bins }: BinnedFeature): void {
    const rules = this.categoryRules
    const order: number[] = []
    const keys = new Float64Array(bins + 1)
    for (let bin = 0; bin <= bins; bin++) {
      if (cells.rows[bin]! === 0 || cells.rows[bin]! < rules.minRows) continue
      keys[bin] = cells.gradient[bin]! / (cells.hessian[bin]! + rules.smoothing * this.scales.hessian)
      order.push(bin)
    }
    if (order.length <= rules.mostAlone) {
      for (const bin of order) this.offer(feature, cells, bins, [bin], sumsAt(cells, bin), this.rules.l2)
      return
    }
    order.sort((a, b) => keys[a]! - keys[b]! || a - b)
    // The other half is reached from the other end.
    const most = Math.min(rules.mostMoved, Math.ceil(order.length / 2))
    this.fromOneEnd(feature, cells, bins, order, most)
    this.fromOneEnd(feature, cells, bins, order.reverse(), most)
  }

  private fromOneEnd(feature: number, cells: Cells, bins: number, order: readonly number[], most: number): void {
    const { node, categoryRules } = this
    const l2 = this.rules.l2 + categoryRules.l2 * this.scales.hessian
    const left = { gradient: 0, hessian: 0, rows: 0 }
    let group = 0
    for (let i = 0; i < most; i++) {
      addCell(left, cells, order[i]!)
      group += cells.rows[order[i]!]!
      if (node.rows - left.rows < categoryRules.minGroupRows) return
      if (group < categoryRules.minGroupRows) continue
      if (this.offer(feature, cells, bins, order.slice(0, i + 1), left, l2)) group = 0
    }
  }

  /** Whether the moved categories make two sides that are large enough. */
  private offer(feature: number, cells: Cells, bins: number, moved: readonly number[], left: Sums, l2: number): boolean {
    const { node, rules } = this
    if (left.rows < rules.minRows || left.hessian < rules.minHessian) return false
    const gain = this.gain(left, l2, 0)
    if (!this.isBetter(gain, feature)) return true
    const set = moved.filter((bin) => bin < bins).sort((a, b) => a - b)
    const missingLeft = cells.rows[bins]! > 0 ? moved.includes(bins) : left.rows * 2 >= node.rows
    this.best = { feature, bin: -1, set, missingLeft, gain, l2: l2 / this.scales.hessian, ...left }
    return true
  }
}

const sumsAt = (cells: Cells, bin: number): Sums => ({
  gradient: cells.gradient[bin]!,
  hessian: cells.hessian[bin]!,
  rows: cells.rows[bin]!
})

function addCell(sums: Sums, cells: Cells, bin: number): void {
  sums.gradient += cells.gradient[bin]!
  sums.hessian += cells.hessian[bin]!
  sums.rows += cells.rows[bin]!
}
