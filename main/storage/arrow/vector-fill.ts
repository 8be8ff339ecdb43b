import type { DuckDBDataChunk, DuckDBValue } from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'
import type { Dictionaries } from './arrow-file'
import type { ArrowField } from './arrow-types'
import { createValueReader, NestedValues } from './array-values'
import { type ArrowArray, bytesAt, isValid, readIndices } from './column-arrays'
import { halfToNumber, toDays, toDecimal, toMicroseconds, toTimeOfDay } from './numbers'
import { cellBytes, type CellDictionary, cellLayoutIsKnown, copyCells, createCellDictionary, gatherCells } from './string-cells'

/** Puts rows `start..start+count` of a loaded column into column `index` of a chunk. `start` is a multiple of 8. */
export type ColumnFiller = (chunk: DuckDBDataChunk, index: number, start: number, count: number) => void

/** Per-scan state shared by the batches: dictionaries already turned into cells. */
export interface FillContext {
  dictionaries: Dictionaries
  cells: Map<number, CellDictionary | undefined>
  /** Readers of nested values, made when first needed. */
  nested?: NestedValues
  /** Forces the value-by-value path; the tests compare both. */
  plain?: boolean
}

/** The fastest correct way to hand a column to DuckDB. */
export function createFiller(array: ArrowArray, context: FillContext): ColumnFiller {
  const { field } = array
  if (!context.plain) {
    const bulk = field.dictionary ? dictionaryFiller(array, context) : (fixedFiller(array) ?? textFiller(array))
    if (bulk) return withValidity(array, bulk)
  }
  if (isNothing(field))
    return (chunk, index, _start, count) => {
      const vector = duckdb.data_chunk_get_vector(chunk.chunk, index)
      duckdb.vector_ensure_validity_writable(vector)
      duckdb.copy_data_to_vector_validity(vector, 0, new ArrayBuffer(256), 0, Math.ceil(count / 64) * 8)
    }
  const nested = (context.nested ??= new NestedValues(context.dictionaries))
  const reader = createValueReader(array, nested)
  return (chunk, index, start, count) => {
    nested.restart()
    const values: DuckDBValue[] = []
    for (let row = 0; row < count; row++) values.push(reader(start + row))
    chunk.setColumnValues(index, values)
  }
}

/** Nothing but nulls, in runs or not. */
const isNothing = ({ type, dictionary, children }: ArrowField): boolean =>
  !dictionary && (type.kind === 'null' || (type.kind === 'run-end-encoded' && children[1] !== undefined && isNothing(children[1])))

type VectorFiller = (vector: duckdb.Vector, start: number, count: number) => void

function withValidity({ validity }: ArrowArray, fill: VectorFiller): ColumnFiller {
  return (chunk, index, start, count) => {
    const vector = duckdb.data_chunk_get_vector(chunk.chunk, index)
    fill(vector, start, count)
    if (!validity) return
    duckdb.vector_ensure_validity_writable(vector)
    duckdb.copy_data_to_vector_validity(vector, 0, bufferOf(validity), validity.byteOffset + (start >> 3), (count + 7) >> 3)
  }
}

const bufferOf = (bytes: Uint8Array): ArrayBuffer => bytes.buffer as ArrayBuffer

/** Fixed-width columns: already in DuckDB's layout, or converted to it once per batch. */
function fixedFiller(array: ArrowArray): VectorFiller | undefined {
  const stored = storedForm(array)
  if (!stored) return undefined
  const { bytes, width } = stored
  return (vector, start, count) => duckdb.copy_data_to_vector(vector, 0, bufferOf(bytes), bytes.byteOffset + start * width, count * width)
}

function storedForm(array: ArrowArray): { bytes: Uint8Array; width: number } | undefined {
  const { type } = array.field
  const { data, length, validity } = array
  const column = array.field.name
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  /** Converts the valid rows; null rows stay zero, since their bytes mean nothing. */
  const convert = (width: number, write: (target: DataView, row: number) => void): { bytes: Uint8Array; width: number } => {
    const bytes = new Uint8Array(length * width)
    const target = new DataView(bytes.buffer)
    for (let row = 0; row < length; row++) if (isValid(validity, row)) write(target, row)
    return { bytes, width }
  }
  switch (type.kind) {
    case 'int':
      return { bytes: data, width: type.bits / 8 }
    case 'duration':
      return { bytes: data, width: 8 }
    case 'bool':
      return convert(1, (target, row) => target.setUint8(row, ((data[row >> 3] as number) >> (row & 7)) & 1))
    case 'float':
      if (type.bits !== 16) return { bytes: data, width: type.bits / 8 }
      return convert(4, (target, row) => target.setFloat32(row * 4, halfToNumber(view.getUint16(row * 2, true)), true))
    case 'date':
      if (type.unit === 'day') return { bytes: data, width: 4 }
      return convert(4, (target, row) => target.setInt32(row * 4, toDays(view.getBigInt64(row * 8, true), column, row), true))
    case 'time':
      return convert(8, (target, row) => {
        const raw = type.bits === 32 ? BigInt(view.getInt32(row * 4, true)) : view.getBigInt64(row * 8, true)
        target.setBigInt64(row * 8, toTimeOfDay(raw, type.unit, column, row), true)
      })
    case 'timestamp':
      if (!type.zone || type.unit === 'us') return { bytes: data, width: 8 }
      return convert(8, (target, row) =>
        target.setBigInt64(row * 8, toMicroseconds(view.getBigInt64(row * 8, true), type.unit, column, row), true)
      )
    case 'decimal': {
      const width = type.precision <= 4 ? 2 : type.precision <= 9 ? 4 : type.precision <= 18 ? 8 : 16
      return convert(width, (target, row) => {
        const value = toDecimal(view, row, type.bits, type.precision, column)
        if (width === 2) target.setInt16(row * 2, Number(value), true)
        else if (width === 4) target.setInt32(row * 4, Number(value), true)
        else if (width === 8) target.setBigInt64(row * 8, value, true)
        else {
          target.setBigUint64(row * 16, BigInt.asUintN(64, value), true)
          target.setBigInt64(row * 16 + 8, value >> 64n, true)
        }
      })
    }
    default:
      return undefined
  }
}

function textFiller(array: ArrowArray): VectorFiller | undefined {
  const { type } = array.field
  if (type.kind !== 'utf8' && type.kind !== 'binary') return undefined
  const { data, offsets, validity } = array
  if (offsets && cellLayoutIsKnown()) return (vector, start, count) => copyCells(vector, data, offsets, start, count)
  const empty = new Uint8Array(0)
  return (vector, start, count) => {
    for (let row = 0; row < count; row++)
      duckdb.vector_assign_string_element_len(vector, row, isValid(validity, start + row) ? bytesAt(array, start + row) : empty)
  }
}

/** Dictionary-encoded text: cells are made once per scan and gathered. Other dictionaries are read value by value. */
function dictionaryFiller(array: ArrowArray, context: FillContext): VectorFiller | undefined {
  const { field } = array
  const { type } = field
  if (type.kind !== 'utf8' || !cellLayoutIsKnown()) return undefined
  const dictionary = cellsOf(field, context)
  if (!dictionary) return undefined
  const indices = readIndices(array, dictionary.size, field.name)
  return (vector, start, count) => gatherCells(vector, dictionary, indices, start, count)
}

function cellsOf(field: ArrowField, { dictionaries, cells }: FillContext): CellDictionary | undefined {
  const id = field.dictionary?.id ?? 0
  const arrays = dictionaries(field)
  if (!cells.has(id)) {
    const nullable = arrays.some((values) => values.validity !== undefined)
    const texts = nullable ? [] : arrays.flatMap((values) => Array.from({ length: values.length }, (_, row) => bytesAt(values, row)))
    cells.set(id, nullable || texts.length * cellBytes > 2 ** 31 ? undefined : createCellDictionary(texts))
  }
  return cells.get(id)
}
