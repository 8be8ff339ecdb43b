import type { DuckDBValue } from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'
import { WorkbenchError } from '../../model/errors'
import type { ArrowField } from './arrow-types'
import { cellBytes, cellLayoutIsKnown, CellReader, inlineBytes } from './string-cells'

const maximumOffset = 2 ** 31 - 1

/** Nodes (length, null count) and buffers of one column for one batch. */
export interface BuiltColumn {
  nodes: number[]
  buffers: Uint8Array[]
}

/**
 * Collects the rows of a column until a batch is written. What it hands out depends on the values alone, never on what happens to lie in
 * memory: slots of null rows are zero, not-a-number has one bit pattern. So equal columns give equal bytes.
 */
export interface ColumnBuilder {
  readonly field: ArrowField
  /** Bytes of variable-length data held now; a batch is cut before it outgrows 32-bit offsets. */
  readonly pendingBytes: number
  /** Adds rows `from..from+count` of a DuckDB vector; `values` is the slow way to the same rows. */
  addVector(vector: duckdb.Vector, from: number, count: number, values: () => DuckDBValue[]): void
  addValues(values: readonly DuckDBValue[]): void
  take(): BuiltColumn
}

/** Memory that grows by doubling; `take` hands out what is filled and starts anew. */
class ByteBuffer {
  private bytes: Uint8Array
  length = 0

  constructor(private readonly initial = 1 << 16) {
    this.bytes = Buffer.allocUnsafeSlow(initial)
  }

  /** Room for `count` more bytes; returns a view to write them at `offset`. */
  reserve(count: number): { bytes: Uint8Array; offset: number } {
    const offset = this.length
    if (offset + count > this.bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, offset + count))
      grown.set(this.bytes.subarray(0, offset))
      this.bytes = grown
    }
    this.length += count
    return { bytes: this.bytes, offset }
  }

  take(): Uint8Array {
    const taken = this.bytes.subarray(0, this.length)
    this.bytes = Buffer.allocUnsafeSlow(Math.max(this.initial, this.length))
    this.length = 0
    return taken
  }
}

/** Row count and nulls, one byte per row until a batch is cut (chunks do not end on byte boundaries). */
class Validity {
  private flags = new Uint8Array(1 << 12)
  rows = 0
  nulls = 0

  private grow(count: number): void {
    if (this.rows + count <= this.flags.length) return
    const grown = new Uint8Array(Math.max(this.flags.length * 2, this.rows + count))
    grown.set(this.flags)
    this.flags = grown
  }

  add(valid: boolean): void {
    this.grow(1)
    this.flags[this.rows++] = valid ? 1 : 0
    if (!valid) this.nulls++
  }

  /** Adds rows of a vector; returns one byte per row, 1 for a value, 0 for null (undefined when all are values). */
  addVector(vector: duckdb.Vector, from: number, count: number): Uint8Array | undefined {
    this.grow(count)
    const start = this.rows
    this.rows += count
    const bitmap = duckdb.vector_get_validity(vector, Math.ceil((from + count) / 64) * 8) as Uint8Array | null
    if (!bitmap) {
      this.flags.fill(1, start, this.rows)
      return undefined
    }
    const before = this.nulls
    for (let row = 0; row < count; row++) {
      const valid = ((bitmap[(from + row) >> 3] as number) >> ((from + row) & 7)) & 1
      this.flags[start + row] = valid
      this.nulls += 1 - valid
    }
    return this.nulls > before ? this.flags.subarray(start, this.rows) : undefined
  }

  take(): { node: [number, number]; bitmap: Uint8Array } {
    const node: [number, number] = [this.rows, this.nulls]
    const bitmap = this.nulls > 0 ? packBits(this.flags, this.rows) : new Uint8Array(0)
    this.rows = 0
    this.nulls = 0
    return { node, bitmap }
  }
}

function packBits(flags: Uint8Array, count: number): Uint8Array {
  const bitmap = new Uint8Array(Math.ceil(count / 8))
  for (let row = 0; row < count; row++) if (flags[row]) bitmap[row >> 3] = (bitmap[row >> 3] as number) | (1 << (row & 7))
  return bitmap
}

/** Writes a non-null value at a byte offset. */
export type Encoder = (target: DataView, offset: number, value: DuckDBValue) => void

/** How DuckDB's memory differs from Arrow's: another width of its values, or one byte per row that becomes one bit. */
export interface FixedForm {
  storedWidth?: number
  bits?: boolean
}

/** Fixed-width values: the vector's memory is taken as it is, or value by value where DuckDB stores another width. */
export class FixedBuilder implements ColumnBuilder {
  readonly pendingBytes = 0
  private readonly validity = new Validity()
  private readonly data = new ByteBuffer()

  constructor(
    readonly field: ArrowField,
    private readonly width: number,
    private readonly encode: Encoder,
    private readonly form: FixedForm = {}
  ) {}

  addVector(vector: duckdb.Vector, from: number, count: number, values: () => DuckDBValue[]): void {
    const { width } = this
    if ((this.form.storedWidth ?? width) !== width) return this.addValues(values())
    const flags = this.validity.addVector(vector, from, count)
    const { bytes, offset } = this.data.reserve(count * width)
    bytes.set(duckdb.vector_get_data(vector, (from + count) * width).subarray(from * width), offset)
    // Under a null DuckDB leaves whatever its memory held, often remnants of other columns: nobody selected them, and equal tables would differ.
    if (flags)
      for (let row = flags.indexOf(0); row >= 0; row = flags.indexOf(0, row + 1))
        bytes.fill(0, offset + row * width, offset + (row + 1) * width)
  }

  addValues(values: readonly DuckDBValue[]): void {
    for (const value of values) {
      this.validity.add(value !== null)
      const { bytes, offset } = this.data.reserve(this.width)
      if (value === null) bytes.fill(0, offset, offset + this.width)
      else this.encode(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset, value)
    }
  }

  take(): BuiltColumn {
    const { node, bitmap } = this.validity.take()
    const data = this.data.take()
    if (this.field.type.kind === 'float') unifyNotANumber(data, this.width)
    return { nodes: node, buffers: [bitmap, this.form.bits ? packBits(data, node[0]) : data] }
  }
}

/** Gives each not-a-number the same bits (quiet, positive, no payload): they are one value, however they came about. */
function unifyNotANumber(data: Uint8Array, width: number): void {
  const words = new Uint32Array(data.buffer, data.byteOffset, data.byteLength >> 2)
  const values =
    width === 8
      ? new Float64Array(data.buffer, data.byteOffset, data.byteLength >> 3)
      : new Float32Array(words.buffer, words.byteOffset, words.length)
  for (let row = 0; row < values.length; row++) {
    if (!Number.isNaN(values[row])) continue
    if (width === 4) words[row] = 0x7fc00000
    else {
      words[row * 2] = 0
      words[row * 2 + 1] = 0x7ff80000
    }
  }
}

/** Text and binary with 32-bit offsets. */
export class BytesBuilder implements ColumnBuilder {
  private readonly validity = new Validity()
  private readonly data = new ByteBuffer()
  private readonly ends = new ByteBuffer()

  constructor(
    readonly field: ArrowField,
    private readonly toBytes: (value: DuckDBValue) => Uint8Array,
    private readonly cells = true
  ) {}

  get pendingBytes(): number {
    return this.data.length
  }

  private end(): void {
    const { bytes, offset } = this.ends.reserve(4)
    new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).setInt32(offset, this.data.length, true)
  }

  private room(length: number): { bytes: Uint8Array; offset: number } {
    if (this.data.length + length > maximumOffset)
      throw new WorkbenchError(
        'INVALID_INPUT',
        `Column "${this.field.name}" has more than 2 GiB of text or bytes in a few thousand neighbouring rows, which an Arrow file here cannot hold. Shorten its values or leave the column out.`,
        { details: { column: this.field.name } }
      )
    return this.data.reserve(length)
  }

  addVector(vector: duckdb.Vector, from: number, count: number, values: () => DuckDBValue[]): void {
    if (!this.cells || !cellLayoutIsKnown()) return this.addValues(values())
    const raw = duckdb.vector_get_data(vector, (from + count) * cellBytes).subarray(from * cellBytes)
    const flags = this.validity.addVector(vector, from, count)
    const cells = new CellReader(raw, flags)
    const ends = this.ends.reserve(count * 4)
    const out = new DataView(ends.bytes.buffer, ends.bytes.byteOffset + ends.offset, count * 4)
    const base = this.data.length
    let total = 0
    for (let row = 0; row < count; row++) {
      total += cells.length(row)
      out.setInt32(row * 4, base + total, true)
    }
    const { bytes, offset } = this.room(total)
    let at = offset
    let fetched: Uint8Array = raw.subarray(0, 0)
    for (let row = 0; row < count;) {
      let length = cells.length(row)
      if (length <= inlineBytes) {
        const from = row * cellBytes + 4
        for (let index = 0; index < length; index++) bytes[at + index] = raw[from + index] as number
        row++
      } else {
        if (fetched.length === 0) fetched = cells.fetchFrom(row, count)
        for (row++; row < count && length < fetched.length && cells.length(row) > inlineBytes; row++) length += cells.length(row)
        bytes.set(fetched.subarray(0, length), at)
        fetched = fetched.subarray(length)
      }
      at += length
    }
  }

  addValues(values: readonly DuckDBValue[]): void {
    for (const value of values) {
      this.validity.add(value !== null)
      if (value !== null) {
        const source = this.toBytes(value)
        const { bytes, offset } = this.room(source.byteLength)
        bytes.set(source, offset)
      }
      this.end()
    }
  }

  take(): BuiltColumn {
    const { node, bitmap } = this.validity.take()
    const ends = this.ends.take()
    const offsets = new Uint8Array(ends.byteLength + 4)
    offsets.set(ends, 4)
    return { nodes: node, buffers: [bitmap, offsets, this.data.take()] }
  }
}

/** Text as positions in a dictionary that is written once, when all rows are known. */
export class DictionaryBuilder implements ColumnBuilder {
  readonly pendingBytes = 0
  private readonly validity = new Validity()
  private readonly codes = new ByteBuffer()
  private readonly known = new Map<string, number>()
  readonly texts: string[] = []

  constructor(
    readonly field: ArrowField,
    texts: readonly string[] = []
  ) {
    for (const text of texts) this.code(text)
  }

  private code(text: string): number {
    const known = this.known.get(text)
    if (known !== undefined) return known
    this.known.set(text, this.texts.length)
    this.texts.push(text)
    return this.texts.length - 1
  }

  addVector(_vector: duckdb.Vector, _from: number, _count: number, values: () => DuckDBValue[]): void {
    this.addValues(values())
  }

  addValues(values: readonly DuckDBValue[]): void {
    const { bytes, offset } = this.codes.reserve(values.length * 4)
    const view = new DataView(bytes.buffer, bytes.byteOffset + offset, values.length * 4)
    values.forEach((value, row) => {
      this.validity.add(value !== null)
      view.setInt32(row * 4, value === null ? 0 : this.code(String(value)), true)
    })
  }

  take(): BuiltColumn {
    const { node, bitmap } = this.validity.take()
    return { nodes: node, buffers: [bitmap, this.codes.take()] }
  }
}

/** Lists, fixed-size lists and structs: their parts are collected by builders of their own. */
export class NestedBuilder implements ColumnBuilder {
  private readonly validity = new Validity()
  private readonly ends = new ByteBuffer()
  private items = 0

  constructor(
    readonly field: ArrowField,
    private readonly children: ColumnBuilder[],
    /** Splits a value into one array of part values per child; null gives what a null row holds. */
    private readonly split: (value: DuckDBValue) => DuckDBValue[][]
  ) {}

  get pendingBytes(): number {
    return this.children.reduce((sum, child) => Math.max(sum, child.pendingBytes), this.items * 8)
  }

  addVector(_vector: duckdb.Vector, _from: number, _count: number, values: () => DuckDBValue[]): void {
    this.addValues(values())
  }

  addValues(values: readonly DuckDBValue[]): void {
    for (const value of values) {
      this.validity.add(value !== null)
      const parts = this.split(value)
      this.children.forEach((child, index) => child.addValues(parts[index] ?? []))
      this.items += parts[0]?.length ?? 0
      const { bytes, offset } = this.ends.reserve(4)
      new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).setInt32(offset, this.items, true)
    }
  }

  take(): BuiltColumn {
    const { node, bitmap } = this.validity.take()
    const built: BuiltColumn = { nodes: node, buffers: [bitmap] }
    const ends = this.ends.take()
    if (this.field.type.kind === 'list') {
      const offsets = new Uint8Array(ends.byteLength + 4)
      offsets.set(ends, 4)
      built.buffers.push(offsets)
    }
    this.items = 0
    for (const child of this.children) {
      const part = child.take()
      built.nodes.push(...part.nodes)
      built.buffers.push(...part.buffers)
    }
    return built
  }
}

/** A column of nothing but nulls has no buffers. */
export class NullBuilder implements ColumnBuilder {
  readonly pendingBytes = 0
  private rows = 0

  constructor(readonly field: ArrowField) {}

  addVector(_vector: duckdb.Vector, _from: number, count: number): void {
    this.rows += count
  }

  addValues(values: readonly DuckDBValue[]): void {
    this.rows += values.length
  }

  take(): BuiltColumn {
    const { rows } = this
    this.rows = 0
    return { nodes: [rows, rows], buffers: [] }
  }
}
