import { Reader, Writer } from 'protobufjs/minimal'
import { plainDomain, readValue } from './read-graph'
import { fedInputs, type OnnxFile } from './shape'
import { delimited, OnnxFault, takeBytes } from './wire'

/** What is laid around a graph; nodes, constants and values are encoded messages. */
export interface Rewriting {
  /** New names of values, wherever they stand, in graphs within nodes too. */
  rename: ReadonlyMap<string, string>
  /** Places of nodes of the outer graph that are left out. */
  leaveOut: ReadonlySet<number>
  before: readonly Uint8Array[]
  after: readonly Uint8Array[]
  constants: readonly Uint8Array[]
  /** In the place of the inputs that the caller has to feed; without them these stay. */
  inputs?: readonly Uint8Array[]
  /** In the place of all outputs. */
  outputs: readonly Uint8Array[]
  metadata: Readonly<Record<string, string>>
}

/** Version of the standard operators for a file that uses none of them. */
const standardVersion = 17

/**
 * The bytes of an ONNX file with other nodes around its graph. All that is not named stays as it is, byte for byte: constants and attributes
 * are not read and written again.
 */
export function rewriteOnnx(bytes: Uint8Array, file: OnnxFile, change: Rewriting): Uint8Array {
  const fed = new Set(fedInputs(file.graph).map(({ name }) => name))
  const writer = Writer.create()
  eachField(bytes, (field, whole, own) => {
    if (field === 7) put(writer, 7, rewriteGraph(own!, change, fed))
    else copy(writer, whole)
  })
  if (!Object.keys(file.operatorSets).some((domain) => plainDomain(domain) === ''))
    writer.uint32((8 << 3) | delimited).bytes(Writer.create().uint32(10).string('').uint32(16).int64(standardVersion).finish())
  for (const [key, value] of Object.entries(change.metadata))
    put(writer, 14, Writer.create().uint32(10).string(key).uint32(18).string(value).finish())
  return writer.finish()
}

function rewriteGraph(bytes: Uint8Array, change: Rewriting, fed: ReadonlySet<string>): Uint8Array {
  const writer = Writer.create()
  for (const node of change.before) put(writer, 1, node)
  let place = 0
  eachField(bytes, (field, whole, own) => {
    if (field === 1) {
      if (!change.leaveOut.has(place++)) put(writer, 1, renameNode(own!, change.rename))
    } else if (field === 5) put(writer, 5, renameField(own!, 8, change.rename))
    else if (field === 11) {
      if (!change.inputs || !fed.has(readValue(own!).name)) put(writer, 11, renameField(own!, 1, change.rename))
    } else if (field === 13) put(writer, 13, renameField(own!, 1, change.rename))
    else if (field !== 12) copy(writer, whole)
  })
  for (const node of change.after) put(writer, 1, node)
  for (const tensor of change.constants) put(writer, 5, tensor)
  for (const value of change.inputs ?? []) put(writer, 11, value)
  for (const value of change.outputs) put(writer, 12, value)
  return writer.finish()
}

/** Names of values within a graph are never reused in the graphs of its nodes, so one list of new names holds for all of them. */
function renameNode(bytes: Uint8Array, rename: Rewriting['rename']): Uint8Array {
  if (rename.size === 0) return bytes
  const writer = Writer.create()
  eachField(bytes, (field, whole, own) => {
    if (field === 1 || field === 2) put(writer, field, Buffer.from(renamed(own!, rename)))
    else if (field === 5) put(writer, 5, renameInAttribute(own!, rename))
    else copy(writer, whole)
  })
  return writer.finish()
}

function renameInAttribute(bytes: Uint8Array, rename: Rewriting['rename']): Uint8Array {
  const writer = Writer.create()
  eachField(bytes, (field, whole, own) => {
    if (field === 6 || field === 11) put(writer, field, renameInner(own!, rename))
    else copy(writer, whole)
  })
  return writer.finish()
}

function renameInner(bytes: Uint8Array, rename: Rewriting['rename']): Uint8Array {
  const writer = Writer.create()
  eachField(bytes, (field, whole, own) => {
    if (field === 1) put(writer, 1, renameNode(own!, rename))
    else if (field === 5) put(writer, 5, renameField(own!, 8, rename))
    else if (field >= 11 && field <= 13) put(writer, field, renameField(own!, 1, rename))
    else copy(writer, whole)
  })
  return writer.finish()
}

/** A message with its name, which stands in one field, replaced where it has a new one. */
function renameField(bytes: Uint8Array, name: number, rename: Rewriting['rename']): Uint8Array {
  if (rename.size === 0) return bytes
  const writer = Writer.create()
  eachField(bytes, (field, whole, own) => {
    if (field === name && own) put(writer, name, Buffer.from(renamed(own, rename)))
    else copy(writer, whole)
  })
  return writer.finish()
}

function renamed(name: Uint8Array, rename: Rewriting['rename']): string {
  const text = Buffer.from(name).toString('utf8')
  return rename.get(text) ?? text
}

/** The fields of a message in their order: number, all bytes with the tag, and what a delimited one holds. */
function eachField(bytes: Uint8Array, visit: (field: number, whole: Uint8Array, own: Uint8Array | undefined) => void): void {
  const reader = Reader.create(bytes)
  while (reader.pos < reader.len) {
    const start = reader.pos
    const tag = reader.uint32()
    let own: Uint8Array | undefined
    if ((tag & 7) === delimited) own = takeBytes(reader, delimited)
    else if ((tag & 7) === 3 || (tag & 7) === 4) throw new OnnxFault('a field has no known form')
    else reader.skipType(tag & 7)
    visit(tag >>> 3, bytes.subarray(start, reader.pos), own)
  }
}

const put = (writer: Writer, field: number, bytes: Uint8Array): void => void writer.uint32(((field << 3) | delimited) >>> 0).bytes(bytes)

/** Bytes as they are, without a length before them. */
const copy = (writer: Writer, bytes: Uint8Array): void => void writer.raw(bytes)
