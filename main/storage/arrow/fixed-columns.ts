import {
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBTimeNSValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  DuckDBTypeId,
  type DuckDBValue
} from '@duckdb/node-api'
import { WorkbenchError } from '../../model/errors'
import type { ArrowType } from './arrow-types'
import type { Encoder, FixedForm } from './column-builders'

export const wrongValue = (column: string, value: DuckDBValue): WorkbenchError =>
  new WorkbenchError(
    'INTERNAL',
    `Column "${column}" gave an unexpected value of type ${typeof value}. Cast it to a plain type and try again.`
  )

/** A type of fixed width: what Arrow calls it, its bytes, and how a value of `column` is written. */
export interface FixedColumn {
  arrow: ArrowType
  width: number
  encoder(column: string): Encoder
  form?: FixedForm
}

/** `read` gives undefined for a value of another kind. */
const fixed = <T>(
  arrow: ArrowType,
  width: number,
  read: (value: DuckDBValue) => T | undefined,
  write: (view: DataView, at: number, read: T) => void,
  form?: FixedForm
): FixedColumn => ({
  arrow,
  width,
  form,
  encoder: (column) => (view, at, value) => {
    const plain = read(value)
    if (plain === undefined) throw wrongValue(column, value)
    write(view, at, plain)
  }
})

const asNumber = (value: DuckDBValue): number | undefined => (typeof value === 'number' ? value : undefined)
const asBigint = (value: DuckDBValue): bigint | undefined => (typeof value === 'bigint' ? value : undefined)
const integer = (bits: 8 | 16 | 32, signed: boolean, write: (view: DataView, at: number, value: number) => void): FixedColumn =>
  fixed({ kind: 'int', bits, signed }, bits / 8, asNumber, write)
const setTicks = (view: DataView, at: number, value: bigint): void => view.setBigInt64(at, value, true)
/** 64-bit time types: the API wraps each in a class with one bigint. */
const ticks = (arrow: ArrowType, read: (value: DuckDBValue) => bigint | undefined): FixedColumn => fixed(arrow, 8, read, setTicks)

/** Decimals of 128 bits. `storedWidth` is that of DuckDB, 0 where its form is not taken as it is. */
export const wideColumn = (precision: number, scale: number, storedWidth: number): FixedColumn => ({
  arrow: { kind: 'decimal', bits: 128, precision, scale },
  width: 16,
  form: { storedWidth },
  encoder: (column) => (view, at, value) => {
    const number = value instanceof DuckDBDecimalValue ? value.value : asBigint(value)
    if (number === undefined) throw wrongValue(column, value)
    const limit = 10n ** 38n
    if (number >= limit || number <= -limit)
      throw new WorkbenchError('INVALID_INPUT', `A value of column "${column}" has more than 38 digits. Cast the column to DOUBLE.`)
    view.setBigUint64(at, BigInt.asUintN(64, number), true)
    view.setBigInt64(at + 8, number >> 64n, true)
  }
})

// Sums of integers are HUGEINT; its stored form is not taken as it is because its range has to be checked.
const huge = wideColumn(38, 0, 0)

/** The types of fixed width that have no parameters. */
export const fixedColumns: Partial<Record<DuckDBTypeId, FixedColumn>> = {
  [DuckDBTypeId.BOOLEAN]: fixed(
    { kind: 'bool' },
    1,
    (value) => (value === true ? 1 : 0),
    (view, at, bit) => view.setUint8(at, bit),
    { bits: true }
  ),
  [DuckDBTypeId.TINYINT]: integer(8, true, (view, at, value) => view.setInt8(at, value)),
  [DuckDBTypeId.SMALLINT]: integer(16, true, (view, at, value) => view.setInt16(at, value, true)),
  [DuckDBTypeId.INTEGER]: integer(32, true, (view, at, value) => view.setInt32(at, value, true)),
  [DuckDBTypeId.BIGINT]: fixed({ kind: 'int', bits: 64, signed: true }, 8, asBigint, setTicks),
  [DuckDBTypeId.UTINYINT]: integer(8, false, (view, at, value) => view.setUint8(at, value)),
  [DuckDBTypeId.USMALLINT]: integer(16, false, (view, at, value) => view.setUint16(at, value, true)),
  [DuckDBTypeId.UINTEGER]: integer(32, false, (view, at, value) => view.setUint32(at, value, true)),
  [DuckDBTypeId.UBIGINT]: fixed({ kind: 'int', bits: 64, signed: false }, 8, asBigint, (view, at, value) =>
    view.setBigUint64(at, value, true)
  ),
  [DuckDBTypeId.FLOAT]: fixed({ kind: 'float', bits: 32 }, 4, asNumber, (view, at, value) => view.setFloat32(at, value, true)),
  [DuckDBTypeId.DOUBLE]: fixed({ kind: 'float', bits: 64 }, 8, asNumber, (view, at, value) => view.setFloat64(at, value, true)),
  [DuckDBTypeId.DATE]: fixed(
    { kind: 'date', unit: 'day' },
    4,
    (value) => (value instanceof DuckDBDateValue ? value.days : undefined),
    (view, at, days) => view.setInt32(at, days, true)
  ),
  [DuckDBTypeId.TIME]: ticks({ kind: 'time', unit: 'us', bits: 64 }, (v) => (v instanceof DuckDBTimeValue ? v.micros : undefined)),
  [DuckDBTypeId.TIME_NS]: ticks({ kind: 'time', unit: 'ns', bits: 64 }, (v) => (v instanceof DuckDBTimeNSValue ? v.nanos : undefined)),
  [DuckDBTypeId.TIMESTAMP]: ticks({ kind: 'timestamp', unit: 'us' }, (v) => (v instanceof DuckDBTimestampValue ? v.micros : undefined)),
  [DuckDBTypeId.TIMESTAMP_TZ]: ticks({ kind: 'timestamp', unit: 'us', zone: 'UTC' }, (v) =>
    v instanceof DuckDBTimestampTZValue ? v.micros : undefined
  ),
  [DuckDBTypeId.TIMESTAMP_S]: ticks({ kind: 'timestamp', unit: 's' }, (v) =>
    v instanceof DuckDBTimestampSecondsValue ? v.seconds : undefined
  ),
  [DuckDBTypeId.TIMESTAMP_MS]: ticks({ kind: 'timestamp', unit: 'ms' }, (v) =>
    v instanceof DuckDBTimestampMillisecondsValue ? v.millis : undefined
  ),
  [DuckDBTypeId.TIMESTAMP_NS]: ticks({ kind: 'timestamp', unit: 'ns' }, (v) =>
    v instanceof DuckDBTimestampNanosecondsValue ? v.nanos : undefined
  ),
  [DuckDBTypeId.HUGEINT]: huge,
  [DuckDBTypeId.UHUGEINT]: huge
}
