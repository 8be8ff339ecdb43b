import type { Engine } from './engine'
import type { GrownTree } from './grow-tree'
import { partedAt, type MonotoneDirections } from './monotone'
import type { Outcomes } from './losses'
import { weightedQuantile } from './weighted-quantile'

/**
 * Gives each leaf the quantile of what its rows still lack, instead of the step that their derivatives give: those know the side on which a row
 * lies, not how far (Friedman 2001, section 4.3). Where an answer must keep an order, the new values are held to it.
 */
export function renewLeaves(
  grown: GrownTree,
  engine: Engine,
  { labels, weights }: Outcomes,
  share: number,
  learningRate: number,
  directions: MonotoneDirections
): void {
  const { tree, leaves } = grown
  for (const leaf of leaves) {
    const rows = engine.rowsOf(leaf)
    const lacks = Float64Array.from(rows, (row) => labels[row]! - engine.scores[0]![row]!)
    const own = weights && Float64Array.from(rows, (row) => weights[row]!)
    tree.value[leaf.id] = Math.fround(learningRate * weightedQuantile(lacks, own, share))
  }
  if (directions) keepOrder(grown, directions)
}

/** Parts the values below each split that has a direction at the middle of what lies on both sides. */
function keepOrder({ tree }: GrownTree, directions: Int8Array): void {
  const means = Float64Array.from(tree.value)
  for (let node = tree.feature.length - 1; node >= 0; node--) {
    if (tree.feature[node]! < 0) continue
    const [left, right] = [tree.left[node]!, tree.right[node]!]
    means[node] = (tree.rows[left]! * means[left]! + tree.rows[right]! * means[right]!) / tree.rows[node]!
  }
  const bounds = tree.feature.map(() => ({ lower: -Infinity, upper: Infinity }))
  tree.feature.forEach((feature, node) => {
    const own = bounds[node]!
    if (feature < 0) {
      tree.value[node] = Math.fround(Math.min(Math.max(tree.value[node]!, own.lower), own.upper))
      return
    }
    const [left, right] = [tree.left[node]!, tree.right[node]!]
    const direction = directions[feature]!
    const middle = Math.min(Math.max((means[left]! + means[right]!) / 2, own.lower), own.upper)
    const sides = direction === 0 ? [own, own] : partedAt(middle, direction, own)
    bounds[left] = sides[0]!
    bounds[right] = sides[1]!
  })
}
