import type { FeatureEncoding } from '../features'
import type { Engine } from './engine'
import type { GrownTree } from './grow-tree'
import type { Targets } from './targets'
import { weightedQuantile } from './weighted-quantile'

/** Rows that are walked with an unknown text, for each column. */
const mostRows = 200

interface Pretenders {
  feature: number
  /** Bin of a text that training did not see. */
  unknown: number
  rows: Uint32Array
  /** Margins by output. */
  scores: Float64Array[]
}

/**
 * Learns where a text goes that training did not see, in a column of which it saw every text. Some training rows are walked as if their text
 * were unknown; at each split on the column they go to the side that is nearer to what they still lack. So an unknown text comes to be scored
 * like the average row that has a text. The trees themselves stay as they were grown.
 */
export class UnknownTexts {
  private readonly all: Pretenders[]

  constructor(
    private readonly engine: Engine,
    encodings: readonly FeatureEncoding[],
    private readonly targets: Targets,
    private readonly learningRate: number,
    private readonly l2: number
  ) {
    this.all = encodings.flatMap(({ kind, kept }, feature) => {
      if (kind !== 'category') return []
      const codes = engine.features[feature]!.codes.subarray(0, engine.rows)
      const unknown = kept.length
      // A rare text in training taught where unknown ones go.
      if (codes.includes(unknown)) return []
      const known = Uint32Array.from(codes.keys()).filter((row) => codes[row]! < unknown)
      const size = Math.min(known.length, mostRows)
      const rows = Uint32Array.from({ length: size }, (_, at) => known[Math.floor((at * known.length) / size)]!)
      return [{ feature, unknown, rows, scores: targets.base.map((base) => new Float64Array(size).fill(base)) }]
    })
  }

  /** Adds the unknown text to the sets of an output's grown tree where it goes left, and what the tree says to the rows that were walked. */
  settle(grown: GrownTree, output: number): void {
    if (this.all.length === 0) return
    const means = subtreeMeans(grown)
    for (const own of this.all) this.walk(grown, output, means, own)
  }

  private walk(grown: GrownTree, output: number, means: Float64Array, own: Pretenders): void {
    const { feature, unknown, rows, scores } = own
    const { tree, routes, sets } = grown
    const waiting: number[][] = tree.feature.map(() => [])
    waiting[0] = [...rows.keys()]
    tree.feature.forEach((splitOn, node) => {
      const here = waiting[node]!
      if (splitOn < 0) {
        for (const at of here) scores[output]![at]! += tree.value[node]!
        return
      }
      const route = routes[node]!
      if (splitOn === feature && this.goesLeft(grown, output, means, node, here, own)) {
        sets[node] = [...sets[node]!, unknown]
        route[unknown] = 1
      }
      for (const at of here) {
        const bin = splitOn === feature ? unknown : this.engine.features[splitOn]!.codes[rows[at]!]!
        waiting[route[bin] ? tree.left[node]! : tree.right[node]!]!.push(at)
      }
    })
  }

  /** The side whose mean is nearer to the step that the rows here would take alone; the larger side where none came. */
  private goesLeft({ tree }: GrownTree, output: number, means: Float64Array, node: number, here: number[], own: Pretenders): boolean {
    const [left, right] = [tree.left[node]!, tree.right[node]!]
    if (here.length === 0) return tree.rows[left]! >= tree.rows[right]!
    const step = this.learningRate * this.stepOf(output, here, own)
    return Math.abs(means[left]! - step) <= Math.abs(means[right]! - step)
  }

  private stepOf(output: number, here: number[], { rows, scores }: Pretenders): number {
    const { loss, outcomes } = this.targets
    const labels = Float64Array.from(here, (at) => outcomes.labels[rows[at]!]!)
    const weights = outcomes.weights && Float64Array.from(here, (at) => outcomes.weights![rows[at]!]!)
    if (loss.renewal !== null)
      return weightedQuantile(
        labels.map((label, i) => label - scores[0]![here[i]!]!),
        weights,
        loss.renewal
      )
    const [margins, gradients, hessians] = [0, 1, 2].map(() => new Float64Array(loss.width)) as [Float64Array, Float64Array, Float64Array]
    let gradient = 0
    let hessian = 0
    here.forEach((at, i) => {
      scores.forEach((of, k) => (margins[k] = of[at]!))
      loss.row(margins, labels[i]!, gradients, hessians)
      const weight = weights ? weights[i]! : 1
      gradient += weight * gradients[output]!
      hessian += weight * hessians[output]!
    })
    return -gradient / (hessian + this.l2 + 1e-9)
  }
}

/** Mean value of the leaves below each node, by their rows. */
function subtreeMeans({ tree }: GrownTree): Float64Array {
  const means = Float64Array.from(tree.value)
  for (let node = tree.feature.length - 1; node >= 0; node--) {
    if (tree.feature[node]! < 0) continue
    const [left, right] = [tree.left[node]!, tree.right[node]!]
    const [a, b] = [tree.rows[left]!, tree.rows[right]!]
    means[node] = a + b > 0 ? (a * means[left]! + b * means[right]!) / (a + b) : 0
  }
  return means
}
