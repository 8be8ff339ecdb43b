import type { ColumnProfile, QualityFinding } from '../../model/quality'
import type { AnalysisColumn, AnalysisTable } from './analysis-table'
import { countOf, createFinding, percent, rounded } from './finding'

const MIN_ROWS = 100

/** A long run of one value in numbers that otherwise change from row to row: the instrument or the export stood still. */
export function checkStuck(table: AnalysisTable, column: AnalysisColumn, p: ColumnProfile, values: Float64Array): QualityFinding[] {
  if (p.distinct < 20 || values.length < MIN_ROWS) return []
  let [longest, second, from, start] = [0, 0, 0, 0]
  for (let row = 1; row <= values.length; row++) {
    if (values[row] === values[row - 1]) continue
    const length = row - start
    // A run of zeros or gaps is judged elsewhere.
    if (values[start] === values[start] && values[start] !== 0) {
      if (length > longest) [longest, second, from] = [length, longest, start]
      else if (length > second) second = length
    }
    start = row
  }
  if (longest < 10 || longest < 4 * second || longest > values.length / 2) return []
  return [
    createFinding({
      kind: 'stuck-values',
      severity: 'warning',
      columns: [column.name],
      title: `"${column.name}" stands still for ${countOf(longest, 'row')}`,
      what: `Rows ${from + 1} to ${from + longest} all hold the same value, ${values[from]}; no other run is longer than ${countOf(second, 'row')}.`,
      meaning: 'A stuck instrument or a value that was copied down: these rows measure nothing.',
      next: 'Look at these rows in the source, and make the repeated values missing if they were not measured.',
      count: longest,
      of: table.rows,
      examples: [{ row: from + 1, value: String(values[from]) }],
      evidence: { from: from + 1, to: from + longest, second }
    })
  ]
}

/** Share of the spread that two levels explain from which they are said. */
const EXPLAINED = 0.2
/** Series that follow their own past (walks, seasons, what is sorted) have levels of their own. */
const MEMORY = 0.3

/** A place in the file at which a column changes its level, given how the classes of the outcome explain it. */
export interface LevelShift {
  column: string
  row: number
  before: number
  after: number
  explained: number
}

/** The place where two levels explain most of a column; `classes` are codes of the outcome of each row, whose means are taken off first. */
export function levelShift(column: AnalysisColumn, p: ColumnProfile, values: Float64Array, classes?: Float64Array): LevelShift | undefined {
  if (p.distinct < 10 || p.count < MIN_ROWS) return undefined
  const rest = withoutClasses(values, classes)
  let [n, sum, squares] = [0, 0, 0]
  for (const v of rest)
    if (v === v) {
      n++
      sum += v
      squares += v * v
    }
  const total = squares - (sum * sum) / n
  if (!(total > 0)) return undefined
  let [k, head, best, place] = [0, 0, 0, -1]
  for (let row = 0; row < rest.length; row++) {
    const v = rest[row]!
    if (v !== v) continue
    k++
    head += v
    if (k < n * 0.1 || k > n * 0.9) continue
    const between = (head - (sum * k) / n) ** 2 * (n / (k * (n - k)))
    if (between > best) [best, place] = [between, row]
  }
  if (best < EXPLAINED * total) return undefined
  const means = [meanIn(rest, 0, place + 1), meanIn(rest, place + 1, rest.length)]
  if (memoryOf(rest, place, means) > MEMORY) return undefined
  return {
    column: column.name,
    row: place + 2,
    before: meanIn(values, 0, place + 1),
    after: meanIn(values, place + 1, values.length),
    explained: best / total
  }
}

function withoutClasses(values: Float64Array, classes: Float64Array | undefined): Float64Array {
  if (!classes) return values
  const sums = new Map<number, [number, number]>()
  values.forEach((v, row) => {
    if (v !== v) return
    const own = sums.get(classes[row]!) ?? [0, 0]
    sums.set(classes[row]!, [own[0] + v, own[1] + 1])
  })
  return values.map((v, row) => {
    const own = sums.get(classes[row]!)
    return own ? v - own[0] / own[1] : NaN
  })
}

function meanIn(values: Float64Array, from: number, to: number): number {
  let [n, sum] = [0, 0]
  for (let row = from; row < to; row++)
    if (values[row] === values[row]) {
      n++
      sum += values[row]!
    }
  return sum / n
}

/** How much a value tells of the next one within a level: the correlation of neighbours. */
function memoryOf(values: Float64Array, place: number, [before, after]: number[]): number {
  let [products, squares, last] = [0, 0, NaN]
  for (let row = 0; row < values.length; row++) {
    const v = values[row]! - (row <= place ? before! : after!)
    if (v !== v) continue
    if (last === last) products += v * last
    squares += v * v
    last = v
  }
  return products / squares
}

/** Levels of a few columns. Where most of them change, the file is sorted or put together, which is no flaw of each. */
export function shiftFindings(table: AnalysisTable, shifts: readonly LevelShift[], columns: number): QualityFinding[] {
  if (shifts.length > Math.max(1, columns * 0.25)) return []
  return shifts.map(({ column, row, before, after, explained }) =>
    createFinding({
      kind: 'level-shift',
      severity: 'warning',
      columns: [column],
      title: `The level of "${column}" changes within the file`,
      what: `Before row ${row} the mean is ${rounded(before)}, from there on ${rounded(after)}; this one step explains ${percent(explained)} of the spread.`,
      meaning:
        'Another instrument, site or unit began there. A model learns the change of the instrument, and a split by position tests on the other one.',
      next: 'Ask what changed at that place; correct the level, or keep it as a column of its own.',
      count: table.rows - row + 1,
      of: table.rows,
      examples: [{ row, value: String(rounded(after)) }],
      evidence: { row, before: rounded(before), after: rounded(after), explained: rounded(explained) }
    })
  )
}
