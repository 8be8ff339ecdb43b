import type { ColumnProfile, PairFigure, QualityFinding, TableProfile } from '../../model/quality'
import type { AnalysisColumn, AnalysisTable } from './analysis-table'
import { checkDependencies } from './check-dependencies'
import { distinctValues, examplesWhere, valueExamples } from './examples'
import { countOf, createFinding } from './finding'
import { isPlaceholder } from './text-patterns'

/** Categories, identifiers and columns that repeat others. `features` are the names a model would use. */
export async function checkStructure(
  table: AnalysisTable,
  profile: TableProfile,
  features: ReadonlySet<string>,
  pairs: readonly PairFigure[]
): Promise<QualityFinding[]> {
  return [...(await checkCategories(table, profile, features)), ...(await checkDependencies(table, profile, pairs))]
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
      !(await wordsOf(table, column, p)) &&
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
    const words = isFeature && p.distinct >= 0.5 * p.count ? await wordsOf(table, column, p) : undefined
    if (words) found.push(proseFinding(table, p, words))
    else if (isFeature && p.distinct > 50)
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

/** Words of a value on average, where they are sentences rather than names or codes. */
async function wordsOf(table: AnalysisTable, { id, isText }: AnalysisColumn, p: ColumnProfile): Promise<number | undefined> {
  if (!isText || p.text!.meanLength < 15) return undefined
  const [[words]] = await table.query(`SELECT avg(length(trim(${id})) - length(replace(trim(${id}), ' ', '')) + 1) FROM ${table.sample}`)
  return Number(words) >= 4 ? Number(words) : undefined
}

const proseFinding = (table: AnalysisTable, p: ColumnProfile, words: number): QualityFinding =>
  createFinding({
    kind: 'high-cardinality',
    severity: 'info',
    columns: [p.name],
    title: `"${p.name}" is free text`,
    what: `${countOf(p.distinct, 'different text')} of ${Math.round(words)} words on average.`,
    meaning: 'As categories, sentences say nothing: hardly any occurs twice.',
    next: 'Set its role to ignored, or make features of what the texts say.',
    count: p.distinct,
    of: table.rows
  })

const isSequence = (n: { min: number | null; max: number | null }, count: number): boolean =>
  n.min !== null && n.max !== null && n.max - n.min < count * 4
