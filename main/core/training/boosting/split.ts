/** Sums over the rows of a node: of gradients and of hessians in whole units of a tree's scales, and the number of rows. */
export interface Sums {
  gradient: number
  hessian: number
  rows: number
}

/** Powers of two that turn derivatives into whole numbers, so that sums of them do not depend on their order. */
export interface Scales {
  gradient: number
  hessian: number
}

/** A cut of a node in two. The sums are those of the left side. */
export interface Split extends Sums {
  feature: number
  /** Last bin that goes left; -1 for a split by categories. */
  bin: number
  /** Bins that go left, for a split by categories. */
  set: number[] | null
  missingLeft: boolean
  /** Loss reduction, twice that of equation 7 of Chen and Guestrin (2016), in the units of the loss. */
  gain: number
  /** What is added to the hessian of both sides, in the units of the loss. */
  l2: number
}

/** A cut of a number, as a scan finds it: its score is GL^2 / (HL + l2) + GR^2 / (HR + l2) in whole units. */
export interface Cut extends Sums {
  feature: number
  bin: number
  missingLeft: boolean
  score: number
}

/** What both sides of a cut must have; hessian, l2 and gain in whole units. */
export interface ScanRules {
  minRows: number
  minHessian: number
  l2: number
  leastGain: number
}

/** One feature's histogram: a value for each bin, the missing one last. */
export interface Cells {
  gradient: Float64Array
  hessian: Float64Array
  rows: Float64Array
}

export const makeCells = (size: number): Cells => ({
  gradient: new Float64Array(size),
  hessian: new Float64Array(size),
  rows: new Float64Array(size)
})

/** The score of a node that is not cut. */
export const scoreOf = ({ gradient, hessian }: Sums, l2: number): number => (gradient * gradient) / (hessian + l2)

/**
 * The best cut of a numeric feature above the score `top`, as the kernel `scan` finds it: candidates in the order of directions and bins, the
 * first of equals.
 */
export function scanNumbers(feature: number, cells: Cells, bins: number, node: Sums, rules: ScanRules, top: number): Cut | null {
  const { minRows, minHessian, l2 } = rules
  const missingRows = cells.rows[bins]!
  let best: Cut | null = null
  for (let way = 0; way < (missingRows > 0 ? 2 : 1); way++) {
    let gradient = way ? cells.gradient[bins]! : 0
    let hessian = way ? cells.hessian[bins]! : 0
    let rows = way ? missingRows : 0
    // With the missing values on the right, "all values left" is a cut too.
    const last = missingRows > 0 && way === 0 ? bins : bins - 1
    for (let bin = 0; bin < last; bin++) {
      gradient += cells.gradient[bin]!
      hessian += cells.hessian[bin]!
      rows += cells.rows[bin]!
      const restHessian = node.hessian - hessian
      if (rows < minRows || node.rows - rows < minRows || hessian < minHessian || restHessian < minHessian) continue
      const rest = node.gradient - gradient
      const a = hessian + l2
      const b = restHessian + l2
      const score = (gradient * gradient * b + rest * rest * a) / (a * b)
      if (!(score > top)) continue
      top = score
      // A node that saw nothing missing sends it where most rows go.
      const missingLeft = missingRows > 0 ? way === 1 : rows * 2 >= node.rows
      best = { feature, bin, missingLeft, score, gradient, hessian, rows }
    }
  }
  return best
}
