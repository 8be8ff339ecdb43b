/**
 * What is read of an ONNX file (onnx.proto of ONNX 1.19, IR 3 and later), as plain objects. Whole numbers are JavaScript numbers: one beyond
 * 2^53, as `Slice` uses for "to the end", is the nearest. Nothing is written from these objects; whoever changes a file keeps its bytes.
 */

/** Element types by their number in `TensorProto.DataType`. */
export const elementTypes = {
  1: 'float',
  2: 'uint8',
  3: 'int8',
  4: 'uint16',
  5: 'int16',
  6: 'int32',
  7: 'int64',
  8: 'string',
  9: 'bool',
  10: 'float16',
  11: 'double',
  12: 'uint32',
  13: 'uint64',
  16: 'bfloat16'
} as const
export type OnnxElement = (typeof elementTypes)[keyof typeof elementTypes] | 'other'

/** A length, the name of a length that the caller gives, or nothing known. */
export type OnnxDimension = number | string | null

export type OnnxType =
  /** `dimensions` is null where the file says nothing of them. */
  | { kind: 'tensor'; element: OnnxElement; dimensions: OnnxDimension[] | null }
  | { kind: 'sequence'; of: OnnxType }
  | { kind: 'map'; key: OnnxElement; value: OnnxType }
  /** Optional, sparse and opaque values, and a value without a type. */
  | { kind: 'other' }

export interface OnnxFileValue {
  name: string
  type: OnnxType
  description: string
}

export interface OnnxFileTensor {
  name: string
  element: OnnxElement
  dimensions: number[]
  /** Number of elements: the product of the dimensions. */
  size: number
  /** All elements in row-major order; texts for `string`, otherwise numbers. @throws Error for a float16, bfloat16 or unknown type */
  values(): number[] | string[]
}

export type OnnxAttribute =
  | { type: 'float' | 'int'; value: number }
  | { type: 'string'; value: string }
  | { type: 'floats' | 'ints'; value: number[] }
  | { type: 'strings'; value: string[] }
  | { type: 'tensor'; value: OnnxFileTensor }
  | { type: 'graph'; value: OnnxGraph }
  | { type: 'graphs'; value: OnnxGraph[] }
  | { type: 'tensors'; value: OnnxFileTensor[] }
  /** Sparse tensors and types, and attributes that refer to one of the function around them. */
  | { type: 'other' }

export interface OnnxFileNode {
  operator: string
  /** `''` for the standard operators (also written `ai.onnx`). */
  domain: string
  name: string
  /** An empty name is an optional input that is left out. */
  inputs: string[]
  outputs: string[]
  attributes: Record<string, OnnxAttribute>
}

export interface OnnxGraph {
  name: string
  nodes: OnnxFileNode[]
  initializers: OnnxFileTensor[]
  /** As listed: before IR 4 the initialisers too. */
  inputs: OnnxFileValue[]
  outputs: OnnxFileValue[]
}

export interface OnnxFile {
  irVersion: number
  producer: string
  producerVersion: string
  description: string
  /** Version by domain; `''` for the standard operators. */
  operatorSets: Record<string, number>
  metadata: Record<string, string>
  graph: OnnxGraph
  /** Operators that the file defines itself, as `domain:name`. */
  functions: string[]
}

/** Inputs that the caller has to feed: without those that have a constant of the same name. */
export function fedInputs({ inputs, initializers }: OnnxGraph): OnnxFileValue[] {
  const constant = new Set(initializers.map(({ name }) => name))
  return inputs.filter(({ name }) => !constant.has(name))
}
