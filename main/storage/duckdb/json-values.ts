import {
  DuckDBArrayValue,
  DuckDBBlobValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBUnionValue,
  type DuckDBValue
} from '@duckdb/node-api'
import type { JsonValue } from './database-types'

const dateLimit = 8_640_000_000_000_000n

/** Nanoseconds since 1970 as ISO UTC with 3 digits, or as many (6, 9) as the value needs. Outside JavaScript's dates: undefined. */
function isoTime(nanoseconds: bigint): string | undefined {
  let milliseconds = nanoseconds / 1_000_000n
  let rest = nanoseconds % 1_000_000n
  if (rest < 0n) {
    rest += 1_000_000n
    milliseconds -= 1n
  }
  if (milliseconds > dateLimit || milliseconds < -dateLimit) return undefined
  const iso = new Date(Number(milliseconds)).toISOString()
  if (rest === 0n) return iso
  const digits = rest.toString().padStart(6, '0')
  return `${iso.slice(0, -1)}${digits.endsWith('000') ? digits.slice(0, 3) : digits}Z`
}

function jsonNumber(value: number): JsonValue {
  return Number.isFinite(value) ? value : String(value)
}

/** A decimal as a number where that number is the same value when it is written out, else as its digits. */
function jsonDecimal(decimal: DuckDBDecimalValue): JsonValue {
  const text = decimal.toString()
  const number = Number(text)
  // fifteen digits come back from every double as they went in
  const isShort = decimal.value < 10n ** 15n && decimal.value > -(10n ** 15n)
  return isShort || String(number) === (text.includes('.') ? text.replace(/\.?0+$/, '') : text) ? number : text
}

/** A DuckDB value as plain JSON; see `Database.query` for the rules. Maps become lists of `{ key, value }`. */
export function toJsonValue(value: DuckDBValue): JsonValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'number') return jsonNumber(value)
  if (typeof value === 'bigint') {
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : value.toString()
  }
  if (value instanceof DuckDBDecimalValue) return jsonDecimal(value)
  if (value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue)
    return isoTime(value.micros * 1_000n) ?? value.toString()
  if (value instanceof DuckDBTimestampMillisecondsValue) return isoTime(value.millis * 1_000_000n) ?? value.toString()
  if (value instanceof DuckDBTimestampSecondsValue) return isoTime(value.seconds * 1_000_000_000n) ?? value.toString()
  if (value instanceof DuckDBTimestampNanosecondsValue) return isoTime(value.nanos) ?? value.toString()
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('hex')
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items.map(toJsonValue)
  if (value instanceof DuckDBStructValue)
    return Object.fromEntries(Object.entries(value.entries).map(([name, part]) => [name, toJsonValue(part)]))
  if (value instanceof DuckDBMapValue)
    return value.entries.map((entry) => ({ key: toJsonValue(entry.key), value: toJsonValue(entry.value) }))
  if (value instanceof DuckDBUnionValue) return toJsonValue(value.value)
  return String(value)
}
