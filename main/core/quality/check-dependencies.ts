import type { PairFigure, QualityFinding, TableProfile } from '../../model/quality'
import { TABLE, type AnalysisColumn, type AnalysisTable } from './analysis-table'
import { countOf, createFinding, percent } from './finding'
import { categoriesOf, pairsOf } from './profile-pairs'

const PAIRS_AT_ONCE = 20
/** From here on one of two categories may fix the other but for errors. */
const ALMOST = 0.8
/** More exceptions are no errors of entry. */
const MAX_WRONG = 0.03

/** Categories that another one fixes: completely (airport -> state), or in all but a few rows, which then contradict the others. */
export async function checkDependencies(
  table: AnalysisTable,
  profile: TableProfile,
  figures: readonly PairFigure[]
): Promise<QualityFinding[]> {
  const columns = categoriesOf(table, profile.columns, 1_000).filter((c) => c.role !== 'ignored' && c.role !== 'target')
  const distinct = (c: AnalysisColumn): number => profile.columns[table.columns.indexOf(c)].distinct
  const known = (name: string): AnalysisColumn | undefined => columns.find((c) => c.name === name)
  const associated = figures.flatMap(({ a, b, method, value }): { pair: [AnalysisColumn, AnalysisColumn]; value: number }[] => {
    const [one, other] = [known(a), known(b)]
    return method === 'cramers-v' && one && other && (one.isText || other.isText) ? [{ pair: [one, other], value }] : []
  })
  // A number that counts the categories of a text is another name of it.
  const codes = associated.filter(
    ({ pair: [a, b], value }) => value > 0.999 && a.isText !== b.isText && distinct(a) === distinct(b) && distinct(a) > 2
  )
  const pairs = [...pairsOf(columns.filter((c) => c.isText).slice(0, 25)), ...codes.map(({ pair }) => pair)]
  if (table.rows < 50) return []
  const found = await checkFixed(table, pairs, distinct)
  for (const { pair, value } of associated) {
    if (value < ALMOST || value > 0.99999) continue
    found.push(...(await checkAlmostFixed(table, pair, distinct)))
  }
  return found
}

async function checkFixed(
  table: AnalysisTable,
  pairs: readonly [AnalysisColumn, AnalysisColumn][],
  distinct: (c: AnalysisColumn) => number
): Promise<QualityFinding[]> {
  const found: QualityFinding[] = []
  // The columns that are pairs of values are counted in short statements: planning takes longer with the square of the expressions.
  const together: number[] = []
  for (let from = 0; from < pairs.length; from += PAIRS_AT_ONCE) {
    const counts = pairs
      .slice(from, from + PAIRS_AT_ONCE)
      .map(([a, b]) => `count(DISTINCT CASE WHEN ${a.id} IS NOT NULL AND ${b.id} IS NOT NULL THEN row(${a.id}, ${b.id}) END)::DOUBLE`)
    together.push(...(await table.query(`SELECT ${counts.join(', ')} FROM ${TABLE}`))[0]!.map(Number))
  }
  pairs.forEach(([a, b], i) => {
    const [from, to] = distinct(a) >= distinct(b) ? [a, b] : [b, a]
    if (together[i] !== distinct(from) || distinct(from) > table.rows / 10 || distinct(to) < 2) return
    const same = distinct(from) === distinct(to)
    found.push(
      createFinding({
        kind: 'redundant',
        severity: same ? 'warning' : 'info',
        columns: [from.name, to.name],
        title: same ? `"${from.name}" and "${to.name}" say the same` : `"${from.name}" fixes "${to.name}"`,
        what: `Every one of the ${distinct(from)} values of "${from.name}" goes with exactly one of the ${distinct(to)} values of "${to.name}".`,
        meaning: 'The second column adds no information; importance is shared between the two at random.',
        next: 'Keep the one that will also be known for new data. The coarser one is safer for values never seen before.',
        count: table.rows,
        of: table.rows
      })
    )
  })
  return found
}

/** Whether one column fixes the other but for a few rows; each value must be frequent enough to tell what it goes with. */
async function checkAlmostFixed(
  table: AnalysisTable,
  pair: readonly [AnalysisColumn, AnalysisColumn],
  distinct: (c: AnalysisColumn) => number
): Promise<QualityFinding[]> {
  const [from, to] = distinct(pair[0]) >= distinct(pair[1]) ? pair : [pair[1], pair[0]]
  if (distinct(from) > table.rows / 20) return []
  const [[wrong, all, usual]] = await table.query(
    `WITH counts AS (SELECT ${from.id} AS a, ${to.id} AS b, count(*) AS n FROM ${TABLE} WHERE ${from.id} IS NOT NULL AND ${to.id} IS NOT NULL GROUP BY a, b)
     SELECT (SELECT sum(s - m) FROM (SELECT sum(n) AS s, max(n) AS m FROM counts GROUP BY a))::DOUBLE, (SELECT sum(n) FROM counts)::DOUBLE, (SELECT max(s) FROM (SELECT sum(n) AS s FROM counts GROUP BY b))::DOUBLE`
  )
  const [rows, of] = [Number(wrong), Number(all)]
  // Where one value is nearly the only one, every column seems to fix it.
  if (rows === 0 || rows > MAX_WRONG * of || Number(usual) > of * (1 - 10 * MAX_WRONG)) return []
  const examples = await table.query(
    `WITH counts AS (SELECT ${from.id} AS a, ${to.id} AS b, count(*) AS n, min(rowid) + 1 AS r FROM ${TABLE} WHERE ${from.id} IS NOT NULL AND ${to.id} IS NOT NULL GROUP BY a, b)
     SELECT r::DOUBLE, a::VARCHAR, b::VARCHAR, usual::VARCHAR FROM (SELECT *, arg_max(b, n) OVER (PARTITION BY a) AS usual FROM counts) WHERE b <> usual ORDER BY r LIMIT 10`
  )
  return [
    createFinding({
      kind: 'broken-dependency',
      severity: 'warning',
      columns: [from.name, to.name],
      title: `"${from.name}" and "${to.name}" contradict each other in ${countOf(rows, 'row')}`,
      what: `Each value of "${from.name}" goes with one value of "${to.name}" in ${percent(1 - rows / of)} of the rows, and with another one in the rest.`,
      meaning: 'One of the two was entered wrong in these rows, or changed without the other.',
      next: 'Correct the rows in the source; the example says what each value usually goes with.',
      count: rows,
      of: table.rows,
      examples: examples.map(([row, a, b, expected]) => ({
        row: Number(row),
        value: `${String(a)} with ${String(b)}, else ${String(expected)}`.slice(0, 200)
      }))
    })
  ]
}
