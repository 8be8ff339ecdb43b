import type { FeatureEncoding } from '../features'
import type { BinnedFeature } from './binning'
import type { GrownTree } from './grow-tree'

/** Rows that are walked with an unknown text, for each column. */
const mostRows = 200

interface Pretenders {
  feature: number
  /** Bin of a text that training did not see. */
  unknown: number
  rows: Uint32Array
  scores: Float64Array
}

/**
 * Learns where a text goes that training did not see, in a column of which it saw every text. Some training rows are walked as if their text
 * were unknown; at each split on the column they go to the side that is nearer to what they still lack. So an unknown text comes to be scored
 * like the average row that has a text. The trees themselves stay as they were grown.
 */
export class UnknownTexts {
  private readonly all: Pretenders[]

  constructor(
    private readonly features: readonly BinnedFeature[],
    encodings: readonly FeatureEncoding[],
    private readonly labels: Uint8Array,
    training: Uint32Array,
    base: number,
    private readonly learningRate: number,
    private readonly l2: number
  ) {
    this.all = encodings.flatMap(({ kind, kept }, feature) => {
      if (kind !== 'category') return []
      const { codes } = features[feature]!
      const unknown = kept.length
      // A rare text in training taught where unknown ones go.
      if (training.some((row) => codes[row] === unknown)) return []
      const known = training.filter((row) => codes[row]! < unknown)
      const size = Math.min(known.length, mostRows)
      const rows = Uint32Array.from({ length: size }, (_, at) => known[Math.floor((at * known.length) / size)]!)
      return [{ feature, unknown, rows, scores: new Float64Array(size).fill(base) }]
    })
  }

  /** Adds the unknown text to the sets of a grown tree where it goes left, and what the tree says to the rows that were walked. */
  settle(grown: GrownTree): void {
    if (this.all.length === 0) return
    const means = subtreeMeans(grown)
    for (const own of this.all) this.walk(grown, means, own)
  }

  private walk(grown: GrownTree, means: Float64Array, { feature, unknown, rows, scores }: Pretenders): void {
    const { tree, routes, sets } = grown
    const waiting: number[][] = tree.feature.map(() => [])
    waiting[0] = [...rows.keys()]
    tree.feature.forEach((splitOn, node) => {
      const here = waiting[node]!
      if (splitOn < 0) {
        for (const at of here) scores[at]! += tree.value[node]!
        return
      }
      const route = routes[node]!
      if (splitOn === feature && this.goesLeft(grown, means, node, here, rows, scores)) {
        sets[node] = [...sets[node]!, unknown]
        route[unknown] = 1
      }
      for (const at of here) {
        const bin = splitOn === feature ? unknown : this.features[splitOn]!.codes[rows[at]!]!
        waiting[route[bin] ? tree.left[node]! : tree.right[node]!]!.push(at)
      }
    })
  }

  /** The side whose mean is nearer to the step that the rows here would take alone; the larger side where none came. */
  private goesLeft(
    { tree }: GrownTree,
    means: Float64Array,
    node: number,
    here: number[],
    rows: Uint32Array,
    scores: Float64Array
  ): boolean {
    const [left, right] = [tree.left[node]!, tree.right[node]!]
    if (here.length === 0) return tree.rows[left]! >= tree.rows[right]!
    let gradient = 0
    let hessian = 0
    for (const at of here) {
      const p = 1 / (1 + Math.exp(-scores[at]!))
      gradient += p - this.labels[rows[at]!]!
      hessian += p * (1 - p)
    }
    const step = (-this.learningRate * gradient) / (hessian + this.l2 + 1e-9)
    return Math.abs(means[left]! - step) <= Math.abs(means[right]! - step)
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
