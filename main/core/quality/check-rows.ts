import { whyNoFeature } from '../../model/dataset'
import type { QualityFinding, TableProfile } from '../../model/quality'
import { breathe } from '../numerics'
import { TABLE, type AnalysisColumn, type AnalysisTable } from './analysis-table'
import { finite } from './column-numbers'
import { countOf, createFinding, percent } from './finding'

/** Cells that are compared; larger tables are not looked at for rows that are almost equal. */
const MAX_CELLS = 2_000_000
const MAX_ROWS = 100_000
const MIN_COLUMNS = 4
const MAX_SHARE = 0.05

const codeOf = (c: AnalysisColumn): string =>
  c.isNumeric ? finite(c) : `CASE WHEN ${c.id} IS NOT NULL THEN dense_rank() OVER (ORDER BY ${c.id} NULLS LAST) END::DOUBLE`

/** What whole rows say: rows that repeat an earlier one but for a single cell, and rows whose order gives the outcome away. `asked` are the features of the check. */
export async function checkRows(table: AnalysisTable, profile: TableProfile, asked: ReadonlySet<string>): Promise<QualityFinding[]> {
  return [
    ...(await checkNearDuplicates(table, profile)),
    ...(await checkTotalRow(table, profile)),
    ...(await checkOutcomeOrder(table, profile, asked))
  ]
}

/**
 * Rows equal to an earlier one in all columns but one. Only where the other columns say enough that chance explains none of it; identifiers
 * and what nobody uses are left out.
 */
async function checkNearDuplicates(table: AnalysisTable, profile: TableProfile): Promise<QualityFinding[]> {
  const columns = table.columns.filter(
    (c, i) => c.role !== 'identifier' && c.role !== 'ignored' && profile.columns[i].distinct > 1 && !isSerial(c, profile, i)
  )
  if (columns.length < MIN_COLUMNS || table.rows < 10 || table.rows > MAX_ROWS || table.rows * columns.length > MAX_CELLS) return []
  const needed = 2 * Math.log2(table.rows) + 12
  const codes = await table.db.numbers(
    `SELECT ${columns.map((c) => `(${codeOf(c)})::DOUBLE`).join(', ')} FROM ${TABLE} ORDER BY rowid`,
    table
  )
  const bits = codes.map(entropyOf)
  const total = bits.reduce((a, b) => a + b, 0)
  const hashes = codes.map((values, i) => hashesOf(values, i))
  const whole = new Float64Array(table.rows)
  for (const of of hashes) for (let row = 0; row < whole.length; row++) whole[row]! += of[row]!
  // Rows that are nearly empty are alike because there is nothing in them.
  const isKnown = Array.from(whole, (_, row) => codes.filter((values) => values[row] === values[row]).length > columns.length / 2)
  const found = new Map<number, { row: number; of: number; column: string }>()
  for (const [i, column] of columns.entries()) {
    if (total - bits[i]! < needed) continue
    await breathe(table.signal)
    const first = new Map<number, number>()
    for (let row = 0; row < whole.length; row++) {
      if (!isKnown[row]) continue
      const rest = whole[row]! - hashes[i]![row]!
      const earlier = first.get(rest)
      if (earlier === undefined) first.set(rest, row)
      else if (hashes[i]![row] !== hashes[i]![earlier] && !found.has(row))
        found.set(row, { row: row + 1, of: earlier + 1, column: column.name })
    }
  }
  // Where so many rows are almost another, the columns say little of each, and none of them was entered twice.
  if (found.size === 0 || found.size > table.rows * MAX_SHARE) return []
  return [
    createFinding({
      kind: 'near-duplicate-rows',
      severity: 'warning',
      columns: [],
      title: `${countOf(found.size, 'row')} ${found.size === 1 ? 'repeats' : 'repeat'} an earlier row but for one cell`,
      what: `They are equal to an earlier row in ${columns.length - 1} of ${columns.length} columns (identifiers left out).`,
      meaning: 'Probably one thing entered twice, once corrected: it counts twice, and stands on both sides of a random split.',
      next: 'Look at the pairs, keep the right one of each, and drop the other before splitting.',
      count: found.size,
      of: table.rows,
      examples: [...found.values()]
        .sort((a, b) => a.row - b.row)
        .slice(0, 10)
        .map(({ row, of, column }) => ({ row, value: `as row ${of} but for "${column}"` }))
    })
  ]
}

/** A number, a name or a time that is another in each row tells rows apart that are otherwise one. */
const isSerial = (c: AnalysisColumn, profile: TableProfile, i: number): boolean =>
  (c.kind === 'integer' || c.isText || c.isTime) &&
  profile.columns[i].distinct >= 0.95 * profile.columns[i].count &&
  profile.columns[i].count > 20

/** What a cell of the column tells on average, in bits (Shannon). */
function entropyOf(values: Float64Array): number {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  let bits = 0
  for (const n of counts.values()) bits -= (n / values.length) * Math.log2(n / values.length)
  return bits
}

/** Whole numbers below 2^46 by value, another for each column: sums of them are exact, and equal ones mean equal cells. */
function hashesOf(values: Float64Array, salt: number): Float64Array {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length * 2)
  const hashes = new Float64Array(values.length)
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!
    const [low, high] = value === value ? (value === 0 ? [0, 0] : [words[2 * row]!, words[2 * row + 1]!]) : [1, 1]
    let a = Math.imul(low ^ Math.imul(salt + 1, 0x9e3779b1), 0x85ebca6b) ^ high
    a = Math.imul(a ^ (a >>> 15), 0xc2b2ae35)
    let b = Math.imul(high ^ Math.imul(salt + 7, 0x27d4eb2f), 0x165667b1) ^ Math.imul(low, 0x9e3779b1)
    b = Math.imul(b ^ (b >>> 13), 0x85ebca6b)
    hashes[row] = ((a ^ (a >>> 16)) >>> 0) * 16_384 + ((b ^ (b >>> 16)) >>> 18)
  }
  return hashes
}

/** The outcome of each row as a code, where it has few values. */
export async function outcomeClasses(table: AnalysisTable, profile: TableProfile): Promise<Float64Array | undefined> {
  const target = table.columns.find((c) => c.role === 'target')
  if (!target || profile.columns[table.columns.indexOf(target)].distinct > MAX_OUTCOMES) return undefined
  return (await table.db.numbers(`SELECT (${codeOf(target)})::DOUBLE FROM ${TABLE} ORDER BY rowid`, table))[0]
}

/** A last row that adds up the rows above it. */
async function checkTotalRow(table: AnalysisTable, profile: TableProfile): Promise<QualityFinding[]> {
  const numeric = table.columns.filter((c, i) => c.isNumeric && profile.columns[i].distinct > 2).slice(0, 50)
  if (table.rows < 10 || numeric.length < 2) return []
  const totals: AnalysisColumn[] = []
  let known = 0
  for (const column of numeric) {
    const { values } = await table.numbers(column)
    const last = values[values.length - 1]!
    if (last !== last || last === 0) continue
    known++
    const sum = values.reduce((total, v, row) => (v === v && row < values.length - 1 ? total + v : total), 0)
    if (Math.abs(sum - last) <= 1e-4 * Math.abs(last)) totals.push(column)
  }
  if (totals.length < 2 || totals.length < known / 2) return []
  return [
    createFinding({
      kind: 'total-row',
      severity: 'error',
      columns: [],
      title: 'The last row adds up the others',
      what: `In ${countOf(totals.length, 'column')} of ${known} with a number there it is the sum of all rows above: ${totals
        .slice(0, 5)
        .map(({ name }) => `"${name}"`)
        .join(', ')}.`,
      meaning: 'The total counts as a case, far from all others: means, spreads and correlations follow it.',
      next: 'Take the row out of the file and import it again.',
      count: 1,
      of: table.rows,
      examples: [
        {
          row: table.rows,
          value: totals
            .slice(0, 3)
            .map(({ name }) => name)
            .join(', ')
        }
      ]
    })
  ]
}

const MAX_OUTCOMES = 20
/** Of the changes of the outcome from row to row that chance would make. */
const SORTED = 0.25

/** Rows sorted by their outcome, as they stand or by a number that counts them: whoever knows the place knows the outcome. */
async function checkOutcomeOrder(table: AnalysisTable, profile: TableProfile, asked: ReadonlySet<string>): Promise<QualityFinding[]> {
  const target = table.columns.find((c) => c.role === 'target')
  const p = target && profile.columns[table.columns.indexOf(target)]
  if (!target || !p || p.distinct < 2 || p.distinct > MAX_OUTCOMES || p.count < 50) return []
  const counters = table.columns.filter((c, i) => {
    const own = profile.columns[i]
    return (
      c !== target &&
      c.role !== 'ignored' &&
      own.distinct >= 0.98 * own.count &&
      own.count >= 0.98 * table.rows &&
      (c.kind === 'integer' || c.isTime || c.isText)
    )
  })
  const [code, ...orders] = await table.db.numbers(
    `SELECT ${[codeOf(target), ...counters.map((c) => `dense_rank() OVER (ORDER BY ${c.id} NULLS LAST)::DOUBLE`)].map((sql) => `(${sql})::DOUBLE`).join(', ')} FROM ${TABLE} ORDER BY rowid`,
    table
  )
  const asTheyStand = changesIn(code!)
  const sorted = counters.filter((_, i) => changesIn(inOrder(code!, orders[i]!)) <= SORTED)
  if (asTheyStand > SORTED && sorted.length === 0) return []
  const features = sorted.filter((column) => column.role === 'feature' && (asked.has(column.name) || whyNoFeature(column) === null))
  const names = sorted.map(({ name }) => `"${name}"`)
  return [
    createFinding({
      kind: 'outcome-order',
      severity: features.length > 0 ? 'error' : 'warning',
      columns: [...sorted.map(({ name }) => name), target.name],
      title:
        names.length > 0
          ? `${names.join(', ')} ${names.length === 1 ? 'ranks' : 'rank'} the outcome`
          : `The rows are sorted by "${target.name}"`,
      what: `${names.length > 0 ? `In the order of ${names[0]}` : 'From row to row'} the outcome changes ${percent(names.length > 0 ? changesIn(inOrder(code!, orders[counters.indexOf(sorted[0]!)]!)) : asTheyStand)} as often as in a shuffled table.`,
      meaning:
        'The number was given after the outcome was known, or the file was sorted by it. A model that reads it is measured far too good; a split by position puts one outcome on each side.',
      next: 'Leave such numbers out of the features, and shuffle with a seed before any split by position.',
      count: table.rows,
      of: table.rows,
      evidence: { asTheyStand, features: features.map(({ name }) => name) }
    })
  ]
}

/** How often neighbours differ, as a share of how often they would if the rows were shuffled. */
function changesIn(codes: Float64Array): number {
  const counts = new Map<number, number>()
  let [changes, known, last] = [0, 0, NaN]
  for (const code of codes) {
    if (code !== code) continue
    if (known > 0 && code !== last) changes++
    counts.set(code, (counts.get(code) ?? 0) + 1)
    last = code
    known++
  }
  const alike = [...counts.values()].reduce((sum, n) => sum + (n / known) ** 2, 0)
  return known < 2 || alike === 1 ? 1 : changes / ((known - 1) * (1 - alike))
}

/** The codes sorted by ranks from 1; rows of one rank keep their order. */
function inOrder(codes: Float64Array, ranks: Float64Array): Float64Array {
  const starts = new Uint32Array(codes.length + 2)
  for (const rank of ranks) starts[rank + 1]!++
  for (let rank = 1; rank < starts.length; rank++) starts[rank]! += starts[rank - 1]!
  const sorted = new Float64Array(codes.length)
  for (let row = 0; row < codes.length; row++) sorted[starts[ranks[row]!]!++] = codes[row]!
  return sorted
}
