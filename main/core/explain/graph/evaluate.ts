import type { OnnxFileNode } from '../../onnx-file'
import { Unreadable } from '../unreadable'
import { elementwise } from './elementwise'
import { learningOperators } from './learning-operators'
import { shapeOperators } from './shape-operators'
import { floatOf, floatsOf, intOf, intsOf, tensorOf, type Constant, type ReadGraph } from './model'
import type { Operator, RowTensor, Value } from './values'

const standard: Record<string, Operator> = { ...elementwise, ...shapeOperators }

/** By domain; an operator that is not among them makes what follows from it a black box. */
function operatorOf({ operator, domain }: OnnxFileNode): Operator {
  const table = domain === '' ? standard : domain === 'ai.onnx.ml' ? learningOperators : {}
  const found = Object.hasOwn(table, operator) ? table[operator] : undefined
  if (!found) throw new Unreadable(`has the operator ${operator}${domain === '' ? '' : ` of ${domain}`}, which is not read`)
  return found
}

/** Which node writes a tensor. */
export function writersOf(graph: ReadGraph): Map<string, OnnxFileNode> {
  return new Map(graph.nodes.flatMap((node) => node.outputs.map((name): [string, OnnxFileNode] => [name, node])))
}

/** The nodes that the tensors follow from, in the order of the graph; what is `given` is not computed again. */
export function nodesFor(graph: ReadGraph, names: Iterable<string>, given: ReadonlySet<string> = new Set()): OnnxFileNode[] {
  const needed = new Set(names)
  return graph.nodes
    .toReversed()
    .filter(({ inputs, outputs }) => {
      const isNeeded = outputs.some((name) => needed.has(name))
      if (isNeeded) for (const name of inputs) if (!given.has(name)) needed.add(name)
      return isNeeded
    })
    .reverse()
}

/**
 * Computes tensors of a graph for rows, in the element types of the file, by the nodes of {@link nodesFor}.
 * @param feeds graph inputs by name
 * @throws Unreadable for an operator or a shape that is not read
 */
export function evaluate(
  graph: ReadGraph,
  nodes: readonly OnnxFileNode[],
  feeds: ReadonlyMap<string, RowTensor>,
  rows: number,
  wanted: Iterable<string>
): Map<string, Value> {
  const known = new Map<string, Value>(feeds)
  for (const [name, tensor] of graph.constants) known.set(name, { ...tensor, kind: 'constant' })
  for (const node of nodes) {
    if (node.operator === 'Constant' && node.domain === '') {
      known.set(node.outputs[0]!, constantOf(node))
      continue
    }
    const inputs = node.inputs.map((name) => known.get(name) ?? null)
    known.set(node.outputs[0]!, operatorOf(node)({ node, inputs, rows }))
  }
  return new Map(
    Array.from(wanted, (name) => {
      const value = known.get(name)
      if (!value) throw new Unreadable(`needs "${name}", which is an output that is not read`)
      return [name, value]
    })
  )
}

function constantOf(node: OnnxFileNode): Value {
  const of = (element: Constant['element'], values: readonly number[], dimensions: number[]): Value => ({
    kind: 'constant',
    element,
    dimensions,
    numbers: Float64Array.from(values),
    texts: null
  })
  const tensor = tensorOf(node, 'value')
  if (tensor) return { ...tensor, kind: 'constant' }
  const [int, ints] = [intOf(node, 'value_int'), intsOf(node, 'value_ints')]
  if (ints ?? int !== undefined) return of('int64', ints ?? [int!], ints ? [ints.length] : [])
  const [float, floats] = [floatOf(node, 'value_float'), floatsOf(node, 'value_floats')]
  if (floats ?? float !== undefined) return of('float', floats ?? [float!], floats ? [floats.length] : [])
  throw new Unreadable('has a constant that is not read')
}
