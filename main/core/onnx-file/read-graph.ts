import { readTensor } from './read-tensor'
import {
  elementTypes,
  type OnnxAttribute,
  type OnnxDimension,
  type OnnxFileNode,
  type OnnxFileValue,
  type OnnxGraph,
  type OnnxType
} from './shape'
import {
  delimited,
  floatsInto,
  integersInto,
  once,
  OnnxFault,
  readMessage,
  takeBytes,
  takeFloat,
  takeInteger,
  takeText,
  varint
} from './wire'

const mostDepth = 16
const mostNodes = 1_000_000

/** Counts over a whole file, subgraphs and functions included. */
export interface Budget {
  nodes: number
}

/** @throws OnnxFault */
export function readGraph(bytes: Uint8Array, budget: Budget, depth = 0): OnnxGraph {
  if (depth > mostDepth) throw new OnnxFault(`its graphs are nested more than ${mostDepth} deep`)
  const graph: OnnxGraph = { name: '', nodes: [], initializers: [], inputs: [], outputs: [] }
  readMessage(bytes, 'the graph', {
    1: (reader, wire) => graph.nodes.push(readNode(takeBytes(reader, wire), budget, depth)),
    2: (reader, wire) => (graph.name = takeText(reader, wire)),
    5: (reader, wire) => graph.initializers.push(readTensor(takeBytes(reader, wire))),
    11: (reader, wire) => graph.inputs.push(readValue(takeBytes(reader, wire))),
    12: (reader, wire) => graph.outputs.push(readValue(takeBytes(reader, wire))),
    15: () => {
      throw new OnnxFault('it has sparse constants, which are not read; save it with dense ones')
    }
  })
  return graph
}

export function readNode(bytes: Uint8Array, budget: Budget, depth: number): OnnxFileNode {
  if (++budget.nodes > mostNodes) throw new OnnxFault(`it has more than ${mostNodes} nodes`)
  const node: OnnxFileNode = { operator: '', domain: '', name: '', inputs: [], outputs: [], attributes: {} }
  readMessage(bytes, 'a node', {
    1: (reader, wire) => node.inputs.push(takeText(reader, wire)),
    2: (reader, wire) => node.outputs.push(takeText(reader, wire)),
    3: (reader, wire) => (node.name = takeText(reader, wire)),
    4: (reader, wire) => (node.operator = takeText(reader, wire)),
    5: (reader, wire) => {
      const { name, attribute } = readAttribute(takeBytes(reader, wire), budget, depth)
      if (Object.hasOwn(node.attributes, name)) throw new OnnxFault(`a node ${node.operator} has the attribute "${name}" twice`)
      Object.defineProperty(node.attributes, name, { value: attribute, enumerable: true })
    },
    7: (reader, wire) => (node.domain = plainDomain(takeText(reader, wire)))
  })
  return node
}

/** The standard operators have two names for their domain. */
export const plainDomain = (domain: string): string => (domain === 'ai.onnx' ? '' : domain)

function readAttribute(bytes: Uint8Array, budget: Budget, depth: number): { name: string; attribute: OnnxAttribute } {
  const found = { float: 0, int: 0, string: '', floats: [] as number[], ints: [] as number[], strings: [] as string[] }
  const tensors: OnnxAttribute[] = []
  const graphs: OnnxAttribute[] = []
  const manyTensors: ReturnType<typeof readTensor>[] = []
  const manyGraphs: OnnxGraph[] = []
  let name = ''
  let type = 0
  let isReference = false
  readMessage(bytes, 'an attribute', {
    1: (reader, wire) => (name = takeText(reader, wire)),
    2: (reader, wire) => (found.float = takeFloat(reader, wire)),
    3: (reader, wire) => (found.int = takeInteger(reader, wire)),
    // Some exporters keep bytes in texts: what is no UTF-8 is shown with marks.
    4: (reader, wire) => (found.string = Buffer.from(takeBytes(reader, wire)).toString('utf8')),
    5: once('tensor in an attribute', (own) => tensors.push({ type: 'tensor', value: readTensor(own) })),
    6: once('graph in an attribute', (own) => graphs.push({ type: 'graph', value: readGraph(own, budget, depth + 1) })),
    7: floatsInto(found.floats),
    8: integersInto(found.ints),
    9: (reader, wire) => found.strings.push(Buffer.from(takeBytes(reader, wire)).toString('utf8')),
    10: (reader, wire) => manyTensors.push(readTensor(takeBytes(reader, wire))),
    11: (reader, wire) => manyGraphs.push(readGraph(takeBytes(reader, wire), budget, depth + 1)),
    20: (reader, wire) => (type = takeInteger(reader, wire)),
    21: (reader, wire) => (isReference = takeText(reader, wire) !== ''),
    22: refuseSparse,
    23: refuseSparse
  })
  const byType: Record<number, OnnxAttribute | undefined> = {
    1: { type: 'float', value: found.float },
    2: { type: 'int', value: found.int },
    3: { type: 'string', value: found.string },
    4: tensors[0],
    5: graphs[0],
    6: { type: 'floats', value: found.floats },
    7: { type: 'ints', value: found.ints },
    8: { type: 'strings', value: found.strings },
    9: { type: 'tensors', value: manyTensors },
    10: { type: 'graphs', value: manyGraphs }
  }
  return { name, attribute: (!isReference && byType[type]) || { type: 'other' } }
}

const refuseSparse = (): never => {
  throw new OnnxFault('it has sparse constants, which are not read; save it with dense ones')
}

export function readValue(bytes: Uint8Array): OnnxFileValue {
  const value: OnnxFileValue = { name: '', type: { kind: 'other' }, description: '' }
  readMessage(bytes, 'an input or output', {
    1: (reader, wire) => (value.name = takeText(reader, wire)),
    2: once('type of a value', (own) => (value.type = readType(own, 0))),
    3: (reader, wire) => (value.description = takeText(reader, wire))
  })
  return value
}

function readType(bytes: Uint8Array, depth: number): OnnxType {
  if (depth > mostDepth) throw new OnnxFault(`a type is nested more than ${mostDepth} deep`)
  let type: OnnxType = { kind: 'other' }
  readMessage(bytes, 'a type', {
    1: once('tensor type', (own) => (type = readTensorType(own))),
    4: once('sequence type', (own) => {
      let of: OnnxType = { kind: 'other' }
      readMessage(own, 'a type', { 1: once('type of a sequence', (inner) => (of = readType(inner, depth + 1))) })
      type = { kind: 'sequence', of }
    }),
    5: once('map type', (own) => {
      let key = 0
      let value: OnnxType = { kind: 'other' }
      readMessage(own, 'a type', {
        1: (reader, wire) => (key = takeInteger(reader, wire)),
        2: once('type of a map', (inner) => (value = readType(inner, depth + 1)))
      })
      type = { kind: 'map', key: elementTypes[key as keyof typeof elementTypes] ?? 'other', value }
    })
  })
  return type
}

function readTensorType(bytes: Uint8Array): OnnxType {
  let element = 0
  let dimensions: OnnxDimension[] | null = null
  readMessage(bytes, 'a tensor type', {
    1: (reader, wire) => (element = takeInteger(reader, wire)),
    2: once('shape', (own) => {
      const found: OnnxDimension[] = []
      readMessage(own, 'a shape', { 1: (reader, wire) => found.push(readDimension(takeBytes(reader, wire))) })
      dimensions = found
    })
  })
  return { kind: 'tensor', element: elementTypes[element as keyof typeof elementTypes] ?? 'other', dimensions }
}

function readDimension(bytes: Uint8Array): OnnxDimension {
  let dimension: OnnxDimension = null
  readMessage(bytes, 'a dimension', {
    1: (reader, wire) => (dimension = wire === varint ? takeInteger(reader, wire) : null),
    2: (reader, wire) => {
      if (wire !== delimited) throw new OnnxFault('a dimension has another form than the format says')
      dimension = takeText(reader, wire) || null
    }
  })
  return dimension
}
