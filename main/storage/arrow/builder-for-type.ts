import {
  DuckDBArrayType,
  DuckDBArrayValue,
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalType,
  DuckDBDecimalValue,
  DuckDBEnumType,
  DuckDBListType,
  DuckDBListValue,
  DuckDBMapType,
  DuckDBMapValue,
  DuckDBStructType,
  DuckDBStructValue,
  DuckDBTimeNSValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBValue
} from '@duckdb/node-api'
import { WorkbenchError } from '../../model/errors'
import type { ArrowField, ArrowType } from './arrow-types'
import {
  BytesBuilder,
  type ColumnBuilder,
  DictionaryBuilder,
  type Encoder,
  FixedBuilder,
  NestedBuilder,
  NullBuilder
} from './column-builders'

const wrongValue = (column: string, value: DuckDBValue): WorkbenchError =>
  new WorkbenchError(
    'INTERNAL',
    `Column "${column}" gave an unexpected value of type ${typeof value}. Cast it to a plain type and try again.`
  )

/** The builder for a result column; dictionary builders, however deep, are added to `dictionaries`. Errors: INVALID_INPUT for types Arrow files here do not hold. */
export function builderForType(name: string, type: DuckDBType, dictionary: boolean, dictionaries: DictionaryBuilder[]): ColumnBuilder {
  const field = (arrow: ArrowType, children: ArrowField[] = []): ArrowField => ({ name, nullable: true, type: arrow, children })
  const asNumber = (value: DuckDBValue): number => {
    if (typeof value === 'number') return value
    throw wrongValue(name, value)
  }
  const asBigint = (value: DuckDBValue): bigint => {
    if (typeof value === 'bigint') return value
    throw wrongValue(name, value)
  }
  const integer = (bits: 8 | 16 | 32 | 64, signed: boolean, encode: Encoder): ColumnBuilder =>
    new FixedBuilder(field({ kind: 'int', bits, signed }), bits / 8, encode)
  /** 64-bit time types: the API wraps each in a class with one bigint. */
  const ticks = (arrow: ArrowType, read: (value: DuckDBValue) => bigint | undefined): ColumnBuilder =>
    new FixedBuilder(field(arrow), 8, (view, at, value) => {
      const tick = read(value)
      if (tick === undefined) throw wrongValue(name, value)
      view.setBigInt64(at, tick, true)
    })
  const wide: Encoder = (view, at, value) => {
    const number = value instanceof DuckDBDecimalValue ? value.value : asBigint(value)
    const limit = 10n ** 38n
    if (number >= limit || number <= -limit)
      throw new WorkbenchError('INVALID_INPUT', `A value of column "${name}" has more than 38 digits. Cast the column to DOUBLE.`)
    view.setBigUint64(at, BigInt.asUintN(64, number), true)
    view.setBigInt64(at + 8, number >> 64n, true)
  }
  const dictionaryOf = (texts?: readonly string[]): ColumnBuilder => {
    const encoding = { id: dictionaries.length, index: { kind: 'int', bits: 32, signed: true }, ordered: false } as const
    const builder = new DictionaryBuilder({ ...field({ kind: 'utf8', layout: 'offset32' }), dictionary: encoding }, texts)
    dictionaries.push(builder)
    return builder
  }
  const text = (cells: boolean): ColumnBuilder =>
    new BytesBuilder(field({ kind: 'utf8', layout: 'offset32' }), (value) => Buffer.from(String(value), 'utf8'), cells)
  const listOf = (items: ColumnBuilder, read: (value: DuckDBValue) => readonly DuckDBValue[]): ColumnBuilder =>
    new NestedBuilder(field({ kind: 'list', layout: 'offset32' }, [items.field]), [items], (value) => [
      value === null ? [] : [...read(value)]
    ])

  switch (type.typeId) {
    case DuckDBTypeId.SQLNULL:
      return new NullBuilder(field({ kind: 'null' }))
    case DuckDBTypeId.BOOLEAN:
      return new FixedBuilder(field({ kind: 'bool' }), 1, (view, at, value) => view.setUint8(at, value === true ? 1 : 0), { bits: true })
    case DuckDBTypeId.TINYINT:
      return integer(8, true, (view, at, value) => view.setInt8(at, asNumber(value)))
    case DuckDBTypeId.SMALLINT:
      return integer(16, true, (view, at, value) => view.setInt16(at, asNumber(value), true))
    case DuckDBTypeId.INTEGER:
      return integer(32, true, (view, at, value) => view.setInt32(at, asNumber(value), true))
    case DuckDBTypeId.BIGINT:
      return integer(64, true, (view, at, value) => view.setBigInt64(at, asBigint(value), true))
    case DuckDBTypeId.UTINYINT:
      return integer(8, false, (view, at, value) => view.setUint8(at, asNumber(value)))
    case DuckDBTypeId.USMALLINT:
      return integer(16, false, (view, at, value) => view.setUint16(at, asNumber(value), true))
    case DuckDBTypeId.UINTEGER:
      return integer(32, false, (view, at, value) => view.setUint32(at, asNumber(value), true))
    case DuckDBTypeId.UBIGINT:
      return integer(64, false, (view, at, value) => view.setBigUint64(at, asBigint(value), true))
    case DuckDBTypeId.FLOAT:
      return new FixedBuilder(field({ kind: 'float', bits: 32 }), 4, (view, at, value) => view.setFloat32(at, asNumber(value), true))
    case DuckDBTypeId.DOUBLE:
      return new FixedBuilder(field({ kind: 'float', bits: 64 }), 8, (view, at, value) => view.setFloat64(at, asNumber(value), true))
    case DuckDBTypeId.DATE:
      return new FixedBuilder(field({ kind: 'date', unit: 'day' }), 4, (view, at, value) => {
        if (!(value instanceof DuckDBDateValue)) throw wrongValue(name, value)
        view.setInt32(at, value.days, true)
      })
    case DuckDBTypeId.TIME:
      return ticks({ kind: 'time', unit: 'us', bits: 64 }, (value) => (value instanceof DuckDBTimeValue ? value.micros : undefined))
    case DuckDBTypeId.TIME_NS:
      return ticks({ kind: 'time', unit: 'ns', bits: 64 }, (value) => (value instanceof DuckDBTimeNSValue ? value.nanos : undefined))
    case DuckDBTypeId.TIMESTAMP:
      return ticks({ kind: 'timestamp', unit: 'us' }, (value) => (value instanceof DuckDBTimestampValue ? value.micros : undefined))
    case DuckDBTypeId.TIMESTAMP_TZ:
      return ticks({ kind: 'timestamp', unit: 'us', zone: 'UTC' }, (value) =>
        value instanceof DuckDBTimestampTZValue ? value.micros : undefined
      )
    case DuckDBTypeId.TIMESTAMP_S:
      return ticks({ kind: 'timestamp', unit: 's' }, (value) => (value instanceof DuckDBTimestampSecondsValue ? value.seconds : undefined))
    case DuckDBTypeId.TIMESTAMP_MS:
      return ticks({ kind: 'timestamp', unit: 'ms' }, (value) =>
        value instanceof DuckDBTimestampMillisecondsValue ? value.millis : undefined
      )
    case DuckDBTypeId.TIMESTAMP_NS:
      return ticks({ kind: 'timestamp', unit: 'ns' }, (value) =>
        value instanceof DuckDBTimestampNanosecondsValue ? value.nanos : undefined
      )
    case DuckDBTypeId.HUGEINT:
    case DuckDBTypeId.UHUGEINT:
      // sums of integers are HUGEINT; the stored form is not taken as it is because its range has to be checked
      return new FixedBuilder(field({ kind: 'decimal', bits: 128, precision: 38, scale: 0 }), 16, wide, { storedWidth: 0 })
    case DuckDBTypeId.VARCHAR:
      return dictionary ? dictionaryOf() : text(true)
    case DuckDBTypeId.UUID:
      return text(false)
    case DuckDBTypeId.BLOB:
      return new BytesBuilder(field({ kind: 'binary', layout: 'offset32' }), (value) => {
        if (!(value instanceof DuckDBBlobValue)) throw wrongValue(name, value)
        return value.bytes
      })
  }
  if (type instanceof DuckDBDecimalType) {
    const storedWidth = type.width <= 4 ? 2 : type.width <= 9 ? 4 : type.width <= 18 ? 8 : 16
    return new FixedBuilder(field({ kind: 'decimal', bits: 128, precision: type.width, scale: type.scale }), 16, wide, { storedWidth })
  }
  if (type instanceof DuckDBEnumType) return dictionaryOf(type.values)
  if (type instanceof DuckDBListType)
    return listOf(builderForType('item', type.valueType, false, dictionaries), (value) => {
      if (value instanceof DuckDBListValue) return value.items
      throw wrongValue(name, value)
    })
  if (type instanceof DuckDBArrayType) {
    const items = builderForType('item', type.valueType, false, dictionaries)
    const absent: DuckDBValue[] = Array.from({ length: type.length }, () => null)
    return new NestedBuilder(field({ kind: 'fixed-list', size: type.length }, [items.field]), [items], (value) => {
      if (value === null) return [absent]
      if (value instanceof DuckDBArrayValue) return [[...value.items]]
      throw wrongValue(name, value)
    })
  }
  if (type instanceof DuckDBStructType) {
    const names = [...type.entryNames]
    const parts = names.map((part, index) => builderForType(part, type.entryTypes[index] as DuckDBType, false, dictionaries))
    return new NestedBuilder(
      field(
        { kind: 'struct' },
        parts.map((part) => part.field)
      ),
      parts,
      (value) => {
        if (value === null) return names.map(() => [null])
        if (value instanceof DuckDBStructValue) return names.map((part) => [value.entries[part] ?? null])
        throw wrongValue(name, value)
      }
    )
  }
  if (type instanceof DuckDBMapType) {
    const key = builderForType('key', type.keyType, false, dictionaries)
    const held = builderForType('value', type.valueType, false, dictionaries)
    const entry: ArrowField = { name: 'entries', nullable: true, type: { kind: 'struct' }, children: [key.field, held.field] }
    const entries = new NestedBuilder(entry, [key, held], (value) =>
      value instanceof DuckDBStructValue ? [[value.entries['key'] ?? null], [value.entries['value'] ?? null]] : [[null], [null]]
    )
    return listOf(entries, (value) => {
      if (value instanceof DuckDBMapValue) return value.entries.map((pair) => new DuckDBStructValue({ key: pair.key, value: pair.value }))
      throw wrongValue(name, value)
    })
  }
  throw new WorkbenchError(
    'INVALID_INPUT',
    `Column "${name}" has the type ${type.toString()}, which an Arrow file here cannot hold. Cast it, for example to VARCHAR.`,
    {
      details: { column: name, type: type.toString() }
    }
  )
}
