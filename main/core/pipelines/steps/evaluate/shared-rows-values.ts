/** How two columns of one name are compared: `exact` are truth values, whole numbers and decimals, `real` those of which one is a float. */
type Sort = 'exact' | 'real' | 'moment' | 'text' | 'nested' | 'other'

function sortOf(type: string): Sort {
  if (/\[|^STRUCT/.test(type)) return 'nested'
  if (/^(BOOLEAN|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DECIMAL)/.test(type)) return 'exact'
  if (/^(FLOAT|DOUBLE)/.test(type)) return 'real'
  if (/^(DATE|TIMESTAMP)/.test(type)) return 'moment'
  return /^(VARCHAR|ENUM)/.test(type) ? 'text' : 'other'
}

const asText = (value: string): string => `CAST(${value} AS VARCHAR)`
/** Digits without a point where none is needed, so that 7, 7.0 and true or 1 are written the same. */
function digits(value: string, type: string): string {
  const text = asText(type === 'BOOLEAN' ? `CAST(${value} AS INTEGER)` : value)
  return type.startsWith('DECIMAL') ? `CASE WHEN contains(${text}, '.') THEN rtrim(rtrim(${text}, '0'), '.') ELSE ${text} END` : text
}
/** As 32 bits where one of the two has no more or a model gets no more; a value that it does not get is missing. */
function real(value: string, isNarrow: boolean, isSeen: boolean): string {
  const double = `TRY_CAST(${value} AS DOUBLE)`
  if (isSeen) return `CASE WHEN isfinite(${double}) THEN TRY_CAST(${double} AS FLOAT) END`
  return isNarrow ? `nullif(TRY_CAST(${double} AS FLOAT), 'NaN'::FLOAT)` : `nullif(${double}, 'NaN'::DOUBLE)`
}
const micros = (value: string): string => `TRY(epoch_us(${value}))`

/**
 * SQL terms of a value of `type` that are equal to those of a value of `other` when both are the same value in another form: of whole
 * numbers and decimals to the last digit, of floats as the narrower of both is (for a model: 32 bits), of dates and timestamps as one
 * instant in UTC, of a text and something else as what the text says where it can be read so. What is missing is NULL. No two values of
 * one whole type are ever equal.
 */
export function comparable(value: string, type: string, other: string, isSeen: boolean): string[] {
  // A column of nothing has the type of the other.
  const [sort, against] = [type, other].map((each, index, all) => sortOf(each === '"NULL"' ? all[1 - index]! : each)) as [Sort, Sort]
  const isNarrow = type === 'FLOAT' || other === 'FLOAT'
  const both = new Set([sort, against])
  const are = (...sorts: Sort[]): boolean => [...both].every((each) => sorts.includes(each))
  if (are('text')) return [`nullif(${asText(value)}, '')`]
  if (are('real') || (are('real', 'exact') && both.size === 2)) return [real(value, isNarrow, isSeen)]
  if (type === other) return sort === 'nested' ? [value, asText(value)] : [value]
  if (are('exact')) return [digits(value, type)]
  if (are('moment')) return [micros(value)]
  if (both.size === 2 && sort === 'text') return [readText(value, other, against, isNarrow, isSeen)]
  if (both.size === 2 && against === 'text') {
    if (sort === 'exact') return [digits(value, type)]
    if (sort === 'real') return [asText(`${real(value, isNarrow, isSeen)} + 0`)]
    if (sort === 'moment') return [asText(micros(value))]
  }
  return [`nullif(${asText(value)}, '')`]
}

/** A text that stands for a value of another type, written as that is written; the text itself where it cannot be read. */
function readText(value: string, as: string, sort: Sort, isNarrow: boolean, isSeen: boolean): string {
  const itself = `nullif(${asText(value)}, '')`
  if (sort === 'real')
    return `CASE WHEN TRY_CAST(${value} AS DOUBLE) IS NULL THEN ${itself} ELSE ${asText(`${real(value, isNarrow, isSeen)} + 0`)} END`
  if (sort === 'moment') return `coalesce(${asText(micros(`TRY_CAST(${value} AS TIMESTAMPTZ)`))}, ${itself})`
  if (sort !== 'exact') return itself
  if (as === 'BOOLEAN') return `coalesce(${digits(`TRY_CAST(${value} AS BOOLEAN)`, as)}, ${itself})`
  const decimal = `DECIMAL(38, ${Math.max(10, Number(/^DECIMAL\(\d+,(\d+)\)/.exec(as)?.[1] ?? 0))})`
  return `coalesce(${digits(`TRY_CAST(${value} AS ${decimal})`, decimal)}, ${itself})`
}
