import { describe, expect, it } from 'vitest'
import { encodeModel, type AttributeValue, type OnnxNode } from '../training/onnx/messages'
import { floats, int, ints, strings } from '../training/onnx/graph-builder'
import type { RowTensor } from './graph/values'
import { readGraphBytes, refusing } from './graph/model'
import { readWhiteBox } from './white-box'

const feeds = new Map<string, RowTensor>([
  ['x', { kind: 'rows', element: 'float', rank: 2, columns: [{ support: [0], numbers: new Float64Array() }] }]
])

function read(nodes: OnnxNode[]) {
  const bytes = encodeModel({
    ...{ producer: 'test', producerVersion: '1', graphName: 'g', description: '', operatorSets: { '': 17, 'ai.onnx.ml': 3 }, metadata: {} },
    nodes,
    initializers: [],
    inputs: [{ name: 'x', type: 'float', dimensions: ['N', 1] }],
    outputs: [{ name: 'prediction', type: 'float', dimensions: ['N', 1] }]
  })
  const graph = readGraphBytes(bytes, 'test')
  return refusing('test', () => readWhiteBox(graph, feeds, 'prediction', false))
}

const tree = (more: Record<string, AttributeValue>): OnnxNode => ({
  ...{ operator: 'TreeEnsembleRegressor', domain: 'ai.onnx.ml', name: 'trees', inputs: ['x'], outputs: ['prediction'] },
  attributes: {
    n_targets: int(1),
    nodes_treeids: ints([0, 0, 0]),
    nodes_nodeids: ints([0, 1, 2]),
    nodes_featureids: ints([0, 0, 0]),
    nodes_modes: strings(['BRANCH_LEQ', 'LEAF', 'LEAF']),
    nodes_values: floats([0.5, 0, 0]),
    nodes_truenodeids: ints([1, 0, 0]),
    nodes_falsenodeids: ints([2, 0, 0]),
    target_treeids: ints([0, 0]),
    target_nodeids: ints([1, 2]),
    target_ids: ints([0, 0]),
    target_weights: floats([-1, 1]),
    ...more
  }
})

describe('files that anybody may have written', () => {
  it('reads a tree that is one', () => {
    expect(
      read([tree({})])
        .trees[0]!.trees[0]!.values.map(([value]) => value)
        .sort()
    ).toEqual([-1, 1])
  })
  const branches = strings(['BRANCH_LEQ', 'BRANCH_LEQ', 'LEAF'])
  for (const [what, more] of Object.entries<Record<string, AttributeValue>>({
    'comes back to its root': { nodes_modes: branches, nodes_truenodeids: ints([1, 0, 0]), nodes_falsenodeids: ints([2, 2, 0]) },
    'comes back to a node': { nodes_modes: branches, nodes_truenodeids: ints([1, 1, 0]), nodes_falsenodeids: ints([2, 2, 0]) },
    'names a node that it does not have': { nodes_falsenodeids: ints([7, 0, 0]) },
    'has a node twice': { nodes_nodeids: ints([0, 1, 1]) },
    'has lists of different length': { nodes_values: floats([0.5]) },
    'has a leaf of an output that there is not': { target_ids: ints([0, 5]) },
    'divides rows by a column that cannot be': { nodes_featureids: ints([-3, 0, 0]) }
  }))
    it(`refuses a tree that ${what}`, () => {
      let error: unknown
      try {
        read([tree(more)])
      } catch (caught) {
        error = caught
      }
      expect(error).toMatchObject({ code: 'INVALID_INPUT' })
    })
  it('refuses a graph that is a loop', () => {
    const loop = { operator: 'Add', name: 'loop', inputs: ['x', 'prediction'], outputs: ['prediction'] }
    expect(() => read([loop])).toThrow('which nothing before it writes')
  })
  it('leaves a graph to the runtime whose operators it does not read', () => {
    expect(() => read([{ operator: 'Erf', name: 'erf', inputs: ['x'], outputs: ['prediction'] }])).toThrow('has the operator Erf')
  })
})
