import type { BinnedFeature } from './binning'
import { findSplit, type Split, type SplitRules, type Sums } from './split'
import type { Tree } from './tree'

const largestFloat32 = 3.4028234663852886e38

interface GrowingNode extends Sums {
  id: number
  from: number
  to: number
  depth: number
  histogram: Float64Array | null
  split: Split | null
}

export interface GrowRules extends SplitRules {
  maxLeaves: number
  /** 0: no limit. */
  maxDepth: number
  learningRate: number
}

/** A tree with what is needed to walk it over bins. */
export interface GrownTree {
  tree: Tree
  /** For every inner node: which bins of its feature go left. */
  routes: (Uint8Array | null)[]
  /** Category sets by node, -1 replaced later by an index of the model. */
  sets: (number[] | null)[]
}

/** Grows trees leaf by leaf, always splitting the leaf with the largest gain (Shi 2007). Holds buffers that all trees share. */
export class TreeGrower {
  private readonly offsets: Int32Array
  private readonly cells: number
  private readonly pool: Float64Array[] = []
  private readonly spare: Uint32Array
  private readonly orderedGradients: Float32Array
  private readonly orderedHessians: Float32Array

  constructor(
    private readonly features: readonly BinnedFeature[],
    rows: number,
    private readonly rules: GrowRules
  ) {
    this.offsets = new Int32Array(features.length)
    let cells = 0
    features.forEach((feature, index) => {
      this.offsets[index] = cells
      cells += (feature.bins + 1) * 3
    })
    this.cells = cells
    this.spare = new Uint32Array(rows)
    this.orderedGradients = new Float32Array(rows)
    this.orderedHessians = new Float32Array(rows)
  }

  /** `rows` is reordered so that every leaf's rows lie together; `scores` gets the leaf values added. */
  grow(rows: Uint32Array, gradients: Float32Array, hessians: Float32Array, chosen: Uint32Array, scores: Float64Array): GrownTree {
    const nodes: GrowingNode[] = []
    const grown = emptyTree()
    const root: GrowingNode = {
      id: 0,
      from: 0,
      to: rows.length,
      depth: 0,
      gradient: 0,
      hessian: 0,
      rows: rows.length,
      histogram: null,
      split: null
    }
    for (const row of rows) {
      root.gradient += gradients[row]!
      root.hessian += hessians[row]!
    }
    const add = (node: GrowingNode): void => {
      node.id = nodes.push(node) - 1
      addLeaf(grown)
    }
    add(root)
    const open = [root]
    if (this.maySplit(root)) {
      root.histogram = this.histogramOf(root, rows, gradients, hessians, chosen)
      root.split = findSplit(root.histogram, this.offsets, this.features, chosen, root, this.rules)
    }
    for (let leaves = 1; leaves < this.rules.maxLeaves; leaves++) {
      let best = -1
      for (let i = 0; i < open.length; i++) if (open[i]!.split && (best < 0 || open[i]!.split!.gain > open[best]!.split!.gain)) best = i
      if (best < 0) break
      const node = open.splice(best, 1)[0]!
      const [left, right] = this.divide(node, rows, grown)
      add(left)
      add(right)
      grown.tree.left[node.id] = left.id
      grown.tree.right[node.id] = right.id
      this.inheritHistograms(node, left, right, leaves + 1 < this.rules.maxLeaves, rows, gradients, hessians, chosen)
      open.push(left, right)
    }
    for (const leaf of open) {
      if (leaf.histogram) this.pool.push(leaf.histogram)
      const value = Math.fround((-this.rules.learningRate * leaf.gradient) / (leaf.hessian + this.rules.l2))
      grown.tree.value[leaf.id] = value
      for (let i = leaf.from; i < leaf.to; i++) scores[rows[i]!]! += value
    }
    for (const node of nodes) grown.tree.rows[node.id] = node.rows
    return grown
  }

  private maySplit(node: GrowingNode): boolean {
    return node.rows >= 2 * this.rules.minRowsPerLeaf && (this.rules.maxDepth === 0 || node.depth < this.rules.maxDepth)
  }

  private divide(node: GrowingNode, rows: Uint32Array, grown: GrownTree): [GrowingNode, GrowingNode] {
    const split = node.split!
    const feature = this.features[split.feature]!
    const route = new Uint8Array(256)
    if (split.set) for (const bin of split.set) route[bin] = 1
    else route.fill(1, 0, split.bin + 1)
    route[feature.bins] = split.missingLeft ? 1 : 0
    const { codes } = feature
    const { spare } = this
    let left = node.from
    let right = 0
    // Each row is written to both sides and kept on one: a branch here would be guessed wrong half the time.
    for (let i = node.from; i < node.to; i++) {
      const row = rows[i]!
      const goesLeft = route[codes[row]!]!
      rows[left] = row
      spare[right] = row
      left += goesLeft
      right += 1 - goesLeft
    }
    rows.set(spare.subarray(0, right), left)
    const { tree } = grown
    tree.feature[node.id] = split.feature
    tree.threshold[node.id] = split.set ? 0 : split.bin < feature.edges.length ? feature.edges[split.bin]! : largestFloat32
    tree.missingLeft[node.id] = split.missingLeft ? 1 : 0
    tree.gain[node.id] = split.gain
    grown.routes[node.id] = route
    grown.sets[node.id] = split.set
    const child = (from: number, to: number, sums: Sums): GrowingNode => ({
      id: -1,
      from,
      to,
      depth: node.depth + 1,
      histogram: null,
      split: null,
      ...sums
    })
    return [
      child(node.from, left, { gradient: split.gradient, hessian: split.hessian, rows: left - node.from }),
      child(left, node.to, { gradient: node.gradient - split.gradient, hessian: node.hessian - split.hessian, rows: node.to - left })
    ]
  }

  /** Counts the smaller child and takes the larger one as parent minus smaller; skips children that cannot be split. */
  private inheritHistograms(
    parent: GrowingNode,
    left: GrowingNode,
    right: GrowingNode,
    wanted: boolean,
    rows: Uint32Array,
    gradients: Float32Array,
    hessians: Float32Array,
    chosen: Uint32Array
  ): void {
    const inherited = parent.histogram!
    parent.histogram = null
    const [small, large] = left.rows <= right.rows ? [left, right] : [right, left]
    const needed = wanted ? [small, large].filter((node) => this.maySplit(node)) : []
    if (needed.length === 0) {
      this.pool.push(inherited)
      return
    }
    const counted = this.histogramOf(small, rows, gradients, hessians, chosen)
    if (needed.includes(large)) {
      for (const feature of chosen) {
        const end = this.offsets[feature]! + (this.features[feature]!.bins + 1) * 3
        for (let i = this.offsets[feature]!; i < end; i++) inherited[i]! -= counted[i]!
      }
      large.histogram = inherited
    } else this.pool.push(inherited)
    if (needed.includes(small)) small.histogram = counted
    else this.pool.push(counted)
    for (const node of needed) node.split = findSplit(node.histogram!, this.offsets, this.features, chosen, node, this.rules)
  }

  private histogramOf(
    node: GrowingNode,
    rows: Uint32Array,
    gradients: Float32Array,
    hessians: Float32Array,
    chosen: Uint32Array
  ): Float64Array {
    const histogram = this.pool.pop() ?? new Float64Array(this.cells)
    histogram.fill(0)
    const { orderedGradients: g, orderedHessians: h } = this
    const count = node.to - node.from
    const own = rows.subarray(node.from, node.to)
    for (let i = 0; i < count; i++) {
      g[i] = gradients[own[i]!]!
      h[i] = hessians[own[i]!]!
    }
    let at = 0
    for (; at + 1 < chosen.length; at += 2) this.countTwo(histogram, own, chosen[at]!, chosen[at + 1]!)
    if (at < chosen.length) this.countOne(histogram, own, chosen[at]!)
    return histogram
  }

  private countOne(histogram: Float64Array, own: Uint32Array, feature: number): void {
    const { orderedGradients: g, orderedHessians: h } = this
    const codes = this.features[feature]!.codes
    const offset = this.offsets[feature]!
    for (let i = 0; i < own.length; i++) {
      const cell = offset + codes[own[i]!]! * 3
      histogram[cell]! += g[i]!
      histogram[cell + 1]! += h[i]!
      histogram[cell + 2]! += 1
    }
  }

  /** Two features in one pass read each row number and derivative once; every cell is still summed in the order of the rows. */
  private countTwo(histogram: Float64Array, own: Uint32Array, first: number, second: number): void {
    const { orderedGradients: g, orderedHessians: h } = this
    const firstCodes = this.features[first]!.codes
    const secondCodes = this.features[second]!.codes
    const firstOffset = this.offsets[first]!
    const secondOffset = this.offsets[second]!
    for (let i = 0; i < own.length; i++) {
      const row = own[i]!
      const gradient = g[i]!
      const hessian = h[i]!
      const a = firstOffset + firstCodes[row]! * 3
      const b = secondOffset + secondCodes[row]! * 3
      histogram[a]! += gradient
      histogram[b]! += gradient
      histogram[a + 1]! += hessian
      histogram[b + 1]! += hessian
      histogram[a + 2]! += 1
      histogram[b + 2]! += 1
    }
  }
}

function emptyTree(): GrownTree {
  const tree: Tree = { feature: [], threshold: [], set: [], missingLeft: [], left: [], right: [], value: [], rows: [], gain: [] }
  return { tree, routes: [], sets: [] }
}

function addLeaf({ tree, routes, sets }: GrownTree): void {
  for (const values of [tree.feature, tree.set]) values.push(-1)
  for (const values of [tree.threshold, tree.left, tree.right, tree.value, tree.rows, tree.gain]) values.push(0)
  tree.missingLeft.push(0)
  routes.push(null)
  sets.push(null)
}

/** Adds a tree's leaf values to rows that it was not grown on. */
export function addOverBins(grown: GrownTree, features: readonly BinnedFeature[], rows: Uint32Array, scores: Float64Array): void {
  const { feature, left, right, value } = grown.tree
  for (const row of rows) {
    let node = 0
    while (feature[node]! >= 0) node = grown.routes[node]![features[feature[node]!]!.codes[row]!] ? left[node]! : right[node]!
    scores[row]! += value[node]!
  }
}
