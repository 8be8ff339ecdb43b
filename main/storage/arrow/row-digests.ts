import { type ArrowFile, type Dictionaries, createDictionaries, loadBatchColumn } from './arrow-file'
import { type ArrowField, arrowTypeName, fixedWidth } from './arrow-types'
import { type ArrowArray, bytesAt, isValid, readIndices } from './column-arrays'

/**
 * What two fields must have in common for equal values to have equal digests; undefined where equal values may be written in several ways
 * (lists, structures, half floats, ...).
 */
export function digestedType(field: ArrowField): string | undefined {
  const { type } = field
  if (type.kind === 'utf8') return 'text'
  const isPlain =
    type.kind === 'bool' ||
    type.kind === 'int' ||
    type.kind === 'decimal' ||
    (type.kind === 'float' && type.bits !== 16) ||
    (type.kind === 'date' && type.unit === 'day') ||
    // With a zone, nanoseconds are read as microseconds: two may be one.
    (type.kind === 'timestamp' && !(type.zone && type.unit === 'ns'))
  return isPlain && !field.dictionary ? arrowTypeName(field) : undefined
}

/** One number of 64 bits for each row: two lanes of 32 bits, fed with words. Each step of a lane can be undone, so none loses what went before. */
class Digests {
  private readonly lanes: Uint32Array
  readonly values: BigUint64Array

  constructor(rows: number) {
    this.values = new BigUint64Array(rows)
    this.lanes = new Uint32Array(this.values.buffer)
  }

  add(row: number, word: number): void {
    const { lanes } = this
    const first = Math.imul((lanes[row * 2] as number) ^ word, 0x85ebca6b)
    lanes[row * 2] = first ^ (first >>> 15)
    const second = Math.imul((lanes[row * 2 + 1] as number) + Math.imul(word, 0x9e3779b1), 0xc2b2ae35)
    lanes[row * 2 + 1] = second ^ (second >>> 13)
  }

  addBytes(row: number, bytes: Uint8Array, from: number, to: number): void {
    this.add(row, to - from)
    let at = from
    for (; at + 4 <= to; at += 4)
      this.add(
        row,
        (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24)
      )
    for (; at < to; at++) this.add(row, bytes[at] as number)
  }

  /** Another digest, in two words. */
  addDigest(row: number, of: Digests, at: number): void {
    this.add(row, of.lanes[at * 2] as number)
    this.add(row, of.lanes[at * 2 + 1] as number)
  }
}

/** A loaded column: which rows have a value, and how one is added to a digest. No two values of a column add the same words. */
interface DigestedColumn {
  hasValue(row: number): boolean
  addTo(rows: Digests, row: number): void
  /** From here on values are as a model gets them: numbers of 32 bits, none beyond their range. */
  narrow?(): void
}

function digestColumn(array: ArrowArray, dictionaries: Dictionaries): DigestedColumn {
  const { type } = array.field
  if (type.kind === 'utf8') return textColumn(array, dictionaries)
  const hasValue = (row: number): boolean => isValid(array.validity, row)
  if (type.kind === 'bool') return { hasValue, addTo: (rows, row) => rows.add(row, ((array.data[row >> 3] as number) >> (row & 7)) & 1) }
  const width = fixedWidth(type)!
  const { byteOffset } = array.data
  const buffer = array.data.buffer as ArrayBuffer
  const floats = type.kind === 'float' ? new (width === 8 ? Float64Array : Float32Array)(buffer, byteOffset, array.length) : undefined
  for (let row = 0; floats && row < floats.length; row++) if (floats[row] === 0) floats[row] = 0
  if (width < 4) {
    const values = new (width === 1 ? Uint8Array : Uint16Array)(buffer, byteOffset, array.length)
    return { hasValue, addTo: (rows, row) => rows.add(row, values[row] as number) }
  }
  const count = width / 4
  const words = new Uint32Array(buffer, byteOffset, array.length * count)
  return {
    hasValue: floats ? (row) => hasValue(row) && !Number.isNaN(floats[row]) : hasValue,
    addTo: (rows, row) => {
      for (let at = row * count; at < (row + 1) * count; at++) rows.add(row, words[at] as number)
    },
    narrow: floats && (() => narrowFloats(floats))
  }
}

/** Texts are digested once for each entry of a dictionary, and the same way without one. */
function textColumn(array: ArrowArray, dictionaries: Dictionaries): DigestedColumn {
  const { field, validity } = array
  const parts = field.dictionary ? dictionaries(field) : [array]
  const count = parts.reduce((sum, part) => sum + part.length, 0)
  const [digests, hasText] = [new Digests(count), new Uint8Array(count)]
  let entry = 0
  for (const part of parts)
    for (let row = 0; row < part.length; row++, entry++) {
      if (!isValid(part.validity, row)) continue
      const bytes = part.offsets ? part.data : bytesAt(part, row)
      const [from, to] = part.offsets ? [part.offsets[row] as number, part.offsets[row + 1] as number] : [0, bytes.length]
      hasText[entry] = to > from ? 1 : 0
      digests.addBytes(entry, bytes, from, to)
    }
  const indices = field.dictionary && readIndices(array, count, field.name)
  const entryOf = (row: number): number => (indices ? (indices[row] as number) : row)
  return {
    hasValue: (row) => isValid(validity, row) && hasText[entryOf(row)] === 1,
    addTo: (rows, row) => rows.addDigest(row, digests, entryOf(row))
  }
}

/** What becomes zero or too large counts as such. */
function narrowFloats(values: Float64Array | Float32Array): void {
  for (let row = 0; row < values.length; row++) {
    const value = Math.fround(values[row] as number)
    values[row] = Number.isFinite(value) ? value + 0 : NaN
  }
}

/** One batch of rows, each with its digest over all of the columns and its digest over those that a model sees. */
export interface BatchDigests {
  all: BigUint64Array
  seen: BigUint64Array
  /** Whether the row has a value in the column asked for. */
  isKnown(row: number): boolean
}

/**
 * Digests of 64 bits for each row, over the values of some columns (by number, each with a `digestedType`). What is missing is the same
 * however it is written: null, not a number, a text without a letter. Columns that the model sees are digested a second time as it gets
 * them. `known` is one of the columns.
 */
export function* digestRows(
  arrow: ArrowFile,
  columns: readonly { index: number; isSeen: boolean }[],
  known: number
): Generator<BatchDigests> {
  const dictionaries = createDictionaries(arrow)
  for (const batch of arrow.batches) {
    const [all, seen] = [new Digests(batch.rows), new Digests(batch.rows)]
    let isKnown: DigestedColumn['hasValue'] = () => true
    for (const { index, isSeen } of columns) {
      const column = digestColumn(loadBatchColumn(arrow, batch, index), dictionaries)
      addColumn(all, column, batch.rows)
      if (isSeen) {
        if (index !== known) column.narrow?.()
        addColumn(seen, column, batch.rows)
      }
      if (index === known) isKnown = column.hasValue
    }
    yield { all: all.values, seen: seen.values, isKnown }
  }
}

function addColumn(digests: Digests, column: DigestedColumn, rows: number): void {
  for (let row = 0; row < rows; row++) {
    const hasValue = column.hasValue(row)
    digests.add(row, hasValue ? 1 : 0)
    if (hasValue) column.addTo(digests, row)
  }
}
