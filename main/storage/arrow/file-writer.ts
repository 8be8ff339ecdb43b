import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fromSystemError } from '../../model/errors'
import { syncPath } from '../objects/durable-files'
import { type ArrowField, type ArrowType, arrowTypeName } from './arrow-types'
import { encodeFlatbuffer, type FlatNode, type FlatValue } from './flatbuffer'
import type { Block } from './metadata'

/** A batch ready to be written: node pairs (length, null count), buffers in schema order. */
export interface OutgoingBatch {
  rows: number
  nodes: number[]
  buffers: Uint8Array[]
  variadicCounts?: number[]
}

const unitNumber = { s: 0, ms: 1, us: 2, ns: 3 } as const
const metadataVersion = 4
const int16 = (value: number): FlatValue => ({ kind: 'int16', value })
const int32 = (value: number): FlatValue => ({ kind: 'int32', value })
const bool = (value: boolean): FlatValue => ({ kind: 'uint8', value: value ? 1 : 0 })
const structs = (numbers: number[], perStruct: number): FlatValue => ({
  kind: 'structs',
  value: new Uint8Array(BigInt64Array.from(numbers, (number) => BigInt(number)).buffer),
  count: numbers.length / perStruct
})

function typeNode(type: ArrowType): [number, FlatNode] {
  const bytes = (base: number): [number, FlatNode] => {
    const layout = type.kind === 'utf8' || type.kind === 'binary' ? type.layout : 'offset32'
    return [layout === 'offset32' ? base : layout === 'offset64' ? base + 15 : base === 5 ? 24 : 23, new Map()]
  }
  switch (type.kind) {
    case 'null':
      return [1, new Map()]
    case 'int':
      return [
        2,
        new Map([
          [0, int32(type.bits)],
          [1, bool(type.signed)]
        ])
      ]
    case 'float':
      return [3, new Map([[0, int16(type.bits === 16 ? 0 : type.bits === 32 ? 1 : 2)]])]
    case 'binary':
      return bytes(4)
    case 'utf8':
      return bytes(5)
    case 'bool':
      return [6, new Map()]
    case 'decimal':
      return [
        7,
        new Map([
          [0, int32(type.precision)],
          [1, int32(type.scale)],
          [2, int32(type.bits)]
        ])
      ]
    case 'date':
      return [8, new Map([[0, int16(type.unit === 'day' ? 0 : 1)]])]
    case 'time':
      return [
        9,
        new Map([
          [0, int16(unitNumber[type.unit])],
          [1, int32(type.bits)]
        ])
      ]
    case 'timestamp': {
      const node: FlatNode = new Map([[0, int16(unitNumber[type.unit])]])
      if (type.zone) node.set(1, { kind: 'text', value: type.zone })
      return [10, node]
    }
    case 'duration':
      return [18, new Map([[0, int16(unitNumber[type.unit])]])]
    case 'list':
      return [type.layout === 'offset64' ? 21 : 12, new Map()]
    case 'list-view':
      return [type.layout === 'offset64' ? 26 : 25, new Map()]
    case 'run-end-encoded':
      return [22, new Map()]
    case 'struct':
      return [13, new Map()]
    case 'fixed-binary':
      return [15, new Map([[0, int32(type.width)]])]
    case 'fixed-list':
      return [16, new Map([[0, int32(type.size)]])]
    case 'map':
      return [17, new Map()]
    case 'interval':
    case 'union':
    case 'other':
      throw new TypeError(`cannot write ${arrowTypeName({ type, children: [] })}`)
  }
}

function fieldNode(field: ArrowField): FlatNode {
  const [id, type] = typeNode(field.type)
  const node: FlatNode = new Map<number, FlatValue>([
    [0, { kind: 'text', value: field.name }],
    [1, bool(field.nullable)],
    [2, { kind: 'uint8', value: id }],
    [3, { kind: 'table', value: type }],
    [5, { kind: 'tables', value: field.children.map(fieldNode) }]
  ])
  if (field.dictionary)
    node.set(4, {
      kind: 'table',
      value: new Map<number, FlatValue>([
        [0, { kind: 'int64', value: field.dictionary.id }],
        [1, { kind: 'table', value: typeNode(field.dictionary.index)[1] }],
        [2, bool(field.dictionary.ordered)]
      ])
    })
  return node
}

const schemaNode = (fields: ArrowField[]): FlatNode =>
  new Map<number, FlatValue>([
    [0, int16(0)],
    [1, { kind: 'tables', value: fields.map(fieldNode) }]
  ])

/** Writes an uncompressed Arrow IPC file beside its final path; `finish` makes it durable and moves it into place. */
export class ArrowFileWriter {
  private readonly descriptor: number
  private readonly temporary: string
  private position = 0
  private readonly dictionaries: Block[] = []
  private readonly batches: Block[] = []
  private open = true

  constructor(
    private readonly path: string,
    private readonly fields: ArrowField[]
  ) {
    this.temporary = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}.tmp`
    try {
      this.descriptor = openSync(this.temporary, 'wx')
    } catch (error) {
      throw fromSystemError(error, 'creating an Arrow file')
    }
    this.guard(() => {
      this.write(Buffer.from('ARROW1\0\0', 'latin1'))
      this.message(1, schemaNode(fields), 0)
    })
  }

  private guard(work: () => void): void {
    try {
      work()
    } catch (error) {
      this.abort()
      throw fromSystemError(error, 'writing an Arrow file')
    }
  }

  private write(bytes: Uint8Array): void {
    let done = 0
    while (done < bytes.byteLength) done += writeSync(this.descriptor, bytes, done, Math.min(bytes.byteLength - done, 1 << 30))
    this.position += bytes.byteLength
  }

  private message(kind: number, header: FlatNode, bodyLength: number): number {
    const metadata = encodeFlatbuffer(
      new Map<number, FlatValue>([
        [0, int16(metadataVersion)],
        [1, { kind: 'uint8', value: kind }],
        [2, { kind: 'table', value: header }],
        [3, { kind: 'int64', value: bodyLength }]
      ])
    )
    const prefix = Buffer.alloc(8)
    prefix.writeUInt32LE(0xffffffff, 0)
    prefix.writeInt32LE(metadata.length, 4)
    this.write(Buffer.concat([prefix, metadata]))
    return metadata.length + 8
  }

  private batchMessage(blocks: Block[], batch: OutgoingBatch, wrap?: (node: FlatNode) => FlatNode): void {
    this.guard(() => {
      let bodyLength = 0
      const spans: number[] = []
      for (const buffer of batch.buffers) {
        spans.push(bodyLength, buffer.byteLength)
        bodyLength += Math.ceil(buffer.byteLength / 64) * 64
      }
      const node: FlatNode = new Map<number, FlatValue>([
        [0, { kind: 'int64', value: batch.rows }],
        [1, structs(batch.nodes, 2)],
        [2, structs(spans, 2)]
      ])
      if (batch.variadicCounts?.length) node.set(4, structs(batch.variadicCounts, 1))
      const offset = this.position
      const metadataLength = this.message(wrap ? 2 : 3, wrap ? wrap(node) : node, bodyLength)
      for (const buffer of batch.buffers) {
        this.write(buffer)
        const padding = -buffer.byteLength & 63
        if (padding) this.write(new Uint8Array(padding))
      }
      blocks.push({ offset, metadataLength, bodyLength })
    })
  }

  writeBatch(batch: OutgoingBatch): void {
    this.batchMessage(this.batches, batch)
  }

  /** The first batch of an id sets the dictionary, later ones extend it. */
  writeDictionary(id: number, batch: OutgoingBatch, isDelta: boolean): void {
    this.batchMessage(
      this.dictionaries,
      batch,
      (data) =>
        new Map<number, FlatValue>([
          [0, { kind: 'int64', value: id }],
          [1, { kind: 'table', value: data }],
          [2, bool(isDelta)]
        ])
    )
  }

  /** Footer, fsync, rename. Returns the size of the file in bytes. */
  async finish(): Promise<number> {
    this.guard(() => {
      this.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]))
      const blocks = (list: Block[]): FlatValue =>
        structs(
          list.flatMap((block) => [block.offset, block.metadataLength, block.bodyLength]),
          3
        )
      const footer = encodeFlatbuffer(
        new Map<number, FlatValue>([
          [0, int16(metadataVersion)],
          [1, { kind: 'table', value: schemaNode(this.fields) }],
          [2, blocks(this.dictionaries)],
          [3, blocks(this.batches)]
        ])
      )
      const tail = Buffer.alloc(10)
      tail.writeInt32LE(footer.length, 0)
      tail.write('ARROW1', 4, 'latin1')
      this.write(footer)
      this.write(tail)
      fsyncSync(this.descriptor)
    })
    try {
      this.open = false
      closeSync(this.descriptor)
      await rename(this.temporary, this.path)
      await syncPath(dirname(this.path))
      return this.position
    } catch (error) {
      rmSync(this.temporary, { force: true })
      throw fromSystemError(error, 'moving an Arrow file into place')
    }
  }

  /** Drops the unfinished file. */
  abort(): void {
    if (!this.open) return
    this.open = false
    closeSync(this.descriptor)
    rmSync(this.temporary, { force: true })
  }
}
