import {
  DuckDBArrayValue,
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBStructValue,
  DuckDBTimeNSValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  type DuckDBValue
} from '@duckdb/node-api'
import type { Dictionaries } from './arrow-file'
import { WorkbenchError } from '../../model/errors'
import { type ArrowField, corruptArrow } from './arrow-types'
import { type ArrowArray, bytesAt, isValid, readIndices, runOfRow } from './column-arrays'
import { halfToNumber, toDays, toDecimal, toMicroseconds, toTimeOfDay } from './numbers'

/** Gives the value of a row as DuckDB's own JavaScript value. */
export type ValueReader = (row: number) => DuckDBValue

/** What one row of a list or structure counts against the budget: an object takes the room of several numbers. */
const structureCost = 10
/** Nested values that may be held at once, for one vector of rows; 1 for each item of a list, more for structures. */
const maximumHeld = 20_000_000

interface Entry {
  reader: ValueReader
  row: number
}

/**
 * Makes readers over the arrays of one scan. Dictionaries are prepared once each; and since a value of a dictionary may stand in many
 * places, which again may be values of a dictionary, a small file could unfold to any size: what is read between two `restart`s is counted.
 */
export class NestedValues {
  private left = maximumHeld
  private readonly entries = new Map<number, Entry[] | 'open'>()

  constructor(readonly dictionaries: Dictionaries) {}

  /** A new vector of rows begins; what was read before is no longer held. */
  restart(): void {
    this.left = maximumHeld
  }

  spend(amount: number, column: string): void {
    this.left -= amount
    if (this.left < 0)
      throw new WorkbenchError(
        'INVALID_INPUT',
        `Column "${column}" unfolds to more than ${maximumHeld.toLocaleString('en')} nested values in a few neighbouring rows, more than can be held at once. Write its items as rows of a table of their own and import that.`,
        { details: { column } }
      )
  }

  entriesOf(field: ArrowField, column: string): Entry[] {
    const id = field.dictionary?.id ?? 0
    const known = this.entries.get(id)
    if (known === 'open') throw corruptArrow(`dictionary ${id} of column "${column}" contains itself`, { column })
    if (known) return known
    this.entries.set(id, 'open')
    const entries: Entry[] = []
    for (const values of this.dictionaries(field)) {
      const reader = createValueReader(values, this, column)
      for (let row = 0; row < values.length; row++) entries.push({ reader, row })
    }
    this.entries.set(id, entries)
    return entries
  }
}

/**
 * The plain way to read any supported array, one value at a time: the reference the bulk copies are tested against, and the path for nested
 * types.
 */
export function createValueReader(array: ArrowArray, nested: NestedValues, column = array.field.name): ValueReader {
  const inner = array.field.dictionary ? dictionaryReader(array, nested, column) : plainReader(array, nested, column)
  const { validity } = array
  return validity ? (row) => (isValid(validity, row) ? inner(row) : null) : inner
}

function dictionaryReader(array: ArrowArray, nested: NestedValues, column: string): ValueReader {
  const entries = nested.entriesOf(array.field, column)
  const indices = readIndices(array, entries.length, column)
  return (row) => {
    const entry = entries[indices[row] ?? 0]
    return entry ? entry.reader(entry.row) : null
  }
}

function plainReader(array: ArrowArray, nested: NestedValues, column: string): ValueReader {
  const { type } = array.field
  const { data } = array
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const child = (index: number): ValueReader => {
    const part = array.children[index]
    if (!part) throw corruptArrow(`column "${column}" lacks a part`, { column })
    return createValueReader(part, nested, `${column}.${part.field.name}`)
  }
  const items = (reader: ValueReader, start: number, end: number): DuckDBValue[] => {
    nested.spend(end - start + structureCost, column)
    const values: DuckDBValue[] = []
    for (let row = start; row < end; row++) values.push(reader(row))
    return values
  }
  switch (type.kind) {
    case 'null':
      return () => null
    case 'bool':
      return (row) => ((data[row >> 3] ?? 0) & (1 << (row & 7))) !== 0
    case 'int':
      switch (type.bits) {
        case 8:
          return type.signed ? (row) => view.getInt8(row) : (row) => view.getUint8(row)
        case 16:
          return type.signed ? (row) => view.getInt16(row * 2, true) : (row) => view.getUint16(row * 2, true)
        case 32:
          return type.signed ? (row) => view.getInt32(row * 4, true) : (row) => view.getUint32(row * 4, true)
        default:
          return type.signed ? (row) => view.getBigInt64(row * 8, true) : (row) => view.getBigUint64(row * 8, true)
      }
    case 'float':
      if (type.bits === 16) return (row) => halfToNumber(view.getUint16(row * 2, true))
      return type.bits === 32 ? (row) => view.getFloat32(row * 4, true) : (row) => view.getFloat64(row * 8, true)
    case 'decimal':
      return (row) => new DuckDBDecimalValue(toDecimal(view, row, type.bits, type.precision, column), type.precision, type.scale)
    case 'date':
      if (type.unit === 'day') return (row) => new DuckDBDateValue(view.getInt32(row * 4, true))
      return (row) => new DuckDBDateValue(toDays(view.getBigInt64(row * 8, true), column, row))
    case 'time': {
      const raw = (row: number): bigint => (type.bits === 32 ? BigInt(view.getInt32(row * 4, true)) : view.getBigInt64(row * 8, true))
      if (type.unit === 'ns') return (row) => new DuckDBTimeNSValue(toTimeOfDay(raw(row), type.unit, column, row))
      return (row) => new DuckDBTimeValue(toTimeOfDay(raw(row), type.unit, column, row))
    }
    case 'timestamp': {
      const raw = (row: number): bigint => view.getBigInt64(row * 8, true)
      if (type.zone) return (row) => new DuckDBTimestampTZValue(toMicroseconds(raw(row), type.unit, column, row))
      if (type.unit === 's') return (row) => new DuckDBTimestampSecondsValue(raw(row))
      if (type.unit === 'ms') return (row) => new DuckDBTimestampMillisecondsValue(raw(row))
      if (type.unit === 'us') return (row) => new DuckDBTimestampValue(raw(row))
      return (row) => new DuckDBTimestampNanosecondsValue(raw(row))
    }
    case 'duration':
      return (row) => view.getBigInt64(row * 8, true)
    case 'utf8':
      return (row) => {
        const bytes = bytesAt(array, row)
        return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
      }
    case 'binary':
      return (row) => new DuckDBBlobValue(bytesAt(array, row))
    case 'fixed-binary':
      return (row) => new DuckDBBlobValue(data.subarray(row * type.width, (row + 1) * type.width))
    case 'list':
    case 'map': {
      const { offsets } = array
      const reader = child(0)
      return (row) => new DuckDBListValue(items(reader, offsets?.[row] ?? 0, offsets?.[row + 1] ?? 0))
    }
    case 'list-view': {
      const { offsets, sizes } = array
      const reader = child(0)
      return (row) => new DuckDBListValue(items(reader, offsets?.[row] ?? 0, (offsets?.[row] ?? 0) + (sizes?.[row] ?? 0)))
    }
    case 'run-end-encoded': {
      const { runEnds = new Float64Array(0) } = array
      const reader = child(1)
      let run = 0
      return (row) => reader((run = runOfRow(runEnds, row, run)))
    }
    case 'fixed-list': {
      const reader = child(0)
      return (row) => new DuckDBArrayValue(items(reader, row * type.size, (row + 1) * type.size))
    }
    case 'struct': {
      const parts = array.children.map((part, index) => ({ name: part.field.name, reader: child(index) }))
      return (row) => {
        nested.spend(structureCost, column)
        const entries: Record<string, DuckDBValue> = Object.create(null) as Record<string, DuckDBValue>
        for (const part of parts) entries[part.name] = part.reader(row)
        return new DuckDBStructValue(entries)
      }
    }
    default:
      throw corruptArrow(`column "${column}" has an unknown type`, { column })
  }
}
