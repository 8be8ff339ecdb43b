import { VARCHAR } from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'

/**
 * DuckDB keeps text and blobs as 16-byte cells: length (uint32), then either the bytes (up to 12, zero-padded) or the first 4 bytes and a
 * 64-bit pointer. That layout is internal to DuckDB, so it is probed once before it is relied on.
 */
export const cellBytes = 16
/** Texts up to this length lie in the cell itself. */
export const inlineBytes = 12

let probed: boolean | undefined

/** True when this DuckDB stores cells as described above; otherwise text is assigned one value at a time. */
export function cellLayoutIsKnown(): boolean {
  probed ??= probe()
  return probed
}

function probe(): boolean {
  const vector = duckdb.create_vector(VARCHAR.toLogicalType().logical_type, duckdb.vector_size())
  const long = 'a probe longer than a cell'
  duckdb.vector_assign_string_element(vector, 0, 'short')
  duckdb.vector_assign_string_element(vector, 1, long)
  const cells = Buffer.from(duckdb.vector_get_data(vector, 2 * cellBytes))
  const own = cells.buffer.slice(cells.byteOffset, cells.byteOffset + 2 * cellBytes)
  const short = Buffer.concat([Buffer.from([5, 0, 0, 0]), Buffer.from('short'), Buffer.alloc(7)])
  if (!cells.subarray(0, cellBytes).equals(short)) return false
  if (cells.readUInt32LE(16) !== long.length || cells.toString('latin1', 20, 24) !== long.slice(0, 4)) return false
  const pointer = cells.readBigUInt64LE(24)
  // Addresses are computed with as numbers, which are whole up to here.
  if (pointer < 4096n || pointer >= 1n << 53n) return false
  return Buffer.from(duckdb.get_data_from_pointer(own, 24, long.length)).toString('latin1') === long
}

/** Looks into the cells of a vector; `flags` has one byte per row, 0 for null, and is undefined when all are values. */
export class CellReader {
  private readonly view: DataView

  constructor(
    private readonly cells: Uint8Array,
    private readonly flags: Uint8Array | undefined
  ) {
    this.view = new DataView(cells.buffer, cells.byteOffset, cells.byteLength)
  }

  /** Bytes of a text; 0 for null. */
  length(row: number): number {
    return this.flags && this.flags[row] !== 1 ? 0 : this.view.getUint32(row * cellBytes, true)
  }

  private pointer(row: number): number {
    return this.view.getUint32(row * cellBytes + 12, true) * 2 ** 32 + this.view.getUint32(row * cellBytes + 8, true)
  }

  /** The long text of `row` and those of the rows up to `end` that lie behind it, whatever short ones come between: each fetch is dear. */
  fetchFrom(row: number, end: number): Uint8Array {
    const start = this.pointer(row)
    let size = this.length(row)
    for (let next = row + 1; next < end; next++) {
      const length = this.length(next)
      if (length <= inlineBytes) continue
      if (this.pointer(next) !== start + size) break
      size += length
    }
    const { buffer, byteOffset } = this.cells
    return duckdb.get_data_from_pointer(buffer as ArrayBuffer, byteOffset + row * cellBytes + 8, size)
  }
}

/**
 * Writes rows `start..start+count` of checked text or bytes into a vector: the whole region as one string owned by the vector, then cells
 * that point into it.
 */
export function copyCells(vector: duckdb.Vector, data: Uint8Array, offsets: Int32Array, start: number, count: number): void {
  const cells = new Uint32Array(count * 4)
  const bytes = new Uint8Array(cells.buffer)
  const first = offsets[start] as number
  const region = (offsets[start + count] as number) - first
  let low = 0
  let high = 0
  if (region > inlineBytes) {
    duckdb.vector_assign_string_element_len(vector, 0, Buffer.from(data.buffer, data.byteOffset + first, region))
    const cell = duckdb.vector_get_data(vector, cellBytes)
    const view = new DataView(cell.buffer, cell.byteOffset, cellBytes)
    // a region the vector did not take (it refuses what it holds for invalid text) must not be pointed into
    if (view.getUint32(0, true) !== region) throw new Error('DuckDB did not take a block of text')
    low = view.getUint32(8, true)
    high = view.getUint32(12, true)
  }
  for (let row = 0; row < count; row++) {
    const from = offsets[start + row] as number
    const length = (offsets[start + row + 1] as number) - from
    const word = row * 4
    cells[word] = length
    if (length <= inlineBytes) {
      const at = row * cellBytes + 4
      for (let index = 0; index < length; index++) bytes[at + index] = data[from + index] as number
    } else {
      cells[word + 1] =
        ((data[from] as number) |
          ((data[from + 1] as number) << 8) |
          ((data[from + 2] as number) << 16) |
          ((data[from + 3] as number) << 24)) >>>
        0
      const pointer = low + (from - first)
      cells[word + 2] = pointer >>> 0
      cells[word + 3] = pointer > 0xffffffff ? high + 1 : high
    }
  }
  duckdb.copy_data_to_vector(vector, 0, cells.buffer, 0, count * cellBytes)
}

/** Dictionary texts held by a DuckDB vector, and their cells for copying into scans. The owner must outlive the scan. */
export interface CellDictionary {
  owner: duckdb.Vector
  cells: Uint32Array
  size: number
}

/** Puts texts into a vector of their own. */
export function createCellDictionary(texts: Uint8Array[]): CellDictionary {
  const capacity = Math.max(texts.length, duckdb.vector_size())
  const owner = duckdb.create_vector(VARCHAR.toLogicalType().logical_type, capacity)
  texts.forEach((text, index) => duckdb.vector_assign_string_element_len(owner, index, text))
  const cells = new Uint32Array(Math.max(texts.length, 1) * 4)
  if (texts.length > 0) new Uint8Array(cells.buffer).set(duckdb.vector_get_data(owner, texts.length * cellBytes))
  return { owner, cells, size: texts.length }
}

/** Writes rows `start..start+count` of dictionary positions (checked) as cells. */
export function gatherCells(vector: duckdb.Vector, dictionary: CellDictionary, indices: Int32Array, start: number, count: number): void {
  const { cells } = dictionary
  const gathered = new Uint32Array(count * 4)
  for (let row = 0; row < count; row++) {
    const from = (indices[start + row] as number) * 4
    const to = row * 4
    gathered[to] = cells[from] as number
    gathered[to + 1] = cells[from + 1] as number
    gathered[to + 2] = cells[from + 2] as number
    gathered[to + 3] = cells[from + 3] as number
  }
  duckdb.copy_data_to_vector(vector, 0, gathered.buffer, 0, count * cellBytes)
}
