/**
 * Values of the wire as JSON text. What JSON has no word for (NaN, infinities, undefined in a list, bytes, BigInt) is written as an
 * object with the one key `$`; an object that has this key itself is written by its entries. Not the structured clone of V8: two
 * programs that meet here may have been built with different versions of that.
 */
export const encodeValue = (value: unknown): string => JSON.stringify(value, replace)

/** The value of a text that `encodeValue` wrote. Throws SyntaxError. */
export const decodeValue = (text: string): unknown => JSON.parse(text, revive) as unknown

const MARK = '$'

function replace(this: unknown, key: string): unknown {
  // Not the second argument: Buffer and Date have been turned into something else there.
  const value = (this as Record<string, unknown>)[key]
  if (typeof value === 'number')
    return Number.isFinite(value) && !Object.is(value, -0) ? value : { [MARK]: 'number', of: numberText(value) }
  if (typeof value === 'bigint') return { [MARK]: 'bigint', of: String(value) }
  if (value === undefined) return Array.isArray(this) ? { [MARK]: 'undefined' } : undefined
  if (value instanceof Date) return { [MARK]: 'date', of: value.getTime() }
  if (value instanceof Uint8Array)
    return { [MARK]: 'bytes', of: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64') }
  const isMarked = typeof value === 'object' && value !== null && !isOwnMark(this, key) && Object.hasOwn(value, MARK)
  return isMarked ? { [MARK]: 'object', of: Object.entries(value) } : value
}

/** What `of` holds was written here already. */
const isOwnMark = (holder: unknown, key: string): boolean => key === 'of' && Object.hasOwn(holder as object, MARK) && !Array.isArray(holder)

const numberText = (value: number): string => (Object.is(value, -0) ? '-0' : String(value))

function revive(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, MARK)) return value
  const { [MARK]: kind, of } = value as { [MARK]: unknown; of?: unknown }
  if (kind === 'number') return Number(of)
  if (kind === 'bigint') return BigInt(String(of))
  if (kind === 'date') return new Date(Number(of))
  if (kind === 'bytes') return new Uint8Array(Buffer.from(String(of), 'base64'))
  if (kind === 'object' && Array.isArray(of)) return Object.fromEntries(of as [string, unknown][])
  return undefined
}
