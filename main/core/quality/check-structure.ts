import type { QualityFinding, TableProfile } from '../../model/quality'
import { TABLE, type AnalysisColumn, type AnalysisTable } from './analysis-table'
import { distinctValues, examplesWhere, valueExamples } from './examples'
import { countOf, createFinding, percent } from './finding'
import { categoriesOf, pairsOf } from './profile-pairs'
import { isPlaceholder } from './text-patterns'

/** Categories, identifiers, columns that repeat others, and order in time. `features` are the names a model would use. */
export async function checkStructure(
  table: AnalysisTable,
  profile: TableProfile,
  features: ReadonlySet<string>
): Promise<QualityFinding[]> {
  return [
    ...(await checkCategories(table, profile, features)),
    ...(await checkDetermined(table, profile)),
    ...(await checkTimeOrder(table)),
    ...checkTimeGaps(profile)
  ]
}

async function checkCategories(table: AnalysisTable, profile: TableProfile, features: ReadonlySet<string>): Promise<QualityFinding[]> {
  const found: QualityFinding[] = []
  for (const [i, column] of table.columns.entries()) {
    const p = profile.columns[i]
    const isFeature = features.has(column.name)
    if (
      (column.isText || column.kind === 'integer') &&
      isFeature &&
      p.count >= 50 &&
      p.distinct >= 0.95 * p.count &&
      (column.isText || isSequence(p.numeric!, p.count))
    ) {
      found.push(
        createFinding({
          kind: 'identifier-as-feature',
          severity: 'warning',
          columns: [p.name],
          title: `"${p.name}" looks like an identifier but is a feature`,
          what: `${countOf(p.distinct, 'different value')} in ${countOf(p.count, 'row')}.`,
          meaning: 'A model can learn such a column by heart; on new rows it is worthless, and it may leak the order of the file.',
          next: 'Give it the role identifier, or group when it names an entity.',
          count: p.count,
          of: table.rows,
          examples: await examplesWhere(table, `${column.id} IS NOT NULL`, column.id)
        })
      )
      continue
    }
    if (!column.isText || column.role === 'target' || column.role === 'ignored' || column.role === 'identifier' || p.count < 200) continue
    if (isFeature && p.distinct > 50)
      found.push(
        createFinding({
          kind: 'high-cardinality',
          severity: p.distinct > 1_000 ? 'warning' : 'info',
          columns: [p.name],
          title: `"${p.name}" has ${countOf(p.distinct, 'category', 'categories')}`,
          what: `That is one category per ${Math.round(p.count / p.distinct)} rows on average.`,
          meaning: 'One-hot coding makes a wide table, and target coding overfits unless it is done out of fold.',
          next: 'Group the categories, or use a coding that is fitted on the training part only.',
          count: p.distinct,
          of: table.rows
        })
      )
    const limit = Math.max(5, Math.ceil(p.count * 0.001))
    if (p.distinct > p.count / 2) continue
    const rare = (await distinctValues(table, column)).filter((v) => v.count < limit && !isPlaceholder(v.value))
    if (rare.length === 0) continue
    const rows = rare.reduce((n, v) => n + v.count, 0)
    found.push(
      createFinding({
        kind: 'rare-categories',
        severity: 'info',
        columns: [p.name],
        title: `${countOf(rare.length, 'rare category', 'rare categories')} in "${p.name}"`,
        what: `Each occurs in fewer than ${limit} rows; together they make ${countOf(rows, 'row')}.`,
        meaning: 'Too few rows to learn from, and a test part may hold categories that training never saw.',
        next: 'Put them into one category "other", or merge them by meaning.',
        count: rows,
        of: table.rows,
        examples: valueExamples([...rare].sort((a, b) => a.count - b.count || (a.value < b.value ? -1 : 1))),
        evidence: { categories: rare.length, limit }
      })
    )
  }
  return found
}

const isSequence = (n: { min: number | null; max: number | null }, count: number): boolean =>
  n.min !== null && n.max !== null && n.max - n.min < count * 4

const PAIRS_AT_ONCE = 20

/** A category column that another one fixes completely (airport -> state): it adds nothing. */
async function checkDetermined(table: AnalysisTable, profile: TableProfile): Promise<QualityFinding[]> {
  const columns = categoriesOf(table, profile.columns, 1_000)
    .filter((c) => c.isText && c.role !== 'ignored' && c.role !== 'target')
    .slice(0, 25)
  const distinct = (c: AnalysisColumn): number => profile.columns[table.columns.indexOf(c)].distinct
  const found: QualityFinding[] = []
  const pairs = pairsOf(columns)
  if (pairs.length === 0 || table.rows < 50) return found
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
    if (together[i] !== distinct(from) || distinct(from) > table.rows / 10) return
    const same = distinct(from) === distinct(to)
    found.push(
      createFinding({
        kind: 'redundant',
        severity: 'info',
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

async function checkTimeOrder(table: AnalysisTable): Promise<QualityFinding[]> {
  const time = table.columns.find((c) => c.isTime && c.role === 'time')
  if (!time || table.rows < 50) return []
  const [[backward, changes, missing]] = await table.query(
    `SELECT (count(*) FILTER (WHERE t < p))::DOUBLE, (count(*) FILTER (WHERE t <> p))::DOUBLE, (count(*) FILTER (WHERE t IS NULL))::DOUBLE FROM (SELECT ${time.id} AS t, lag(${time.id}) OVER (ORDER BY rowid) AS p FROM ${TABLE})`
  )
  if (Number(backward) > 0 || Number(changes) < 10) return []
  return [
    createFinding({
      kind: 'time-order',
      severity: 'info',
      columns: [time.name],
      title: `The rows are sorted by "${time.name}"`,
      what: `No row lies before the row above it${Number(missing) > 0 ? `; ${countOf(Number(missing), 'row')} have no time` : ''}.`,
      meaning: 'A split by position is a split by time; a random split lets the model see the future of its test rows.',
      next: 'For a forecast of later events split by time. Shuffle with a seed before any random sampling.',
      count: table.rows,
      of: table.rows
    })
  ]
}

/** Empty periods inside the covered time, and a last period that is cut off. */
function checkTimeGaps(profile: TableProfile): QualityFinding[] {
  const timeline = profile.timeline
  if (!timeline || timeline.periods.length < 6) return []
  const empty = timeline.periods.filter((p) => p.count === 0)
  if (empty.length === 0 || empty.length > timeline.periods.length / 2) return []
  return [
    createFinding({
      kind: 'time-gaps',
      severity: 'warning',
      columns: [timeline.column],
      title: `${countOf(empty.length, timeline.unit)} without any row`,
      what: `"${timeline.column}" runs from ${timeline.periods[0].start} to ${timeline.periods.at(-1)!.start}, with ${percent(empty.length / timeline.periods.length)} of the ${timeline.unit}s empty.`,
      meaning: 'Either nothing happened or the data is incomplete; trends and seasons computed across the gap are wrong.',
      next: 'Ask the source whether the export is complete for these periods.',
      count: empty.length,
      of: timeline.periods.length,
      examples: empty.slice(0, 10).map((p) => ({ row: null, value: p.start }))
    })
  ]
}
