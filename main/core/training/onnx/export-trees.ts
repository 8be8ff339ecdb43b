import { basesOf, type BoostedTrees, type Tree } from '../boosting/tree'
import type { FeatureEncoding } from '../features'
import { bordersOf, placesOf } from './borders'
import { exportTreeEnsemble } from './export-tree-ensemble'
import { floats, int, ints, string, strings, type GraphBuilder } from './graph-builder'
import { elementType } from './messages'

/**
 * Boosted trees for the operator set of the graph. Of ai.onnx.ml 3 that is TreeEnsembleRegressor, which compares numbers only, so every distinct category set becomes a
 * derived column: -1 for members and 0 for others, looked up by code. Returns the margins as double [N, outputs].
 */
export function exportTrees(graph: GraphBuilder, features: readonly FeatureEncoding[], model: BoostedTrees): string {
  if (graph.treeOperators === 5) return exportTreeEnsemble(graph, features, model)
  const parts: string[] = []
  const columnOf = new Map<string, number>()
  let columns = 0
  const borders = features.map((feature, index) => (feature.precision === 'double' ? bordersOf(model, index) : null))
  features.forEach((feature, index) => {
    if (feature.kind === 'category') return
    const name = graph.names[index]!
    const own = borders[index]
    parts.push(own ? (own.length > 0 ? graph.rank(name, own) : graph.cast(name, elementType.float)) : name)
    columnOf.set(`${index}`, columns++)
  })
  features.forEach((feature, index) => {
    if (feature.kind !== 'category') return
    const memberships = membershipsOf(model, index)
    if (memberships.size === 0) return
    const missing = feature.kept.length + 1
    const table = new Array<number>((missing + 1) * memberships.size).fill(0)
    ;[...memberships].forEach(([key, { set, missingLeft }], at) => {
      for (const code of set) table[code * memberships.size + at] = -1
      table[missing * memberships.size + at] = missingLeft ? -1 : 0
      columnOf.set(key, columns++)
    })
    const lookup = graph.constant('float', [missing + 1, memberships.size], table)
    parts.push(graph.add('Gather', [lookup, graph.categoryCodes(feature, graph.names[index]!)], { axis: int(0) }))
  })
  // A model that never split may have only text inputs: it still needs a column to give the rows.
  if (parts.length === 0) {
    const codes = graph.categoryCodes(features[0]!, graph.names[0]!)
    const zeros = graph.constant('float', [features[0]!.kept.length + 2, 1], new Array<number>(features[0]!.kept.length + 2).fill(0))
    parts.push(graph.add('Gather', [zeros, codes], { axis: int(0) }))
  }
  const matrix = graph.add('Concat', parts, { axis: int(1) })
  const scores = graph.add('TreeEnsembleRegressor', [matrix], treeAttributes(model, columnOf, borders), 'ai.onnx.ml')
  return graph.cast(scores, elementType.double)
}

const membershipKey = (tree: Tree, node: number): string => `${tree.feature[node]}:${tree.set[node]}:${tree.missingLeft[node]}`

function membershipsOf(model: BoostedTrees, feature: number): Map<string, { set: number[]; missingLeft: boolean }> {
  const found = new Map<string, { set: number[]; missingLeft: boolean }>()
  for (const tree of model.trees)
    for (let node = 0; node < tree.feature.length; node++)
      if (tree.feature[node] === feature)
        found.set(membershipKey(tree, node), { set: model.sets[tree.set[node]!]!, missingLeft: tree.missingLeft[node] === 1 })
  return found
}

function treeAttributes(model: BoostedTrees, columnOf: Map<string, number>, borders: readonly (readonly number[] | null)[]) {
  const border = placesOf(borders)
  const treeIds: number[] = []
  const nodeIds: number[] = []
  const featureIds: number[] = []
  const modes: string[] = []
  const values: number[] = []
  const left: number[] = []
  const right: number[] = []
  const missing: number[] = []
  const leaf = { treeIds: [] as number[], nodeIds: [] as number[], weights: [] as number[] }
  model.trees.forEach((tree, treeId) => {
    for (let node = 0; node < tree.feature.length; node++) {
      const feature = tree.feature[node]!
      const isSet = tree.set[node]! >= 0
      treeIds.push(treeId)
      nodeIds.push(node)
      modes.push(feature < 0 ? 'LEAF' : 'BRANCH_LEQ')
      featureIds.push(feature < 0 ? 0 : columnOf.get(isSet ? membershipKey(tree, node) : `${feature}`)!)
      values.push(feature < 0 ? 0 : isSet ? -0.5 : border(feature, tree.threshold[node]!))
      left.push(tree.left[node]!)
      right.push(tree.right[node]!)
      missing.push(!isSet && tree.missingLeft[node] === 1 ? 1 : 0)
      if (feature >= 0) continue
      leaf.treeIds.push(treeId)
      leaf.nodeIds.push(node)
      leaf.weights.push(tree.value[node]!)
    }
  })
  const bases = basesOf(model)
  return {
    n_targets: int(bases.length),
    base_values: floats(bases),
    aggregate_function: string('SUM'),
    post_transform: string('NONE'),
    nodes_treeids: ints(treeIds),
    nodes_nodeids: ints(nodeIds),
    nodes_featureids: ints(featureIds),
    nodes_modes: strings(modes),
    nodes_values: floats(values),
    nodes_truenodeids: ints(left),
    nodes_falsenodeids: ints(right),
    nodes_missing_value_tracks_true: ints(missing),
    target_treeids: ints(leaf.treeIds),
    target_nodeids: ints(leaf.nodeIds),
    target_ids: ints(leaf.treeIds.map((tree) => tree % bases.length)),
    target_weights: floats(leaf.weights)
  }
}
