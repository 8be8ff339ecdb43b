import type { QualityFinding, TableProfile } from '../../model/quality'
import { TABLE, type AnalysisColumn, type AnalysisTable } from './analysis-table'
import { finite } from './column-numbers'
import { examplesWhere } from './examples'
import { countOf, createFinding, percent, rounded } from './finding'
import { groupsOf } from './profile-pairs'
import { rowKey } from './profile-table'
import type { BinaryTarget } from './target'

/** Missing values, columns that say nothing, repeated rows and keys. */
export async function checkCompleteness(
  table: AnalysisTable,
  profile: TableProfile,
  keys: string[][],
  target?: BinaryTarget
): Promise<QualityFinding[]> {
  const found: QualityFinding[] = []
  const { rows } = table
  for (const [i, p] of profile.columns.entries()) {
    const column = table.columns[i]
    if (p.missing > 0 && p.missing < rows) {
      const share = p.missing / rows
      const tells = await whatGapsTell(table, column, p.missing, target)
      found.push(
        createFinding({
          kind: 'missing',
          severity: (share >= 0.05 || tells.words.length > 0) && p.role !== 'ignored' ? 'warning' : 'info',
          columns: [p.name],
          title: `"${p.name}" is missing in ${percent(share)} of the rows`,
          what: `${countOf(p.missing, 'row')} of ${rows.toLocaleString('en')} have no value.${tells.words.map((text) => ` ${text}`).join('')}`,
          meaning: 'A model must decide what to do with them, and when values are missing for a reason the gap itself carries information.',
          next: 'Find out why it is missing. Keep the gap as a value of its own, or fill it by a rule that is written down.',
          count: p.missing,
          of: rows,
          examples: await examplesWhere(table, `${column.id} IS NULL`, `'(missing)'`),
          evidence: tells.evidence
        })
      )
    }
    if (rows > 0 && (p.count === 0 || (p.distinct === 1 && p.missing === 0)))
      found.push(
        createFinding({
          kind: 'constant',
          severity: 'warning',
          columns: [p.name],
          title: p.count === 0 ? `"${p.name}" has no value at all` : `"${p.name}" is the same in every row`,
          what: p.count === 0 ? 'Every row is missing.' : `Every row has ${JSON.stringify(p.top[0]?.value ?? '')}.`,
          meaning: 'A column without variation cannot tell rows apart.',
          next: 'Set its role to ignored, or check why the export lost its values.',
          count: rows,
          of: rows
        })
      )
    else if (p.top.length > 0 && p.count >= 100 && p.top[0].count / p.count >= 0.99 && column.role !== 'target')
      found.push(
        createFinding({
          kind: 'near-constant',
          severity: 'info',
          columns: [p.name],
          title: `"${p.name}" is nearly always ${JSON.stringify(p.top[0].value.slice(0, 40))}`,
          what: `${percent(p.top[0].count / p.count)} of the values are the same; ${countOf(p.count - p.top[0].count, 'row')} differ.`,
          meaning:
            'So few different rows decide little on average, but each of them can decide a lot; a split may leave none in the test part.',
          next: 'Check that the rare values are real, and that train and test both hold some.',
          count: p.count - p.top[0].count,
          of: rows,
          examples: await examplesWhere(table, `${column.id}::VARCHAR <> ?`, column.id, [p.top[0].value])
        })
      )
  }
  found.push(...checkMissingTogether(profile), ...(await checkEmptyRows(table, profile)), ...(await checkRepeatedRows(table, profile)))
  for (const key of keys) found.push(...(await checkKey(table, key)))
  return found
}

/** Of longer tables it is not asked where the gaps are. */
const MAX_ROWS = 500_000
/** Standard errors from which a difference is more than chance, also among many columns. */
const CLEAR = 4

/** Whether the gaps of a column stand in one stretch of the file, and whether they tell the outcome. */
async function whatGapsTell(
  table: AnalysisTable,
  column: AnalysisColumn,
  missing: number,
  target: BinaryTarget | undefined
): Promise<{ words: string[]; evidence: QualityFinding['evidence'] }> {
  if (table.rows > MAX_ROWS) return { words: [], evidence: {} }
  const gap = `${column.id} IS NULL`
  const measured = table.columns.find((c) => c.role === 'target' && c.isNumeric)
  const outcome = target
    ? `CASE WHEN ${target.column.id} IS NOT NULL THEN (${target.event})::INTEGER END`
    : measured
      ? finite(measured)
      : null
  const isOutcome = column === (target?.column ?? measured)
  const [row] = await table.query(
    `SELECT quantile_disc(rowid, 0.025) FILTER (WHERE ${gap})::DOUBLE, quantile_disc(rowid, 0.975) FILTER (WHERE ${gap})::DOUBLE${
      outcome && !isOutcome
        ? ['avg', 'var_pop', 'count']
            .flatMap((f) => [gap, `NOT (${gap})`].map((on) => `, (${f}(${outcome}) FILTER (WHERE ${on}))::DOUBLE`))
            .join('')
        : ''
    } FROM ${TABLE}`
  )
  const [from, to, among, others, spreadAmong, spreadOthers, n, m] = row!.map((value) => (value === null ? NaN : Number(value)))
  const words: string[] = []
  const evidence: QualityFinding['evidence'] = {}
  const length = to! - from! + 1
  if (missing >= 20 && length <= 0.8 * table.rows && 0.95 * missing >= 0.9 * length && missing / table.rows < 0.95) {
    words.push(`They stand in one part of the file, from row ${from! + 1} to row ${to! + 1}: it was not recorded there.`)
    evidence.stretch = { from: from! + 1, to: to! + 1 }
  }
  const error = Math.sqrt(spreadAmong! / n! + spreadOthers! / m!)
  if (n! >= 10 && m! >= 10 && Math.abs(among! - others!) > CLEAR * error) {
    words.push(
      target
        ? `The outcome differs: the event occurs in ${percent(among!)} of them and in ${percent(others!)} of the other rows.`
        : `The outcome differs: "${measured!.name}" is ${rounded(among!)} on average there, and ${rounded(others!)} in the other rows.`
    )
    evidence.outcome = { among: rounded(among!), others: rounded(others!) }
  }
  return { words, evidence }
}

/** Columns that are missing in the same rows, one finding for each set of them. */
function checkMissingTogether(profile: TableProfile): QualityFinding[] {
  const close = profile.missingTogether.filter((p) => p.jaccard >= 0.95 && p.rows >= 5)
  return groupsOf(close)
    .slice(0, 10)
    .map((columns) => {
      const pairs = close.filter(({ a, b }) => columns.includes(a) && columns.includes(b))
      const rows = Math.max(...pairs.map((pair) => pair.rows))
      const jaccard = Math.min(...pairs.map((pair) => pair.jaccard))
      const share = profile.rows > 0 ? rows / profile.rows : 0
      return createFinding({
        kind: 'missing-together',
        severity: share >= 0.05 ? 'warning' : 'info',
        columns,
        title: `${columns.length === 2 ? columns.map((name) => `"${name}"`).join(' and ') : countOf(columns.length, 'column')} are missing together`,
        what: `All are missing in ${countOf(rows, 'row')}; at least ${percent(jaccard)} of the rows that miss one miss another.`,
        meaning: 'They probably come from one source or one form that was left empty.',
        next: 'Treat the gap once, for all of these columns.',
        count: rows,
        of: profile.rows,
        evidence: { jaccard }
      })
    })
}

const MAX_EMPTY_COLUMNS = 300

/** Rows in which nearly every column is missing. */
async function checkEmptyRows(table: AnalysisTable, profile: TableProfile): Promise<QualityFinding[]> {
  const columns = table.columns.filter((_, i) => profile.columns[i]!.count > 0)
  const gaps = columns.filter((c) => profile.columns[table.columns.indexOf(c)]!.missing > 0)
  const needed = Math.ceil(0.8 * columns.length)
  if (columns.length < 5 || gaps.length < needed || gaps.length > MAX_EMPTY_COLUMNS) return []
  const rows = await table.query(
    `SELECT (rowid + 1)::DOUBLE, (count(*) OVER ())::DOUBLE FROM ${TABLE} WHERE ${gaps.map(({ id }) => `(${id} IS NULL)::INTEGER`).join(' + ')} >= ${needed} ORDER BY rowid LIMIT 1000`
  )
  const count = Number(rows[0]?.[1] ?? 0)
  if (count === 0 || count > 0.3 * table.rows) return []
  return [
    createFinding({
      kind: 'empty-rows',
      severity: 'warning',
      columns: [],
      title: `${countOf(count, 'row')} ${count === 1 ? 'is' : 'are'} nearly empty`,
      what: `At least four in five columns have no value there.`,
      meaning: 'They are blank lines of a form or a table, and no cases; filled gaps would make them average ones.',
      next: 'Leave them out by a written rule.',
      count,
      of: table.rows,
      examples: rows.slice(0, 10).map(([row]) => ({ row: Number(row), value: '(nearly empty)' })),
      evidence: { rows: rows.map(([row]) => Number(row)) }
    })
  ]
}

async function checkRepeatedRows(table: AnalysisTable, profile: TableProfile): Promise<QualityFinding[]> {
  if (profile.duplicateRows === 0) return []
  const key = rowKey(table)
  const rows = await table.query(
    `SELECT r::DOUBLE, f::DOUBLE FROM (SELECT rowid + 1 AS r, min(rowid) OVER (PARTITION BY ${key}) + 1 AS f FROM ${TABLE}) WHERE r > f ORDER BY r LIMIT 10`
  )
  return [
    createFinding({
      kind: 'duplicate-rows',
      severity: 'warning',
      columns: [],
      title: `${countOf(profile.duplicateRows, 'row')} repeat an earlier row`,
      what: `They are equal to an earlier row in all ${table.columns.length} columns.`,
      meaning: 'If one event was entered twice it counts twice, and copies on both sides of a split make the test too easy.',
      next: 'Check whether two equal events are possible. If not, drop the repeats before splitting.',
      count: profile.duplicateRows,
      of: table.rows,
      examples: rows.map(([r, f]) => ({ row: Number(r), value: `repeats row ${Number(f)}` }))
    })
  ]
}

async function checkKey(table: AnalysisTable, key: string[]): Promise<QualityFinding[]> {
  const columns = key.map((name) => table.column(name)!)
  const ids = columns.map((c) => c.id).join(', ')
  const present = columns.map((c) => `${c.id} IS NOT NULL`).join(' AND ')
  const [[extra]] = await table.query(
    `SELECT coalesce(sum(n - 1), 0)::DOUBLE FROM (SELECT count(*) AS n FROM ${TABLE} WHERE ${present} GROUP BY ${ids} HAVING n > 1)`
  )
  const count = Number(extra)
  if (count === 0) return []
  const text = columns.map((c) => `coalesce(${c.id}::VARCHAR, '')`).join(` || ', ' || `)
  const rows = await table.query(
    `SELECT r::DOUBLE, v FROM (SELECT rowid + 1 AS r, ${text} AS v, row_number() OVER (PARTITION BY ${ids} ORDER BY rowid) AS k FROM ${TABLE} WHERE ${present}) WHERE k > 1 ORDER BY r LIMIT 10`
  )
  return [
    createFinding({
      kind: 'duplicate-keys',
      severity: 'error',
      columns: key,
      title: `${key.map((k) => `"${k}"`).join(' + ')} is not unique`,
      what: `${countOf(count, 'row')} use a key that an earlier row has already.`,
      meaning: 'Joins on this key multiply rows, and one entity can be in train and test at once.',
      next: 'Correct the key, add the column that tells the rows apart, or give the column another role than identifier.',
      count,
      of: table.rows,
      examples: rows.map(([r, v]) => ({ row: Number(r), value: String(v) }))
    })
  ]
}
