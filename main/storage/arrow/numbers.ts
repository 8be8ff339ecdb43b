import { corruptArrow, type TimeUnit } from './arrow-types'

const scratch = new DataView(new ArrayBuffer(4))

/** An IEEE 754 half as a double, through the bits of a float so that the payload of a NaN does not matter. */
export function halfToNumber(half: number): number {
  const exponent = (half >> 10) & 0x1f
  const fraction = half & 0x3ff
  const sign = half & 0x8000 ? -1 : 1
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity
  scratch.setUint32(0, (((half & 0x8000) << 16) | ((exponent + 112) << 23) | (fraction << 13)) >>> 0)
  return scratch.getFloat32(0)
}

const microsecondsPer: Record<Exclude<TimeUnit, 'ns'>, bigint> = { s: 1_000_000n, ms: 1_000n, us: 1n }
const dayMicroseconds = 86_400_000_000n
const int64Limit = 2n ** 63n

/** A point in time as microseconds; nanoseconds round down. */
export function toMicroseconds(value: bigint, unit: TimeUnit, column: string, row: number): bigint {
  if (unit === 'ns') {
    const quotient = value / 1_000n
    return value % 1_000n < 0n ? quotient - 1n : quotient
  }
  const micros = value * microsecondsPer[unit]
  if (micros >= int64Limit || micros < -int64Limit)
    throw corruptArrow(`the time at row ${row} of column "${column}" is out of range`, { column, row })
  return micros
}

/** A time of day in the unit DuckDB stores: nanoseconds for ns, else microseconds. Refuses what is no time of day. */
export function toTimeOfDay(value: bigint, unit: TimeUnit, column: string, row: number): bigint {
  const stored = unit === 'ns' ? value : value * microsecondsPer[unit]
  const limit = unit === 'ns' ? dayMicroseconds * 1_000n : dayMicroseconds
  if (stored < 0n || stored > limit) throw corruptArrow(`row ${row} of column "${column}" is no time of day`, { column, row })
  return stored
}

/** Milliseconds since 1970 as whole days, rounded down. */
export function toDays(milliseconds: bigint, column: string, row: number): number {
  const quotient = milliseconds / 86_400_000n
  const days = milliseconds % 86_400_000n < 0n ? quotient - 1n : quotient
  if (days > 2_147_483_646n || days < -2_147_483_646n)
    throw corruptArrow(`the date at row ${row} of column "${column}" is out of range`, { column, row })
  return Number(days)
}

/** A little-endian two's complement integer of 4, 8, 16 or 32 bytes that fits the declared digits. */
export function toDecimal(view: DataView, row: number, bits: 32 | 64 | 128 | 256, precision: number, column: string): bigint {
  let value: bigint
  if (bits === 32) value = BigInt(view.getInt32(row * 4, true))
  else {
    const bytes = bits / 8
    value = view.getBigInt64(row * bytes + bytes - 8, true)
    for (let at = bytes - 16; at >= 0; at -= 8) value = (value << 64n) | view.getBigUint64(row * bytes + at, true)
  }
  const limit = 10n ** BigInt(precision)
  if (value >= limit || value <= -limit)
    throw corruptArrow(`row ${row} of column "${column}" has more than the ${precision} digits it declares`, { column, row })
  return value
}
