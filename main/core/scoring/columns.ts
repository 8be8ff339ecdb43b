import type { ArrowField } from '../../storage/arrow/arrow-types'

/** The cells of one column of a batch, as an Arrow file holds them. */
export interface Cells {
  /** How many are missing, and a bit for each that is there; none missing without it. */
  missing?: { count: number; bits: Uint8Array }
  data: Uint8Array[]
}

export type ColumnType = ArrowField['type']
export const textType: ColumnType = { kind: 'utf8', layout: 'offset32' }
export const floatType: ColumnType = { kind: 'float', bits: 64 }

export const bytesOf = (array: Float64Array | BigInt64Array | Int32Array | Int8Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength)

/** NaN is missing. */
export function floats(rows: number, of: (row: number) => number): Cells {
  const values = Float64Array.from({ length: rows }, (_, row) => of(row))
  return { data: [bytesOf(values)], ...missingIn(rows, (row) => Number.isNaN(values[row])) }
}

/** 1 or 0; null is missing. */
export function flags(rows: number, of: (row: number) => boolean | null): Cells {
  const found = Array.from({ length: rows }, (_, row) => of(row))
  return { data: [bytesOf(Int8Array.from(found, Number))], ...missingIn(rows, (row) => found[row] === null) }
}

/** Null is missing. */
export function texts(rows: number, of: (row: number) => string | null): Cells {
  const known = new Map<string, Buffer>()
  const offsets = new Int32Array(rows + 1)
  const parts: Buffer[] = []
  const isMissing = new Uint8Array(rows)
  for (let row = 0; row < rows; row++) {
    const text = of(row)
    offsets[row + 1] = offsets[row]!
    if (text === null) {
      isMissing[row] = 1
      continue
    }
    let bytes = known.get(text)
    if (!bytes) known.set(text, (bytes = Buffer.from(text, 'utf8')))
    parts.push(bytes)
    offsets[row + 1] = offsets[row]! + bytes.length
  }
  return { data: [bytesOf(offsets), Buffer.concat(parts)], ...missingIn(rows, (row) => isMissing[row] === 1) }
}

function missingIn(rows: number, isMissing: (row: number) => boolean): Pick<Cells, 'missing'> {
  const bits = new Uint8Array(Math.ceil(rows / 8))
  let count = 0
  for (let row = 0; row < rows; row++) {
    if (isMissing(row)) count++
    else bits[row >> 3]! |= 1 << (row & 7)
  }
  return count === 0 ? {} : { missing: { count, bits } }
}
