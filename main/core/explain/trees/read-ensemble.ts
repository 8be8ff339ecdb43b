import type { OnnxFileNode } from '../../onnx-file'
import * as attributes from '../graph/model'
import { Malformed, Unreadable } from '../unreadable'
import { branchModes as modes, buildTrees, type BranchMode, type RawLeaf, type RawNode } from './build-trees'
import type { Ensemble, PostTransform } from './ensemble'

const postTransforms: Record<string, PostTransform> = { '': 'none', NONE: 'none', LOGISTIC: 'logistic', SOFTMAX: 'softmax' }

export const isEnsemble = ({ operator, domain }: OnnxFileNode): boolean =>
  domain === 'ai.onnx.ml' && ['TreeEnsembleRegressor', 'TreeEnsembleClassifier', 'TreeEnsemble'].includes(operator)

/**
 * The trees of an ai.onnx.ml TreeEnsembleRegressor or TreeEnsembleClassifier (versions 1 to 3), or TreeEnsemble (version 5).
 * @throws Malformed for trees that are none; Unreadable for a way to add them up that is not a sum
 */
export function readEnsemble(node: OnnxFileNode): Ensemble {
  return node.operator === 'TreeEnsemble' ? readFifth(node) : readThird(node)
}

const intsOf = (node: OnnxFileNode, name: string): readonly number[] => attributes.intsOf(node, name) ?? []
const textOf = (node: OnnxFileNode, name: string): string => attributes.textOf(node, name) ?? ''

/** Numbers of an attribute in either precision. */
const realsOf = (node: OnnxFileNode, name: string): ArrayLike<number> =>
  attributes.tensorOf(node, `${name}_as_tensor`)?.numbers ?? attributes.floatsOf(node, name) ?? []

function postOf(name: string): PostTransform {
  const found = postTransforms[name]
  if (!found) throw new Unreadable(`turns scores by ${name}, which is not read`)
  return found
}

function readThird(node: OnnxFileNode): Ensemble {
  const own = node.operator === 'TreeEnsembleClassifier' ? 'class' : 'target'
  const ids = { tree: intsOf(node, 'nodes_treeids'), node: intsOf(node, 'nodes_nodeids') }
  const branches = attributes.textsOf(node, 'nodes_modes') ?? []
  const lists = {
    feature: intsOf(node, 'nodes_featureids'),
    value: realsOf(node, 'nodes_values'),
    yes: intsOf(node, 'nodes_truenodeids'),
    no: intsOf(node, 'nodes_falsenodeids')
  }
  const size = ids.tree.length
  if ([ids.node, branches, ...Object.values(lists)].some(({ length }) => length !== size))
    throw new Malformed('its trees have lists of different length')
  const missing = intsOf(node, 'nodes_missing_value_tracks_true')
  const placeOf = placesOf(ids.tree, ids.node)
  const leaves = leavesOf(node, own, placeOf)
  const nodes = branches.map((mode, at): RawNode | RawLeaf => {
    if (mode === 'LEAF') return leaves.get(at) ?? { weights: [] }
    const tree = ids.tree[at]!
    const childOf = (id: number): number => placeOf(tree, id)
    return {
      mode: modeOf(mode),
      column: lists.feature[at]!,
      value: lists.value[at]!,
      members: null,
      missingLeft: missing[at] === 1,
      yes: childOf(lists.yes[at]!),
      no: childOf(lists.no[at]!)
    }
  })
  const children = new Set(nodes.flatMap((each) => ('mode' in each ? [each.yes, each.no] : [])))
  const roots = nodes.flatMap((_, at) => (children.has(at) ? [] : [at]))
  if (roots.length !== new Set(ids.tree).size) throw new Malformed('a tree has no root, or several')
  const targets = own === 'target' ? (attributes.intOf(node, 'n_targets') ?? 1) : classCount(node)
  const isSingleScore = own === 'class' && targets === 2 && new Set(intsOf(node, 'class_ids')).size === 1
  return finish(node, nodes, roots, {
    outputs: isSingleScore ? 1 : targets,
    targetOf: isSingleScore ? () => 0 : (target) => target,
    base: Array.from(realsOf(node, 'base_values')).slice(isSingleScore ? -1 : 0),
    post: postOf(textOf(node, 'post_transform')),
    aggregate: textOf(node, 'aggregate_function') || 'SUM',
    isSingleScore
  })
}

const classCount = (node: OnnxFileNode): number =>
  Math.max(attributes.textsOf(node, 'classlabels_strings')?.length ?? 0, attributes.intsOf(node, 'classlabels_int64s')?.length ?? 0)

function modeOf(name: string): BranchMode {
  const found = modes.find((mode) => mode === name)
  if (!found || found === 'BRANCH_MEMBER') throw new Unreadable(`divides rows by ${name}, which is not read`)
  return found
}

/** Where the node of a tree stands in the lists. */
function placesOf(trees: readonly number[], nodes: readonly number[]): (tree: number, node: number) => number {
  const places = new Map<number, Map<number, number>>()
  trees.forEach((tree, at) => {
    const own = places.get(tree) ?? new Map<number, number>()
    if (own.has(nodes[at]!)) throw new Malformed('a tree has a node twice')
    places.set(tree, own.set(nodes[at]!, at))
  })
  return (tree, node) => {
    const place = places.get(tree)?.get(node)
    if (place === undefined) throw new Malformed('a tree names a node that it does not have')
    return place
  }
}

function leavesOf(node: OnnxFileNode, own: 'class' | 'target', placeOf: (tree: number, node: number) => number): Map<number, RawLeaf> {
  const [trees, nodes, targets] = ['treeids', 'nodeids', 'ids'].map((name) => intsOf(node, `${own}_${name}`))
  const weights = realsOf(node, `${own}_weights`)
  if (![nodes!, targets!, weights].every(({ length }) => length === trees!.length))
    throw new Malformed('its leaves have lists of different length')
  const leaves = new Map<number, RawLeaf>()
  trees!.forEach((tree, at) => {
    const place = placeOf(tree, nodes![at]!)
    const leaf = leaves.get(place) ?? { weights: [] }
    leaf.weights.push({ target: targets![at]!, weight: weights[at]! })
    leaves.set(place, leaf)
  })
  return leaves
}

function readFifth(node: OnnxFileNode): Ensemble {
  const tensorOf = (name: string): Float64Array => attributes.tensorOf(node, name)?.numbers ?? new Float64Array()
  const branches = tensorOf('nodes_modes')
  const splits = tensorOf('nodes_splits')
  const weights = tensorOf('leaf_weights')
  const targets = intsOf(node, 'leaf_targetids')
  const [feature, yes, no, yesLeaf, noLeaf] = [
    'nodes_featureids',
    'nodes_truenodeids',
    'nodes_falsenodeids',
    'nodes_trueleafs',
    'nodes_falseleafs'
  ].map((name) => intsOf(node, name)) as [readonly number[], readonly number[], readonly number[], readonly number[], readonly number[]]
  const size = feature.length
  if ([branches, splits, yes, no, yesLeaf, noLeaf].some(({ length }) => length !== size) || targets.length !== weights.length)
    throw new Malformed('its trees have lists of different length')
  const missing = intsOf(node, 'nodes_missing_value_tracks_true')
  const sets = memberSets(tensorOf('membership_values'))
  const nodes: (RawNode | RawLeaf)[] = feature.map((column, at) => {
    const mode = modes[branches[at]!]
    if (!mode) throw new Malformed('a tree divides rows by no known rule')
    return {
      mode,
      column,
      value: splits[at]!,
      members: mode === 'BRANCH_MEMBER' ? (sets.shift() ?? new Float64Array()) : null,
      missingLeft: missing[at] === 1,
      yes: yes[at]! + (yesLeaf[at] ? size : 0),
      no: no[at]! + (noLeaf[at] ? size : 0)
    }
  })
  // Several trees may end at one leaf: each way to it gets a copy when the trees are built.
  targets.forEach((target, at) => nodes.push({ weights: [{ target, weight: weights[at]! }] }))
  const posts: PostTransform[] = ['none', 'softmax', 'logistic']
  const post = posts[attributes.intOf(node, 'post_transform') ?? 0]
  if (!post) throw new Unreadable('turns scores in a way that is not read')
  return finish(node, nodes, intsOf(node, 'tree_roots'), {
    outputs: attributes.intOf(node, 'n_targets') ?? 1,
    targetOf: (target) => target,
    base: [],
    post,
    aggregate: ['AVERAGE', 'SUM', 'MIN', 'MAX'][attributes.intOf(node, 'aggregate_function') ?? 1] ?? '',
    isSingleScore: false
  })
}

/** The sets stand one after the other, each ended by a NaN. */
function memberSets(values: Float64Array): Float64Array[] {
  const sets: Float64Array[] = []
  let from = 0
  values.forEach((value, at) => {
    if (value === value) return
    sets.push(values.slice(from, at).sort())
    from = at + 1
  })
  if (from < values.length) sets.push(values.slice(from).sort())
  return sets
}

interface Outcome {
  outputs: number
  targetOf: (target: number) => number
  base: readonly number[]
  post: PostTransform
  aggregate: string
  isSingleScore: boolean
}

function finish(node: OnnxFileNode, nodes: readonly (RawNode | RawLeaf)[], roots: readonly number[], outcome: Outcome): Ensemble {
  const { outputs, base, aggregate, post, isSingleScore } = outcome
  if (!(outputs >= 1 && outputs <= 10_000)) throw new Malformed('its trees have an impossible number of outputs')
  if (aggregate !== 'SUM' && aggregate !== 'AVERAGE') throw new Unreadable(`takes the ${aggregate} of its trees, which is no sum`)
  if (base.length > 1 && base.length !== outputs) throw new Malformed('its base values do not fit its outputs')
  const share = aggregate === 'AVERAGE' ? 1 / roots.length : 1
  const trees = buildTrees(nodes, roots, outputs, (leaf) => {
    const values = new Float64Array(outputs)
    for (const { target, weight } of leaf.weights) {
      const at = outcome.targetOf(target)
      if (!(at >= 0 && at < outputs)) throw new Malformed('a leaf is of an output that there is not')
      values[at]! += weight * share
    }
    return values
  })
  const columns = trees.flatMap((tree) => tree.nodes).reduce((most, { column }) => Math.max(most, column + 1), 0)
  return {
    input: node.inputs[0]!,
    columns,
    outputs,
    base: Float64Array.from({ length: outputs }, (_, at) => base[base.length === 1 ? 0 : at] ?? 0),
    trees,
    post,
    isSingleScore
  }
}
