import { isUtf8 } from 'node:buffer'
import { type ArrowField, corruptArrow, physicalType } from './arrow-types'
import type { ColumnLayout, Span } from './batch-layout'

/** A loaded column whose content was checked: no offset, view or list can lead outside its buffers. */
export interface ArrowArray {
  field: ArrowField
  length: number
  /** Bitmap, one bit per row, least significant first; absent when no row is null. */
  validity?: Uint8Array
  /** Fixed-width values, packed bits, or the bytes that `offsets` cut. */
  data: Uint8Array
  /** length + 1 positions in `data` (bytes) or in the child (items), never falling; of a list view one for each row, in any order. */
  offsets?: Int32Array
  /** Items of each row of a list view, from `offsets` on. */
  sizes?: Int32Array
  /** Where each run ends: the first row behind it. */
  runEnds?: Float64Array
  /** 16-byte views and the buffers they point into. */
  views?: DataView
  viewBuffers?: Uint8Array[]
  children: ArrowArray[]
}

/** Reads one span into memory of its own that starts on an 8-byte boundary. */
export type SpanReader = (span: Span) => Uint8Array

export const isValid = (validity: Uint8Array | undefined, row: number): boolean =>
  validity === undefined || (((validity[row >> 3] ?? 0) >> (row & 7)) & 1) === 1

/** Loads a column and its children and checks their content. */
export function loadColumn(layout: ColumnLayout, read: SpanReader, column = layout.field.name): ArrowArray {
  const { field, length } = layout
  const type = physicalType(field)
  const array: ArrowArray = { field, length, data: new Uint8Array(0), children: [] }
  if (layout.validity) array.validity = read(layout.validity)
  const [first, second] = layout.buffers
  if ((type.kind === 'utf8' || type.kind === 'binary') && first) {
    if (type.layout === 'view') loadViews(array, layout, read, column, type.kind === 'utf8')
    else {
      array.data = second ? read(second) : array.data
      array.offsets = readOffsets(first, length, type.layout === 'offset64', array.data.byteLength, read, column)
      if (type.kind === 'utf8') checkText(array.data, array.offsets, column)
    }
  } else if ((type.kind === 'list' || type.kind === 'map') && first) {
    const wide = type.kind === 'list' && type.layout === 'offset64'
    array.offsets = readOffsets(first, length, wide, layout.children[0]?.length ?? 0, read, column)
  } else if (type.kind === 'list-view' && first && second) {
    const wide = type.layout === 'offset64'
    array.offsets = readNumbers(read(first), length, wide, array.validity)
    array.sizes = readNumbers(read(second), length, wide, array.validity)
    checkListViews(array, layout.children[0]?.length ?? 0, column)
  } else if (first) array.data = read(first)
  for (const child of layout.children) array.children.push(loadColumn(child, read, `${column}.${child.field.name}`))
  if (type.kind === 'run-end-encoded') array.runEnds = readRunEnds(array, column)
  return array
}

/** One number a row as 32 bits; -1 where it does not fit, 0 for null rows (whose numbers mean nothing). */
function readNumbers(bytes: Uint8Array, length: number, wide: boolean, validity: Uint8Array | undefined): Int32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const numbers = new Int32Array(length)
  for (let row = 0; row < length; row++) {
    if (!isValid(validity, row)) continue
    const value = wide ? Number(view.getBigInt64(row * 8, true)) : view.getInt32(row * 4, true)
    numbers[row] = value >= 0 && value < 2 ** 31 ? value : -1
  }
  return numbers
}

function checkListViews({ offsets, sizes, length }: ArrowArray, items: number, column: string): void {
  for (let row = 0; row < length; row++) {
    const offset = offsets?.[row] ?? -1
    const size = sizes?.[row] ?? -1
    if (offset < 0 || size < 0 || offset + size > items)
      throw corruptArrow(`row ${row} of column "${column}" points outside its ${items} values`, { column, row })
  }
}

/** Ends of runs rise from above 0 and reach the last row. */
function readRunEnds({ children: [ends], length }: ArrowArray, column: string): Float64Array {
  const type = ends?.field.type
  const runs = new Float64Array(ends?.length ?? 0)
  if (!ends || type?.kind !== 'int') return runs
  const view = new DataView(ends.data.buffer, ends.data.byteOffset, ends.data.byteLength)
  let previous = 0
  for (let run = 0; run < runs.length; run++) {
    const end =
      type.bits === 64
        ? Number(view.getBigInt64(run * 8, true))
        : type.bits === 32
          ? view.getInt32(run * 4, true)
          : view.getInt16(run * 2, true)
    if (end <= previous) throw corruptArrow(`run ${run} of column "${column}" ends at ${end}, not behind the one before it`, { column })
    runs[run] = previous = end
  }
  if (previous < length) throw corruptArrow(`the runs of column "${column}" end at row ${previous} of ${length}`, { column })
  return runs
}

/** The run that a row lies in; `near` is where to look first, since rows mostly come in order. */
export function runOfRow(runEnds: Float64Array, row: number, near: number): number {
  const isIn = (run: number): boolean => row < (runEnds[run] ?? 0) && row >= (run === 0 ? 0 : (runEnds[run - 1] ?? 0))
  if (isIn(near)) return near
  if (isIn(near + 1)) return near + 1
  let low = 0
  let high = runEnds.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((runEnds[middle] ?? 0) <= row) low = middle + 1
    else high = middle
  }
  return low
}

/** Offsets as 32 bits: they never fall and end inside `limit`. Checked under null rows too, since rows are copied in one piece. */
function readOffsets(span: Span, length: number, wide: boolean, limit: number, read: SpanReader, column: string): Int32Array {
  if (length === 0) return new Int32Array(1)
  const bytes = read(span)
  let offsets: Int32Array
  if (wide) {
    const source = new BigInt64Array(bytes.buffer, bytes.byteOffset, length + 1)
    offsets = new Int32Array(length + 1)
    for (let index = 0; index <= length; index++) {
      const value = Number(source[index])
      if (value < 0 || value > limit) throw badOffset(column, index, value, limit)
      offsets[index] = value
    }
  } else offsets = new Int32Array(bytes.buffer, bytes.byteOffset, length + 1)
  let previous = 0
  for (let index = 0; index <= length; index++) {
    const value = offsets[index] as number
    if (value < previous || value > limit) throw badOffset(column, index, value, limit)
    previous = value
  }
  return offsets
}

const badOffset = (column: string, row: number, offset: number, limit: number): Error =>
  corruptArrow(`offset ${offset} at row ${row} of column "${column}" falls or lies outside its ${limit} values`, { column, row, offset })

/** The whole region is valid UTF-8 and no row begins inside a character, so each row is valid. */
function checkText(data: Uint8Array, offsets: Int32Array, column: string): void {
  const last = offsets.length - 1
  const start = offsets[0] as number
  const end = offsets[last] as number
  if (!isUtf8(data.subarray(start, end))) throw corruptArrow(`the text of column "${column}" is not valid UTF-8`, { column })
  for (let index = 1; index < last; index++) {
    const offset = offsets[index] as number
    if (offset < end && ((data[offset] as number) & 0xc0) === 0x80)
      throw corruptArrow(`the text of column "${column}" is cut inside a character at row ${index}`, { column, row: index })
  }
}

function loadViews(array: ArrowArray, layout: ColumnLayout, read: SpanReader, column: string, text: boolean): void {
  const [viewSpan, ...dataSpans] = layout.buffers
  const bytes = viewSpan ? read(viewSpan) : array.data
  const views = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const buffers = dataSpans.map(read)
  array.views = views
  array.viewBuffers = buffers
  for (let row = 0; row < layout.length; row++) {
    if (!isValid(array.validity, row)) continue
    const length = views.getInt32(row * 16, true)
    if (length < 0) throw corruptArrow(`row ${row} of column "${column}" has a negative length`, { column, row })
    if (length > 12) {
      const buffer = buffers[views.getInt32(row * 16 + 8, true)]
      const offset = views.getInt32(row * 16 + 12, true)
      if (!buffer || offset < 0 || offset + length > buffer.byteLength)
        throw corruptArrow(`row ${row} of column "${column}" points outside its data`, { column, row })
    }
    if (text && !isUtf8(bytesAt(array, row))) throw corruptArrow(`row ${row} of column "${column}" is not valid UTF-8`, { column, row })
  }
}

/** The bytes of a row of a text or binary array; the row must not be null. */
export function bytesAt(array: ArrowArray, row: number): Uint8Array {
  if (array.offsets) return array.data.subarray(array.offsets[row], array.offsets[row + 1])
  const { views } = array
  if (!views) return array.data.subarray(0, 0)
  const length = views.getInt32(row * 16, true)
  if (length <= 12) return new Uint8Array(views.buffer, views.byteOffset + row * 16 + 4, length)
  const offset = views.getInt32(row * 16 + 12, true)
  const buffer = array.viewBuffers?.[views.getInt32(row * 16 + 8, true)] ?? array.data
  return buffer.subarray(offset, offset + length)
}

/** Dictionary positions of a column: within 0..size-1 for each valid row, 0 for null rows (whose stored index means nothing). */
export function readIndices(array: ArrowArray, size: number, column: string): Int32Array {
  const { data, length, validity } = array
  const index = array.field.dictionary?.index
  const indices = new Int32Array(length)
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const bytes = (index?.bits ?? 32) / 8
  for (let row = 0; row < length; row++) {
    if (!isValid(validity, row)) continue
    let value: number
    if (bytes === 4) value = index?.signed === false ? view.getUint32(row * 4, true) : view.getInt32(row * 4, true)
    else if (bytes === 1) value = index?.signed === false ? view.getUint8(row) : view.getInt8(row)
    else if (bytes === 2) value = index?.signed === false ? view.getUint16(row * 2, true) : view.getInt16(row * 2, true)
    else value = Number(index?.signed === false ? view.getBigUint64(row * 8, true) : view.getBigInt64(row * 8, true))
    if (!(value >= 0 && value < size))
      throw corruptArrow(`row ${row} of column "${column}" refers to entry ${value} of a dictionary of ${size}`, {
        column,
        row,
        index: value
      })
    indices[row] = value
  }
  return indices
}
