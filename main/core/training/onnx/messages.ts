import { Writer } from 'protobufjs/minimal'

/**
 * The part of the ONNX format (onnx.proto, IR version 8) that the exporters need, as plain objects and one encoder each.
 * Numbers in comments of the encoders are not needed: the first argument of `tag` is the public field number.
 */
export const elementType = { float: 1, uint8: 2, int64: 7, string: 8, bool: 9, double: 11 } as const
export type ElementType = keyof typeof elementType

export type AttributeValue =
  | { type: 'float'; value: number }
  | { type: 'int'; value: number }
  | { type: 'string'; value: string }
  | { type: 'floats'; value: readonly number[] }
  | { type: 'ints'; value: readonly number[] }
  | { type: 'strings'; value: readonly string[] }
  | { type: 'tensor'; value: OnnxTensor }

export interface OnnxNode {
  operator: string
  domain?: string
  name: string
  inputs: readonly string[]
  outputs: readonly string[]
  attributes?: Record<string, AttributeValue>
}
export interface OnnxTensor {
  name: string
  type: 'float' | 'double' | 'int64' | 'uint8'
  dimensions: readonly number[]
  values: readonly number[]
}
export interface OnnxValue {
  name: string
  type: ElementType
  /** A text is a dimension with a name instead of a length. */
  dimensions: readonly (number | string)[]
  description?: string
}
export interface OnnxModel {
  producer: string
  producerVersion: string
  graphName: string
  description: string
  operatorSets: Record<string, number>
  metadata: Record<string, string>
  nodes: readonly OnnxNode[]
  initializers: readonly OnnxTensor[]
  inputs: readonly OnnxValue[]
  outputs: readonly OnnxValue[]
}

const varint = 0
const delimited = 2
const fixed32 = 5
const tag = (writer: Writer, field: number, wire: number): Writer => writer.uint32(((field << 3) | wire) >>> 0)
const text = (writer: Writer, field: number, value: string): Writer => tag(writer, field, delimited).string(value)
const integer = (writer: Writer, field: number, value: number): Writer => tag(writer, field, varint).int64(value)
const real = (writer: Writer, field: number, value: number): Writer => tag(writer, field, fixed32).float(value)
const message = (writer: Writer, field: number, fill: (writer: Writer) => void): Writer => {
  tag(writer, field, delimited).fork()
  fill(writer)
  return writer.ldelim()
}

/** ModelProto as bytes. */
export function encodeModel(model: OnnxModel): Uint8Array {
  const writer = Writer.create()
  integer(writer, 1, 8)
  text(writer, 2, model.producer)
  text(writer, 3, model.producerVersion)
  integer(writer, 5, 1)
  text(writer, 6, model.description)
  message(writer, 7, (graph) => {
    for (const node of model.nodes) message(graph, 1, (inner) => encodeNode(inner, node))
    text(graph, 2, model.graphName)
    for (const tensor of model.initializers) message(graph, 5, (inner) => encodeTensor(inner, tensor))
    for (const value of model.inputs) message(graph, 11, (inner) => encodeValue(inner, value))
    for (const value of model.outputs) message(graph, 12, (inner) => encodeValue(inner, value))
  })
  for (const [domain, version] of Object.entries(model.operatorSets)) message(writer, 8, (set) => integer(text(set, 1, domain), 2, version))
  for (const [key, value] of Object.entries(model.metadata)) message(writer, 14, (entry) => text(text(entry, 1, key), 2, value))
  return writer.finish()
}

const bytesOf = <T>(encode: (writer: Writer, part: T) => void, part: T): Uint8Array => {
  const writer = Writer.create()
  encode(writer, part)
  return writer.finish()
}
/** Parts of a graph as bytes, for one who lays nodes around a graph that is there. */
export const encodedNode = (node: OnnxNode): Uint8Array => bytesOf(encodeNode, node)
export const encodedTensor = (tensor: OnnxTensor): Uint8Array => bytesOf(encodeTensor, tensor)
export const encodedValue = (value: OnnxValue): Uint8Array => bytesOf(encodeValue, value)

function encodeNode(writer: Writer, node: OnnxNode): void {
  for (const input of node.inputs) text(writer, 1, input)
  for (const output of node.outputs) text(writer, 2, output)
  text(writer, 3, node.name)
  text(writer, 4, node.operator)
  for (const [name, attribute] of Object.entries(node.attributes ?? {}))
    message(writer, 5, (inner) => encodeAttribute(inner, name, attribute))
  if (node.domain) text(writer, 7, node.domain)
}

const attributeType = { float: 1, int: 2, string: 3, tensor: 4, floats: 6, ints: 7, strings: 8 } as const

function encodeAttribute(writer: Writer, name: string, attribute: AttributeValue): void {
  text(writer, 1, name)
  if (attribute.type === 'float') real(writer, 2, attribute.value)
  else if (attribute.type === 'int') integer(writer, 3, attribute.value)
  else if (attribute.type === 'string') text(writer, 4, attribute.value)
  else if (attribute.type === 'tensor') message(writer, 5, (inner) => encodeTensor(inner, attribute.value))
  else if (attribute.type === 'floats') for (const value of attribute.value) real(writer, 7, value)
  else if (attribute.type === 'ints') for (const value of attribute.value) integer(writer, 8, value)
  else for (const value of attribute.value) text(writer, 9, value)
  integer(writer, 20, attributeType[attribute.type])
}

function encodeTensor(writer: Writer, tensor: OnnxTensor): void {
  for (const dimension of tensor.dimensions) integer(writer, 1, dimension)
  integer(writer, 2, elementType[tensor.type])
  text(writer, 8, tensor.name)
  tag(writer, 9, delimited).bytes(rawBytes(tensor))
}

/** Little-endian whatever the machine, as the format demands. */
function rawBytes(tensor: OnnxTensor): Uint8Array {
  const width = { float: 4, double: 8, int64: 8, uint8: 1 }[tensor.type]
  const view = new DataView(new ArrayBuffer(tensor.values.length * width))
  tensor.values.forEach((value, index) => {
    if (tensor.type === 'float') view.setFloat32(index * width, value, true)
    else if (tensor.type === 'uint8') view.setUint8(index, value)
    else if (tensor.type === 'double') view.setFloat64(index * width, value, true)
    else view.setBigInt64(index * width, BigInt(value), true)
  })
  return new Uint8Array(view.buffer)
}

function encodeValue(writer: Writer, value: OnnxValue): void {
  text(writer, 1, value.name)
  message(writer, 2, (type) =>
    message(type, 1, (tensor) => {
      integer(tensor, 1, elementType[value.type])
      message(tensor, 2, (shape) => {
        for (const dimension of value.dimensions)
          message(shape, 1, (inner) => (typeof dimension === 'string' ? text(inner, 2, dimension) : integer(inner, 1, dimension)))
      })
    })
  )
  if (value.description) text(writer, 3, value.description)
}
