import { WorkbenchError } from '../../../model/errors'
import {
  fedInputs,
  readOnnx,
  readOnnxFile,
  type OnnxAttribute,
  type OnnxElement,
  type OnnxFile,
  type OnnxFileNode,
  type OnnxFileTensor
} from '../../onnx-file'
import { Malformed, Unreadable } from '../unreadable'

/** A constant: numbers as doubles, or texts. */
export interface Constant {
  element: OnnxElement
  dimensions: readonly number[]
  numbers: Float64Array | null
  texts: readonly string[] | null
}

/** A graph of which every node reads only what stands before it. */
export interface ReadGraph {
  nodes: readonly OnnxFileNode[]
  constants: ReadonlyMap<string, Constant>
  inputs: readonly { name: string; element: OnnxElement; width: number | null }[]
  outputs: readonly string[]
}

/**
 * The graph of a model file, for explanations.
 * @throws WorkbenchError NOT_FOUND, INVALID_INPUT; Unreadable for what only a runtime can follow
 */
export async function readGraphFile(path: string): Promise<ReadGraph> {
  return plain(await readOnnxFile(path), path)
}

/** The same for bytes in memory. */
export const readGraphBytes = (bytes: Uint8Array, name: string): ReadGraph => plain(readOnnx(bytes, name), name)

function plain(file: OnnxFile, name: string): ReadGraph {
  if (file.functions.length > 0) throw new Unreadable('defines operators of its own')
  const { nodes, initializers, outputs } = file.graph
  const constants = new Map(initializers.map((tensor) => [tensor.name, constantOf(tensor)]))
  const inputs = fedInputs(file.graph).map(({ name: input, type }) => {
    const lengths = type.kind === 'tensor' ? type.dimensions : null
    const width = lengths?.[1]
    return {
      name: input,
      element: type.kind === 'tensor' ? type.element : ('other' as const),
      width: typeof width === 'number' ? width : null
    }
  })
  const graph = { nodes, constants, inputs, outputs: outputs.map((output) => output.name) }
  return refusing(name, () => {
    assertOrdered(graph)
    return graph
  })
}

/** Turns what no file may say into an error that names the file. */
export function refusing<T>(name: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
    throw new WorkbenchError('INVALID_INPUT', `The model ${name} cannot be read: ${error.message}. Export the model again.`, {
      cause: error
    })
  }
}

export function constantOf(tensor: OnnxFileTensor): Constant {
  const { element, dimensions } = tensor
  if (['float16', 'bfloat16', 'other'].includes(element)) throw new Unreadable(`holds a constant of the type ${element}`)
  const values = tensor.values()
  return element === 'string'
    ? { element, dimensions, numbers: null, texts: values as string[] }
    : { element, dimensions, numbers: Float64Array.from(values as number[]), texts: null }
}

/** A node that reads what is written after it would make the graph a loop; a name that is written twice could mean either. */
function assertOrdered(graph: ReadGraph): void {
  const written = new Set([...graph.constants.keys(), ...graph.inputs.map(({ name }) => name)])
  for (const { operator, inputs, outputs } of graph.nodes) {
    const early = inputs.find((name) => name !== '' && !written.has(name))
    if (early !== undefined) throw new Malformed(`a node ${operator} reads "${early}", which nothing before it writes`)
    for (const name of outputs) {
      if (name !== '' && written.has(name)) throw new Malformed(`"${name}" is written twice`)
      written.add(name)
    }
  }
  const lost = graph.outputs.find((name) => !written.has(name))
  if (lost !== undefined) throw new Malformed(`nothing writes its output "${lost}"`)
}

/** The value of an attribute; undefined where the node does not have one, or has it as something else. */
function valueOf(node: OnnxFileNode, name: string, type: OnnxAttribute['type']): unknown {
  const found = Object.hasOwn(node.attributes, name) ? node.attributes[name] : undefined
  return found && found.type === type && 'value' in found ? found.value : undefined
}
export const intOf = (node: OnnxFileNode, name: string) => valueOf(node, name, 'int') as number | undefined
export const floatOf = (node: OnnxFileNode, name: string) => valueOf(node, name, 'float') as number | undefined
export const textOf = (node: OnnxFileNode, name: string) => valueOf(node, name, 'string') as string | undefined
export const intsOf = (node: OnnxFileNode, name: string) => valueOf(node, name, 'ints') as readonly number[] | undefined
export const floatsOf = (node: OnnxFileNode, name: string) => valueOf(node, name, 'floats') as readonly number[] | undefined
export const textsOf = (node: OnnxFileNode, name: string) => valueOf(node, name, 'strings') as readonly string[] | undefined
export const tensorOf = (node: OnnxFileNode, name: string): Constant | undefined => {
  const tensor = valueOf(node, name, 'tensor') as OnnxFileTensor | undefined
  return tensor && constantOf(tensor)
}
