import { WorkbenchError } from '../../model/errors'
import { mostClasses } from '../../model/objective'
import { usualTask, type TaskName } from '../../model/tasks'
import type { TableProfile, TargetSpec } from '../../model/quality'
import { TABLE, type AnalysisColumn, type AnalysisTable } from './analysis-table'
import { codeColumn, meanRanks } from './correlations'
import { distinctValues } from './examples'
import { sortNumbers } from './column-numbers'

/** So many different whole numbers may still be names of classes. */
const MOST_NUMBERED = 20

/** A target that is one of several classes. */
export interface ClassQuestion {
  task: 'multiclass'
  column: AnalysisColumn
  /** As text, the most frequent first. */
  classes: string[]
  /** Rows of each class. */
  counts: number[]
  /** Of every row: the place of its class, NaN where the target is missing. */
  codes: Float64Array
}

/** A target that is an amount. */
export interface AmountQuestion {
  task: 'regression'
  column: AnalysisColumn
  /** Of every row: mean rank of its amount, NaN where the target is missing. */
  ranks: Float64Array
}

export type LeakQuestion = ClassQuestion | AmountQuestion

/**
 * What kinds of question are asked of the target other than a yes or no, for a look at what gives it away: the one that was named, else by its
 * values as a first model takes them; few whole numbers may be either. None for a yes or no.
 * @throws WorkbenchError INVALID_INPUT for a question that the values cannot answer
 */
export async function otherQuestions(table: AnalysisTable, profile: TableProfile, spec: TargetSpec | undefined): Promise<LeakQuestion[]> {
  const column = spec ? table.column(spec.column) : table.columns.find(({ role }) => role === 'target')
  if (!column || usualTask.event.asked(spec)) return []
  const { distinct, count } = profile.columns[table.columns.indexOf(column)]!
  const asked = spec?.task === undefined ? await tasksOf(table, column, distinct) : [spec.task]
  if (spec?.task !== undefined) assertAnswers(column, spec.task, distinct)
  if (count === 0) return []
  const found: LeakQuestion[] = []
  if (asked.includes('multiclass')) found.push(await readClasses(table, column))
  if (asked.includes('regression')) found.push(await readRanks(table, column))
  return found
}

async function tasksOf(table: AnalysisTable, column: AnalysisColumn, distinct: number): Promise<TaskName[]> {
  if (distinct <= 2) return []
  if (!column.isNumeric) return distinct <= mostClasses && !column.isTime ? ['multiclass'] : []
  const { sorted } = await table.numbers(column)
  return distinct > MOST_NUMBERED || !sorted.every((value) => Number.isInteger(value)) ? ['regression'] : ['multiclass', 'regression']
}

function assertAnswers({ name, isNumeric, kind }: AnalysisColumn, task: TaskName, distinct: number): void {
  if (task === 'regression' && !isNumeric)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The target "${name}" holds ${kind} and no numbers, so it is no amount. Ask for another kind of question, or choose another target.`,
      { details: { column: name } }
    )
  if (task === 'multiclass' && distinct > mostClasses)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The target "${name}" has ${distinct} different values, and there are at most ${mostClasses} classes. Ask for regression if it is an amount, or choose another target.`,
      { details: { column: name } }
    )
}

async function readClasses(table: AnalysisTable, column: AnalysisColumn): Promise<ClassQuestion> {
  const values = await distinctValues(table, column)
  const [ranks] = await table.db.numbers(
    `SELECT CASE WHEN ${column.id} IS NOT NULL THEN dense_rank() OVER (ORDER BY n DESC NULLS LAST, v) - 1 END::DOUBLE FROM
       (SELECT ${column.id}, ${column.id}::VARCHAR AS v, rowid AS r, CASE WHEN ${column.id} IS NOT NULL THEN count(*) OVER (PARTITION BY ${column.id}::VARCHAR) END AS n FROM ${TABLE})
     ORDER BY r`,
    table
  )
  return {
    task: 'multiclass',
    column,
    classes: values.map(({ value }) => value),
    counts: values.map(({ count }) => count),
    // Rows without a class are ranked last and left out.
    codes: ranks!
  }
}

async function readRanks(table: AnalysisTable, column: AnalysisColumn): Promise<AmountQuestion> {
  const { values } = await table.numbers(column)
  return { task: 'regression', column, ranks: await ranksOf(values, table.signal) }
}

/** Mean ranks of the numbers of an array, NaN where it has none. */
export async function ranksOf(values: Float64Array, signal?: AbortSignal): Promise<Float64Array> {
  const { codes, distinct } = codeColumn(values, await sortNumbers(values, signal))
  const known = Int32Array.from(codes.keys()).filter((row) => codes[row]! >= 0)
  const ranked = meanRanks({ codes, distinct }, known)
  const ranks = new Float64Array(values.length).fill(NaN)
  known.forEach((row, at) => (ranks[row] = ranked[at]!))
  return ranks
}
