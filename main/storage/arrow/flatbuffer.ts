/**
 * The part of the FlatBuffers format that Arrow metadata needs. The reader trusts no offset: each read goes through a DataView, whose
 * RangeError the caller turns into "corrupt metadata", and each vector length is held against the bytes that are there.
 */
export class FlatTable {
  private readonly vtable: number
  private readonly vtableBytes: number

  constructor(
    private readonly view: DataView,
    private readonly position: number
  ) {
    this.vtable = position - view.getInt32(position, true)
    this.vtableBytes = view.getUint16(this.vtable, true)
  }

  /** The root table of a buffer. */
  static root(bytes: Uint8Array): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    return new FlatTable(view, view.getUint32(0, true))
  }

  private at(slot: number): number {
    const entry = 4 + slot * 2
    if (entry + 2 > this.vtableBytes) return 0
    const offset = this.view.getUint16(this.vtable + entry, true)
    return offset === 0 ? 0 : this.position + offset
  }

  private follow(position: number): number {
    const target = position + this.view.getUint32(position, true)
    if (target === position) throw new RangeError('an offset points at itself')
    return target
  }

  uint8(slot: number, fallback = 0): number {
    const position = this.at(slot)
    return position === 0 ? fallback : this.view.getUint8(position)
  }

  int16(slot: number, fallback = 0): number {
    const position = this.at(slot)
    return position === 0 ? fallback : this.view.getInt16(position, true)
  }

  int32(slot: number, fallback = 0): number {
    const position = this.at(slot)
    return position === 0 ? fallback : this.view.getInt32(position, true)
  }

  int64(slot: number, fallback = 0): number {
    const position = this.at(slot)
    return position === 0 ? fallback : readSafeInt64(this.view, position)
  }

  table(slot: number): FlatTable | undefined {
    const position = this.at(slot)
    return position === 0 ? undefined : new FlatTable(this.view, this.follow(position))
  }

  /** Bytes of a text, 0 when there is none. */
  textBytes(slot: number): number {
    return this.vector(slot, 1)?.length ?? 0
  }

  text(slot: number): string | undefined {
    const vector = this.vector(slot, 1)
    if (!vector) return undefined
    const bytes = new Uint8Array(this.view.buffer, this.view.byteOffset + vector.start, vector.length)
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    } catch {
      throw new RangeError('a name is not valid UTF-8')
    }
  }

  /** Position and length of a vector whose elements take `width` bytes each. */
  vector(slot: number, width: number): { start: number; length: number; view: DataView } | undefined {
    const position = this.at(slot)
    if (position === 0) return undefined
    const start = this.follow(position)
    const length = this.view.getUint32(start, true)
    if (start + 4 + length * width > this.view.byteLength) throw new RangeError('a vector is longer than its message')
    return { start: start + 4, length, view: this.view }
  }

  tables(slot: number): FlatTable[] {
    const vector = this.vector(slot, 4)
    if (!vector) return []
    const tables: FlatTable[] = []
    for (let index = 0; index < vector.length; index++) tables.push(new FlatTable(this.view, this.follow(vector.start + index * 4)))
    return tables
  }
}

/** A 64-bit integer that a double holds exactly; sizes and offsets beyond that cannot be true. */
export function readSafeInt64(view: DataView, position: number): number {
  const value = Number(view.getBigInt64(position, true))
  if (!Number.isSafeInteger(value)) throw new RangeError('a 64-bit number is out of range')
  return value
}

export type FlatValue =
  | { kind: 'uint8' | 'int16' | 'int32' | 'int64'; value: number }
  | { kind: 'text'; value: string }
  | { kind: 'table'; value: FlatNode }
  | { kind: 'tables'; value: FlatNode[] }
  /** Structs or scalars of 64 bits, already encoded; `count` elements. */
  | { kind: 'structs'; value: Uint8Array; count: number }

/** A table to be written: slot number to value. */
export type FlatNode = Map<number, FlatValue>

const scalarBytes = { uint8: 1, int16: 2, int32: 4, int64: 8 } as const

/** Writes parents before children, so every offset points forward; tables start at multiples of 8. */
class FlatWriter {
  private bytes = Buffer.alloc(1024)
  private length = 0

  private reserve(count: number): number {
    const at = this.length
    this.length += count
    if (this.length > this.bytes.length) {
      const grown = Buffer.alloc(Math.max(this.bytes.length * 2, this.length))
      this.bytes.copy(grown)
      this.bytes = grown
    }
    return at
  }

  private align(to: number): void {
    this.reserve((to - (this.length % to)) % to)
  }

  private patch(position: number): void {
    this.bytes.writeUInt32LE(this.length - position, position)
  }

  table(node: FlatNode, patchAt: number): void {
    const slots = Math.max(-1, ...node.keys()) + 1
    const vtableBytes = 4 + slots * 2
    this.align(8)
    // the padding before the vtable brings the table itself to a multiple of 8
    this.reserve((8 - (vtableBytes % 8)) % 8)
    const vtable = this.reserve(vtableBytes)
    const table = this.reserve(4)
    this.bytes.writeInt32LE(table - vtable, table)
    this.bytes.writeUInt32LE(table - patchAt, patchAt)
    const places = new Map<number, number>()
    for (const [slot, value] of node) {
      const width = value.kind in scalarBytes ? scalarBytes[value.kind as keyof typeof scalarBytes] : 4
      this.align(width)
      const at = this.reserve(width)
      places.set(slot, at)
      this.bytes.writeUInt16LE(at - table, vtable + 4 + slot * 2)
      if (value.kind === 'uint8') this.bytes.writeUInt8(value.value, at)
      else if (value.kind === 'int16') this.bytes.writeInt16LE(value.value, at)
      else if (value.kind === 'int32') this.bytes.writeInt32LE(value.value, at)
      else if (value.kind === 'int64') this.bytes.writeBigInt64LE(BigInt(value.value), at)
    }
    this.bytes.writeUInt16LE(vtableBytes, vtable)
    this.bytes.writeUInt16LE(this.length - table, vtable + 2)
    for (const [slot, value] of node) this.child(value, places.get(slot) ?? 0)
  }

  private child(value: FlatValue, at: number): void {
    if (value.kind === 'table') this.table(value.value, at)
    else if (value.kind === 'text') {
      const encoded = Buffer.from(value.value, 'utf8')
      this.align(4)
      this.patch(at)
      const start = this.reserve(4 + encoded.length + 1)
      this.bytes.writeUInt32LE(encoded.length, start)
      encoded.copy(this.bytes, start + 4)
    } else if (value.kind === 'tables') {
      this.align(4)
      this.patch(at)
      const start = this.reserve(4 + value.value.length * 4)
      this.bytes.writeUInt32LE(value.value.length, start)
      value.value.forEach((node, index) => this.table(node, start + 4 + index * 4))
    } else if (value.kind === 'structs') {
      this.align(8)
      this.reserve(4)
      this.patch(at)
      const start = this.reserve(4 + value.value.length)
      this.bytes.writeUInt32LE(value.count, start)
      this.bytes.set(value.value, start + 4)
    }
  }

  finish(root: FlatNode): Buffer {
    this.reserve(4)
    this.table(root, 0)
    this.align(8)
    return Buffer.from(this.bytes.subarray(0, this.length))
  }
}

/** Encodes a table and its children, padded to 8 bytes. */
export function encodeFlatbuffer(root: FlatNode): Buffer {
  return new FlatWriter().finish(root)
}
