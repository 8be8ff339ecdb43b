import type { QualityFinding, TableProfile } from '../../model/quality'
import { TABLE, type AnalysisColumn, type AnalysisTable } from './analysis-table'
import { countOf, createFinding } from './finding'
import { finite } from './column-numbers'
import { pairsOf } from './profile-pairs'

const MIN_ROWS = 20
/** Columns that are tried as totals and parts; of more, those with the most different values. */
const SUMMANDS = 40
const TRIED_ROWS = 1_000
/** Sums that the first rows allow and that are looked at in all rows. */
const MAX_TRIED = 10
/** Share of rows in which a sum may be wrong and still be one. */
const MAX_WRONG = 0.05

/** Numbers that are the sum of two or three others, in every row or in all but a few. The first rows rule out nearly all. */
export async function checkSums(table: AnalysisTable, profile: TableProfile, copies: readonly string[][]): Promise<QualityFinding[]> {
  const distinct = (c: AnalysisColumn): number => profile.columns[table.columns.indexOf(c)]!.distinct
  const numeric = table.columns
    .filter((c) => c.isNumeric && distinct(c) > 10 && !copies.some((copy) => copy.indexOf(c.name) > 0))
    .sort((a, b) => distinct(b) - distinct(a))
    .slice(0, SUMMANDS)
  if (numeric.length < 3) return []
  const head = await table.db.numbers(
    `SELECT ${numeric.map((c) => `${finite(c)}::DOUBLE`).join(', ')} FROM (SELECT * FROM ${table.sample} ORDER BY hash(rowid) LIMIT ${TRIED_ROWS})`,
    table
  )
  const tried = new Map(numeric.map((c, i) => [c, head[i]!]))
  const found: QualityFinding[] = []
  for (const total of numeric) {
    const others = numeric.filter((c) => c !== total)
    const pairs: AnalysisColumn[][] = pairsOf(others)
    const two = pairs.filter((pair) => isSum([total, ...pair], tried))
    const candidates =
      two.length > 0
        ? two
        : pairs
            .flatMap(([a, b]) => others.slice(others.indexOf(b!) + 1).map((c) => [a!, b!, c]))
            .filter((three) => isSum([total, ...three], tried))
    for (const parts of candidates.slice(0, MAX_TRIED)) {
      const { used, wrong } = await sumOver(table, [total, ...parts])
      if (used < MIN_ROWS || wrong > used * MAX_WRONG) continue
      found.push(sumFinding(table, [total, ...parts], used, wrong))
      break
    }
  }
  return found
}

function isSum(columns: readonly AnalysisColumn[], tried: ReadonlyMap<AnalysisColumn, Float64Array>): boolean {
  const [total, a, b, c] = columns.map((column) => tried.get(column))
  let [used, wrong] = [0, 0]
  for (let row = 0; row < total!.length; row++) {
    const sum = a![row]! + b![row]! + (c ? c[row]! : 0)
    const difference = Math.abs(total![row]! - sum)
    if (difference !== difference) continue
    // Rows of zeros say nothing, and a part that is always zero adds nothing.
    if (total![row] !== 0) used++
    if (difference > 1e-9 * Math.max(1, Math.abs(sum)) && ++wrong > 4 + total!.length * MAX_WRONG) return false
    if (wrong > 8 && wrong > 0.3 * (used + 1)) return false
  }
  return used >= 3 && wrong <= Math.max(2, used * 2 * MAX_WRONG)
}

/** In how many rows a total other than zero is known with all parts, and in how many it is not their sum. */
async function sumOver(table: AnalysisTable, [total, ...parts]: AnalysisColumn[]): Promise<{ used: number; wrong: number }> {
  const sum = parts.map(finite).join(' + ')
  const [[used, wrong]] = await table.query(
    `SELECT (count(*) FILTER (WHERE t <> 0 AND d IS NOT NULL))::DOUBLE, (count(*) FILTER (WHERE d > 1e-9 * greatest(1, abs(t))))::DOUBLE FROM (SELECT ${finite(total!)} AS t, abs(${finite(total!)} - (${sum})) AS d FROM ${TABLE})`
  )
  return { used: Number(used), wrong: Number(wrong) }
}

function sumFinding(table: AnalysisTable, [total, ...parts]: AnalysisColumn[], used: number, wrong: number): QualityFinding {
  const names = parts.map(({ name }) => `"${name}"`)
  return createFinding({
    kind: 'derived-column',
    severity: wrong > 0 ? 'warning' : 'info',
    columns: [total!.name, ...parts.map(({ name }) => name)],
    title: `"${total!.name}" is the sum of ${names.slice(0, -1).join(', ')} and ${names.at(-1)}`,
    what: wrong > 0 ? `It holds in all but ${countOf(wrong, 'row')}.` : `It holds in every row where all of them are known.`,
    meaning:
      wrong > 0
        ? 'The exceptions are probably errors of entry.'
        : 'One of the columns follows from the others; what leaks from a part leaks from the sum.',
    next:
      wrong > 0
        ? 'Check the exceptions, then drop the sum or one part.'
        : 'Use either the sum or its parts, and give all of them the same "known when".',
    count: wrong > 0 ? wrong : table.rows,
    of: table.rows,
    evidence: { exceptions: wrong, rowsUsed: used }
  })
}
