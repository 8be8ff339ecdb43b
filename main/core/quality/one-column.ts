import type { ColumnProfile } from '../../model/quality'
import { breathe } from '../numerics'
import { TABLE, type AnalysisColumn, type AnalysisTable } from './analysis-table'
import { sortNumbers } from './column-numbers'

/** Numbers of more different values are cut into ranges of at least this many rows, so many ranges at most. */
const [ROWS_OF_RANGE, MOST_RANGES] = [10, 50]
/** With more categories a column names its rows rather than describes them. */
const MOST_CATEGORIES = 2_000
/** What a group of few rows says is drawn towards what all rows say, as if so many of these stood in it. */
const SHRINKAGE = 1

/** What one column tells each row apart by: a code of each row, the last one for rows without a value. */
export interface ColumnCodes {
  codes: Int32Array
  count: number
}

/** The values of a column as codes: each value by itself, or ranges of equally many rows where there are too many; undefined where nothing is told apart by them. */
export async function codesOf(table: AnalysisTable, column: AnalysisColumn, profile: ColumnProfile): Promise<ColumnCodes | undefined> {
  if (profile.count === 0 || (profile.distinct < 2 && profile.missing === 0)) return undefined
  if (column.isNumeric || column.isTime) {
    const { values, sorted } = column.isNumeric ? await table.numbers(column) : await timesOf(table, column)
    return rangesOf(values, endsOf(sorted), table.signal)
  }
  if (profile.distinct > MOST_CATEGORIES) return undefined
  const [ranks] = await table.db.numbers(
    `SELECT CASE WHEN ${column.id} IS NOT NULL THEN dense_rank() OVER (ORDER BY ${column.id}::VARCHAR NULLS LAST) END::DOUBLE FROM ${TABLE} ORDER BY rowid`,
    table
  )
  const count = ranks!.reduce((most, rank) => (rank > most ? rank : most), 0)
  return { codes: Int32Array.from(ranks!, (rank) => (rank === rank ? rank - 1 : count)), count: count + 1 }
}

async function timesOf(table: AnalysisTable, { id }: AnalysisColumn): Promise<{ values: Float64Array; sorted: Float64Array }> {
  const [values] = await table.db.numbers(
    `SELECT CASE WHEN isfinite(${id}::TIMESTAMP) THEN epoch_ms(${id}::TIMESTAMP) END::DOUBLE FROM ${TABLE} ORDER BY rowid`,
    table
  )
  return { values: values!, sorted: await sortNumbers(values!, table.signal) }
}

/** Upper ends, ascending, of the values themselves or of ranges of equally many rows; the last one ends at the largest value. */
function endsOf(sorted: Float64Array): Float64Array {
  const ranges = Math.max(1, Math.min(MOST_RANGES, Math.floor(sorted.length / ROWS_OF_RANGE)))
  const different = new Set<number>()
  for (const value of sorted) if (different.add(value).size > ranges) break
  if (different.size <= ranges) return Float64Array.from(different)
  const ends = Array.from({ length: ranges }, (_, at) => sorted[Math.ceil(((at + 1) * sorted.length) / ranges) - 1]!)
  return Float64Array.from(new Set(ends))
}

async function rangesOf(values: Float64Array, ends: Float64Array, signal?: AbortSignal): Promise<ColumnCodes> {
  const codes = new Int32Array(values.length)
  for (let row = 0; row < values.length; row++) {
    codes[row] = values[row] === values[row] ? placeAmong(ends, values[row]!) : ends.length
    if (row % 65_536 === 0) await breathe(signal)
  }
  return { codes, count: ends.length + 1 }
}

/** The first end that is not below a value. */
function placeAmong(ends: Float64Array, value: number): number {
  let [low, high] = [0, ends.length - 1]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ends[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}

/** Which half of the rows a row is in, by chance that is the same everywhere (Knuth's multiplicative hashing): a sorted file is halved too. */
const halfOf = (row: number): 0 | 1 => ((Math.imul(row + 1, 2_654_435_761) >>> 16) & 1) as 0 | 1

/**
 * The share of the errors of always naming the most frequent class that go away when one column is known: Goodman and Kruskal's lambda (1954),
 * 0 to 1. Each half of the rows is answered by what the other half says, so that many codes do not seem to know. `classes` has the class of
 * each row, NaN where it has none. Also the share of rows that are answered rightly. Undefined where all rows are of one class.
 */
export function tellsClass(
  { codes, count }: ColumnCodes,
  classes: Float64Array,
  classCount: number
): { lambda: number; accuracy: number; rows: number } | undefined {
  const counts = [new Float64Array(count * classCount), new Float64Array(count * classCount)]
  const totals = new Float64Array(classCount)
  for (let row = 0; row < classes.length; row++) {
    const own = classes[row]!
    if (own !== own) continue
    counts[halfOf(row)]![codes[row]! * classCount + own]!++
    totals[own]!++
  }
  const rows = totals.reduce((sum, n) => sum + n, 0)
  const usual = totals.indexOf(Math.max(...totals))
  if (rows === totals[usual]) return undefined
  const answers = counts.map((own) => mostFrequent(own, count, classCount, usual))
  let right = 0
  for (let row = 0; row < classes.length; row++) if (classes[row] === answers[1 - halfOf(row)]![codes[row]!]) right++
  return { lambda: Math.max(0, (right - totals[usual]!) / (rows - totals[usual]!)), accuracy: right / rows, rows }
}

function mostFrequent(counts: Float64Array, count: number, classCount: number, usual: number): Int32Array {
  return Int32Array.from({ length: count }, (_, code) => {
    const own = counts.subarray(code * classCount, (code + 1) * classCount)
    const most = Math.max(...own)
    return most === 0 || own[usual] === most ? usual : own.indexOf(most)
  })
}

/**
 * The share of the spread of amounts that one column explains: the squared correlation ratio (Fisher 1925), 0 to 1, each half of the rows
 * against the means of the other half. Give ranks of the amounts, so that one far amount neither makes nor hides it; NaN where there is none.
 * Undefined where all amounts are equal.
 */
export function explainsAmount({ codes, count }: ColumnCodes, amounts: Float64Array): { explained: number; rows: number } | undefined {
  const [sums, numbers] = [0, 1].map(() => [new Float64Array(count), new Float64Array(count)])
  let [rows, sum, squares] = [0, 0, 0]
  for (let row = 0; row < amounts.length; row++) {
    const amount = amounts[row]!
    if (amount !== amount) continue
    sums![halfOf(row)]![codes[row]!]! += amount
    numbers![halfOf(row)]![codes[row]!]!++
    rows++
    sum += amount
    squares += amount * amount
  }
  const mean = sum / rows
  const spread = squares - rows * mean * mean
  if (!(spread > 0)) return undefined
  let left = 0
  for (let row = 0; row < amounts.length; row++) {
    if (amounts[row] !== amounts[row]) continue
    const [other, code] = [1 - halfOf(row), codes[row]!]
    const told = (sums![other]![code]! + SHRINKAGE * mean) / (numbers![other]![code]! + SHRINKAGE)
    left += (amounts[row]! - told) ** 2
  }
  return { explained: Math.max(0, 1 - left / spread), rows }
}
