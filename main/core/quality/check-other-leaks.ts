import type { PairFigure, QualityFinding, TableProfile } from '../../model/quality'
import { wilsonInterval } from '../numerics'
import { TABLE, type AnalysisColumn, type AnalysisTable } from './analysis-table'
import { pearson } from './correlations'
import { countOf, createFinding, percent, rounded } from './finding'
import { commonValues, indicatorsOf, liftRule } from './indicators'
import { codesOf, explainsAmount, tellsClass } from './one-column'
import { ranksOf, type AmountQuestion, type ClassQuestion, type LeakQuestion } from './questions'

/** From here on one column names the class: so much of the error of knowing nothing goes away with it (lambda). */
const CLASS_TOLD = { warning: 0.95, error: 0.99 } as const
/** From here on one column is the amount in other words: by rank correlation, and by its square where it is the share of ranks explained. */
const AMOUNT_TOLD = { warning: 0.97, error: 0.99 } as const
/** Rows that a figure needs before it is one of a rule and not of a few rows. */
const MIN_ROWS = 30
/** Where at least this share of a column is zero or missing, what the other rows say is looked at by itself. */
const SPARSE = 0.2

const meaning =
  'Such a value is often written down because of the outcome, or computed from it. A model would repeat it and fail on new cases.'
const next =
  'Find out when the value becomes known. If it is after the outcome, set "known when" to after and the role to ignored; if it is before, note why.'

/** What a column was found to tell. */
interface Told {
  isCertain: boolean
  title: string
  what: string
  count: number
  evidence: QualityFinding['evidence']
}

/**
 * Columns that give a class or an amount away, one finding of each column and question. Of a class: a column alone names it in nearly all rows,
 * or where an indicator holds one class, or all but the most frequent, is three times as frequent as on average. Of an amount: a column goes along with it by rank, explains
 * nearly all of its ranks, or does so where it is filled in.
 */
export async function checkOtherLeaks(
  table: AnalysisTable,
  profile: TableProfile,
  questions: readonly LeakQuestion[],
  columns: readonly AnalysisColumn[],
  pairs: readonly PairFigure[]
): Promise<QualityFinding[]> {
  const found: QualityFinding[] = []
  for (const question of questions)
    for (const column of columns) {
      if (column === question.column) continue
      const told =
        question.task === 'multiclass'
          ? await tellsOfClass(table, profile, column, question)
          : await tellsOfAmount(table, profile, column, question, pairs)
      if (!told) continue
      const { isCertain, title, what, count, evidence } = told
      found.push(
        createFinding({
          kind: 'leakage-suspected',
          severity: isCertain ? 'error' : 'warning',
          columns: [column.name],
          ...{ title, what, meaning, next, count, of: table.rows },
          evidence: { tasks: [question.task], ...evidence }
        })
      )
    }
  return found
}

async function tellsOfClass(
  table: AnalysisTable,
  profile: TableProfile,
  column: AnalysisColumn,
  question: ClassQuestion
): Promise<Told | undefined> {
  const p = profile.columns[table.columns.indexOf(column)]!
  const coded = await codesOf(table, column, p)
  const figures = coded && tellsClass(coded, question.codes, question.classes.length)
  const outcome = question.column.name
  if (figures && figures.rows >= MIN_ROWS && figures.lambda >= CLASS_TOLD.warning)
    return {
      isCertain: figures.lambda >= CLASS_TOLD.error,
      title: `"${column.name}" alone tells the class`,
      what: `By this column alone "${outcome}" is named rightly in ${percent(figures.accuracy)} of ${countOf(figures.rows, 'row')}; the most frequent class alone would be right in ${percent(question.counts[0]! / figures.rows)}.`,
      count: figures.rows,
      evidence: { lambda: rounded(figures.lambda), accuracy: rounded(figures.accuracy) }
    }
  const [top] = p.count === 0 ? [] : await classLifts(table, column, p, question)
  return (
    top && {
      isCertain: top.low >= 0.9 / top.average,
      title: `"${column.name}" may give the class away`,
      what: `Where it is ${top.words} (${countOf(top.support, 'row')}, ${percent(top.support / table.rows)}), "${outcome}" is ${top.of} in ${percent(top.rate)}: ${top.lift.toFixed(1)} times the average of ${percent(top.average)} (95% interval ${top.low.toFixed(1)} to ${top.high.toFixed(1)}).`,
      count: top.support,
      evidence: {
        ...{ class: top.of, indicator: top.words, support: top.support, baseRate: rounded(top.average) },
        ...{ lift: rounded(top.lift), liftLow: rounded(top.low), liftHigh: rounded(top.high) }
      }
    }
  )
}

/** The classes that are far more frequent where an indicator of the column holds, by the rule for events, the strongest first. */
async function classLifts(table: AnalysisTable, column: AnalysisColumn, p: TableProfile['columns'][number], question: ClassQuestion) {
  const indicators = indicatorsOf(column, p, await commonValues(table, column))
  const total = question.counts.reduce((sum, n) => sum + n, 0)
  const found = []
  if (indicators.length === 0) return []
  const target = `${question.column.id}::VARCHAR`
  const rows = await table.query(
    `SELECT ${target}, ${indicators.map(({ condition }) => `(count(*) FILTER (WHERE ${condition}))::DOUBLE`).join(', ')} FROM ${TABLE} WHERE ${question.column.id} IS NOT NULL GROUP BY 1 ORDER BY 1`
  )
  for (const [at, { words, isCategory = false }] of indicators.entries()) {
    const support = rows.reduce((sum, row) => sum + Number(row[at + 1]), 0)
    const usual = Number(rows.find(([value]) => value === question.classes[0])?.[at + 1] ?? 0)
    const outcomes = [
      { of: 'any class but the most frequent', hits: support - usual, all: total - question.counts[0]! },
      ...rows.map((row) => {
        const value = String(row[0])
        return { of: JSON.stringify(value.slice(0, 60)), hits: Number(row[at + 1]), all: question.counts[question.classes.indexOf(value)]! }
      })
    ]
    for (const { of, hits, all } of outcomes) {
      const average = all / total
      const rate = hits / support
      const { lower, upper } = wilsonInterval(hits, support)
      const lift = { words, isCategory, support, rate, lift: rate / average, low: lower / average, high: upper / average }
      if (support > 0 && liftRule(lift)) found.push({ ...lift, of, average })
    }
  }
  return found.sort((a, b) => b.lift - a.lift || (a.of < b.of ? -1 : 1))
}

async function tellsOfAmount(
  table: AnalysisTable,
  profile: TableProfile,
  column: AnalysisColumn,
  question: AmountQuestion,
  pairs: readonly PairFigure[]
): Promise<Told | undefined> {
  const p = profile.columns[table.columns.indexOf(column)]!
  const outcome = question.column.name
  const pair = pairs.find(({ a, b, method }) => method === 'spearman' && [a, b].includes(outcome) && [a, b].includes(column.name))
  if (pair && Math.abs(pair.value) >= AMOUNT_TOLD.warning) return goesAlong(column, outcome, pair.value, pair.rows, '')
  const coded = await codesOf(table, column, p)
  const figures = coded && explainsAmount(coded, question.ranks)
  if (figures && figures.rows >= MIN_ROWS && figures.explained >= AMOUNT_TOLD.warning ** 2)
    return {
      isCertain: figures.explained >= AMOUNT_TOLD.error ** 2,
      title: `"${column.name}" alone tells the amount`,
      what: `By this column alone ${percent(figures.explained)} of the differences in "${outcome}" are explained, by rank, over ${countOf(figures.rows, 'row')} that the explanation was not made from.`,
      count: figures.rows,
      evidence: { explained: rounded(figures.explained), method: 'correlation-ratio' }
    }
  if (!column.isNumeric || p.missing + p.numeric!.zeros < SPARSE * table.rows) return undefined
  const part = await whereFilled((await table.numbers(column)).values, (await table.numbers(question.column)).values, table.signal)
  return part && part.rows >= MIN_ROWS && Math.abs(part.value) >= AMOUNT_TOLD.warning
    ? goesAlong(column, outcome, part.value, part.rows, ' in which it is neither zero nor missing')
    : undefined
}

const goesAlong = (column: AnalysisColumn, outcome: string, value: number, rows: number, where: string): Told => ({
  isCertain: Math.abs(value) >= AMOUNT_TOLD.error,
  title: `"${column.name}" may give the outcome away`,
  what: `Its correlation with the outcome "${outcome}" is ${value.toFixed(3)} by rank, over ${countOf(rows, 'row')}${where}.`,
  count: rows,
  evidence: { correlation: rounded(value), method: 'spearman', rows }
})

/** Rank correlation in the rows in which a column is neither zero nor missing: a leak that fills one row in twenty does not show in all of them. */
async function whereFilled(
  values: Float64Array,
  amounts: Float64Array,
  signal?: AbortSignal
): Promise<{ value: number; rows: number } | undefined> {
  const filled = Int32Array.from(values.keys()).filter(
    (row) => values[row] !== 0 && values[row] === values[row] && amounts[row] === amounts[row]
  )
  const pick = (from: Float64Array): Float64Array => Float64Array.from(filled, (row) => from[row]!)
  const value = pearson(await ranksOf(pick(values), signal), await ranksOf(pick(amounts), signal))
  return value === undefined ? undefined : { value, rows: filled.length }
}
