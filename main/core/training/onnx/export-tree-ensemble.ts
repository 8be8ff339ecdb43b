import { basesOf, type BoostedTrees, type Tree } from '../boosting/tree'
import type { FeatureEncoding } from '../features'
import { bordersOf, placesOf } from './borders'
import { int, ints, tensor, type GraphBuilder } from './graph-builder'
import { elementType } from './messages'

/** Modes of inner nodes, by their numbers in the operator's definition. */
const branchAtMost = 0
const branchMember = 6

/**
 * Boosted trees as the operator TreeEnsemble of ai.onnx.ml 5, which knows sets: a category set is one node (BRANCH_MEMBER) over the column of codes.
 * Returns the margins as double [N, outputs].
 */
export function exportTreeEnsemble(graph: GraphBuilder, features: readonly FeatureEncoding[], model: BoostedTrees): string {
  const borders = features.map((feature, index) => (feature.precision === 'double' ? bordersOf(model, index) : null))
  const columns = features.map((feature, index) => {
    const name = graph.names[index]!
    if (feature.kind === 'category') {
      const codes = graph.add('Reshape', [graph.categoryCodes(feature, name), graph.constant('int64', [2], [-1, 1])])
      return graph.cast(codes, elementType.float)
    }
    const own = borders[index]
    return own ? (own.length > 0 ? graph.rank(name, own) : graph.cast(name, elementType.float)) : name
  })
  const matrix = columns.length === 1 ? columns[0]! : graph.add('Concat', columns, { axis: int(1) })
  const bases = basesOf(model)
  const ensemble = new EnsembleAttributes(model, features, borders)
  const sums = graph.add('TreeEnsemble', [matrix], ensemble.attributes(bases.length), 'ai.onnx.ml')
  return graph.cast(graph.add('Add', [sums, graph.constant('float', [bases.length], bases)]), elementType.double)
}

/** Lists of inner nodes and of leaves; inner nodes point into both. */
class EnsembleAttributes {
  private readonly roots: number[] = []
  private readonly feature: number[] = []
  private readonly mode: number[] = []
  private readonly split: number[] = []
  private readonly missing: number[] = []
  private readonly members: number[] = []
  private readonly sides = { node: { left: [] as number[], right: [] as number[] }, leaf: { left: [] as number[], right: [] as number[] } }
  private readonly leaf = { output: [] as number[], weight: [] as number[] }
  private readonly places: ReturnType<typeof placesOf>

  constructor(
    private readonly model: BoostedTrees,
    private readonly features: readonly FeatureEncoding[],
    borders: readonly (readonly number[] | null)[]
  ) {
    this.places = placesOf(borders)
    const outputs = basesOf(model).length
    model.trees.forEach((tree, index) => this.addTree(tree, index % outputs))
  }

  /** Inner nodes of a tree follow each other; a tree that is one leaf becomes a node whose sides are that leaf. */
  private addTree(tree: Tree, output: number): void {
    const inner = tree.feature.flatMap((feature, node) => (feature >= 0 ? [node] : []))
    const first = this.feature.length
    this.roots.push(first)
    if (inner.length === 0) {
      const own = this.addLeaf(tree.value[0]!, output)
      this.addNode(0, branchAtMost, 0, false)
      this.point(own, true, own, true)
      return
    }
    const numbers = new Map(inner.map((node, place) => [node, first + place]))
    const target = (node: number): [number, boolean] =>
      tree.feature[node]! >= 0 ? [numbers.get(node)!, false] : [this.addLeaf(tree.value[node]!, output), true]
    for (const node of inner) {
      const feature = tree.feature[node]!
      if (tree.set[node]! >= 0) this.addSet(tree, node)
      else this.addNode(feature, branchAtMost, this.places(feature, tree.threshold[node]!), tree.missingLeft[node] === 1)
      this.point(...target(tree.left[node]!), ...target(tree.right[node]!))
    }
  }

  /** The code of missing values belongs to the set where they go left; an empty set is a border below all codes. */
  private addSet(tree: Tree, node: number): void {
    const feature = tree.feature[node]!
    const missing = this.features[feature]!.kept.length + 1
    const codes = this.model.sets[tree.set[node]!]!.filter((code) => code < missing)
    if (tree.missingLeft[node] === 1) codes.push(missing)
    if (codes.length === 0) {
      this.addNode(feature, branchAtMost, -1, false)
      return
    }
    this.addNode(feature, branchMember, 0, false)
    this.members.push(...codes, NaN)
  }

  private addNode(feature: number, mode: number, split: number, missingLeft: boolean): void {
    this.feature.push(feature)
    this.mode.push(mode)
    this.split.push(split)
    this.missing.push(missingLeft ? 1 : 0)
  }

  private addLeaf(value: number, output: number): number {
    this.leaf.output.push(output)
    return this.leaf.weight.push(value) - 1
  }

  private point(left: number, isLeftLeaf: boolean, right: number, isRightLeaf: boolean): void {
    this.sides.node.left.push(left)
    this.sides.node.right.push(right)
    this.sides.leaf.left.push(isLeftLeaf ? 1 : 0)
    this.sides.leaf.right.push(isRightLeaf ? 1 : 0)
  }

  attributes(outputs: number) {
    return {
      n_targets: int(outputs),
      aggregate_function: int(1),
      post_transform: int(0),
      tree_roots: ints(this.roots),
      nodes_featureids: ints(this.feature),
      nodes_modes: tensor('uint8', this.mode),
      nodes_splits: tensor('float', this.split),
      nodes_missing_value_tracks_true: ints(this.missing),
      nodes_truenodeids: ints(this.sides.node.left),
      nodes_trueleafs: ints(this.sides.leaf.left),
      nodes_falsenodeids: ints(this.sides.node.right),
      nodes_falseleafs: ints(this.sides.leaf.right),
      ...(this.members.length > 0 ? { membership_values: tensor('float', this.members) } : {}),
      leaf_targetids: ints(this.leaf.output),
      leaf_weights: tensor('float', this.leaf.weight)
    }
  }
}
