import type { Engine, TreePlan } from './engine'
import { boundsOfSides, type MonotoneDirections } from './monotone'
import { Search, type CategoryRules, type SearchedNode } from './search'
import { makeCells, scoreOf, type Cells, type Cut, type Scales, type Split, type Sums } from './split'
import type { Tree } from './tree'

const largestFloat32 = 3.4028234663852886e38
const leastGain = 1e-10

export interface GrowRules {
  maxLeaves: number
  /** 0: no limit. */
  maxDepth: number
  minRowsPerLeaf: number
  minHessian: number
  l2: number
  learningRate: number
  /** Between this and its opposite lie the values of leaves before the learning rate. */
  mostStep: number
  category: CategoryRules
  directions: MonotoneDirections
}

/** A tree with what is needed to walk it over bins. */
export interface GrownTree {
  tree: Tree
  /** For every inner node: which bins of its feature go left. */
  routes: (Uint8Array | null)[]
  /** Category sets by node, -1 replaced later by an index of the model. */
  sets: (number[] | null)[]
  leaves: Leaf[]
}

/** A leaf: its rows, its number among the nodes, and between which values (before the learning rate) it must stay. */
export interface Leaf {
  id: number
  from: number
  to: number
  lower: number
  upper: number
}

interface GrowingNode extends SearchedNode {
  id: number
  from: number
  to: number
  depth: number
  slot: number
  split: Split | null
  /** What was added to the hessian when the node was cut off its parent. */
  l2: number
}

/** Grows trees leaf by leaf, always splitting the leaf with the largest gain (Shi 2007). */
export class TreeGrower {
  private readonly cells: Cells
  private readonly isConstrained: boolean

  constructor(
    private readonly engine: Engine,
    private readonly rules: GrowRules
  ) {
    this.cells = makeCells(Math.max(...engine.features.map(({ bins }) => bins)) + 1)
    this.isConstrained = rules.directions !== null
  }

  /** The tree of an output; its leaves have the values that the derivatives give them. */
  grow(output: number, scales: Scales, features: Uint32Array, drawn: Uint32Array | null, left: Uint32Array | null): GrownTree {
    const { rules, engine } = this
    const plan: TreePlan = {
      output,
      drawn,
      left,
      features,
      scales,
      rules: {
        minRows: rules.minRowsPerLeaf,
        minHessian: rules.minHessian * scales.hessian,
        l2: rules.l2 * scales.hessian,
        leastGain: (leastGain * scales.gradient ** 2) / scales.hessian
      }
    }
    const sums = engine.beginTree(plan)
    return new OneTree(engine, rules, plan, this.cells, this.isConstrained).grow(sums)
  }
}

/** One tree while it grows. */
class OneTree {
  private readonly grown = emptyTree()
  private readonly free: number[]
  private readonly open: GrowingNode[] = []

  constructor(
    private readonly engine: Engine,
    private readonly rules: GrowRules,
    private readonly plan: TreePlan,
    private readonly cells: Cells,
    private readonly isConstrained: boolean
  ) {
    this.free = Array.from({ length: rules.maxLeaves }, (_, at) => rules.maxLeaves - at)
  }

  grow(sums: Sums): GrownTree {
    const { rules, open, grown } = this
    const root = this.add({
      ...sums,
      from: 0,
      to: sums.rows,
      depth: 0,
      slot: 0,
      l2: rules.l2,
      lower: -rules.mostStep,
      upper: rules.mostStep
    })
    open.push(root)
    if (this.maySplit(root)) root.split = this.better(root, this.isConstrained ? null : this.engine.searchRoot(sums))
    for (let leaves = 1; leaves < rules.maxLeaves; leaves++) {
      const node = this.takeBest()
      if (!node) break
      const [left, right] = this.divide(node, node.split!)
      if (leaves + 1 < rules.maxLeaves && (this.maySplit(left) || this.maySplit(right))) this.search(node, left, right)
      else this.free.push(node.slot)
      open.push(left, right)
    }
    for (const leaf of open) grown.tree.value[leaf.id] = this.leafValue(leaf)
    grown.leaves = open.map(({ id, from, to, lower, upper }) => ({ id, from, to, lower, upper }))
    return grown
  }

  private add(node: Omit<GrowingNode, 'id' | 'split'>): GrowingNode {
    const { tree, routes, sets } = this.grown
    for (const values of [tree.feature, tree.set]) values.push(-1)
    for (const values of [tree.threshold, tree.left, tree.right, tree.value, tree.gain, tree.missingLeft]) (values as number[]).push(0)
    routes.push(null)
    sets.push(null)
    return { ...node, id: tree.rows.push(node.rows) - 1, split: null }
  }

  private maySplit(node: GrowingNode): boolean {
    return node.rows >= 2 * this.rules.minRowsPerLeaf && (this.rules.maxDepth === 0 || node.depth < this.rules.maxDepth)
  }

  /** Of equal gains the older leaf comes first. */
  private takeBest(): GrowingNode | null {
    const { open } = this
    let best = -1
    for (let i = 0; i < open.length; i++) if (open[i]!.split && (best < 0 || open[i]!.split!.gain > open[best]!.split!.gain)) best = i
    return best < 0 ? null : open.splice(best, 1)[0]!
  }

  private divide(node: GrowingNode, split: Split): [GrowingNode, GrowingNode] {
    const { grown, engine, rules } = this
    const feature = engine.features[split.feature]!
    const route = new Uint8Array(Math.max(256, feature.bins + 1))
    if (split.set) for (const bin of split.set) route[bin] = 1
    else route.fill(1, 0, split.bin + 1)
    route[feature.bins] = split.missingLeft ? 1 : 0
    const lefts = engine.divide(node, split.feature, route, split.rows * 2 <= node.rows)
    const { tree } = grown
    tree.feature[node.id] = split.feature
    // The last bin has no edge: only missing values go right of it.
    tree.threshold[node.id] = split.set ? 0 : (feature.edges[split.bin] ?? largestFloat32)
    tree.missingLeft[node.id] = split.missingLeft ? 1 : 0
    tree.gain[node.id] = split.gain
    grown.routes[node.id] = route
    grown.sets[node.id] = split.set
    const middle = node.from + lefts
    const rest = { gradient: node.gradient - split.gradient, hessian: node.hessian - split.hessian, rows: node.rows - split.rows }
    const { gradient, hessian, rows } = split
    const shared = { depth: node.depth + 1, slot: -1, l2: split.l2 }
    const sides = boundsOfSides(node, rules.directions?.[split.feature] ?? 0, [split, rest], split.l2, this.plan.scales)
    const left = this.add({ ...shared, ...sides[0], gradient, hessian, rows, from: node.from, to: middle })
    const right = this.add({ ...shared, ...sides[1], ...rest, from: middle, to: node.to })
    tree.left[node.id] = left.id
    tree.right[node.id] = right.id
    return [left, right]
  }

  /** Counts the smaller child and looks for the best split of both. */
  private search(parent: GrowingNode, left: GrowingNode, right: GrowingNode): void {
    const [small, large] = left.rows <= right.rows ? [left, right] : [right, left]
    small.slot = this.free.pop()!
    large.slot = parent.slot
    const byEngine = !this.isConstrained
    const [maySmall, mayLarge] = [this.maySplit(small), this.maySplit(large)]
    const slots = { smallSlot: small.slot, largeSlot: large.slot }
    const found = this.engine.count({ small, large, ...slots, searchSmall: byEngine && maySmall, searchLarge: byEngine && mayLarge })
    if (maySmall) small.split = this.better(small, found.small)
    if (mayLarge) large.split = this.better(large, found.large)
    for (const node of [small, large]) if (!node.split) this.free.push(node.slot)
  }

  /** The best split of a node: the cut that the engine found, or one that it does not look for. */
  private better(node: GrowingNode, cut: Cut | null): Split | null {
    const { engine, plan, rules, cells } = this
    const search = new Search(node, plan.scales, plan.rules, rules.category, rules.directions)
    if (cut) {
      const { score, ...own } = cut
      const unit = plan.scales.hessian / plan.scales.gradient ** 2
      search.best = { ...own, set: null, gain: (score - scoreOf(node, plan.rules.l2)) * unit, l2: rules.l2 }
    }
    for (const feature of plan.features) {
      const binned = engine.features[feature]!
      if (!binned.categorical && !this.isConstrained) continue
      engine.readCells(node.slot, feature, cells)
      if (binned.categorical) search.categories(feature, cells, binned)
      else search.numbers(feature, cells, binned.bins)
    }
    return search.best
  }

  private leafValue({ gradient, hessian, l2, lower, upper }: GrowingNode): number {
    const { scales } = this.plan
    const value = -(gradient / scales.gradient) / (hessian / scales.hessian + l2)
    return Math.fround(this.rules.learningRate * Math.min(Math.max(value, lower), upper))
  }
}

function emptyTree(): GrownTree {
  const tree: Tree = { feature: [], threshold: [], set: [], missingLeft: [], left: [], right: [], value: [], rows: [], gain: [] }
  return { tree, routes: [], sets: [], leaves: [] }
}
