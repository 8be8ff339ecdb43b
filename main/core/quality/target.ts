import type { DatasetColumn } from '../../model/dataset'
import { WorkbenchError } from '../../model/errors'
import { didYouMean } from '../../model/near-names'
import type { QualityFinding, QualityReport, TargetSpec } from '../../model/quality'
import { usualTask, type RegressionObjective } from '../../model/tasks'
import { quoteText } from '../../model/sql-quoting'
import { TABLE, type AnalysisColumn, type AnalysisTable } from './analysis-table'
import { distinctValues, examplesWhere, pickRows, valueExamples } from './examples'
import { countOf, createFinding, percent } from './finding'

/** The outcome as an event: `event` is an SQL boolean, NULL where the target is missing. */
export interface BinaryTarget {
  column: AnalysisColumn
  /** The values that are the event, as text. */
  values: string[]
  event: string
  rate: number
  rows: number
  /** Why nobody can tell the event; what is taken for it then are the rarer values, which part the rows alike. */
  doubt?: string
  /** Of every row: 1 where the event is, 0 where it is not, NaN where the target is missing. */
  outcomes: Float64Array
}

/**
 * The target and which of its values are the event: what was asked for, else what a training would take for it. Where that is not plain
 * every value but the most frequent one is, and the reason is given.
 * Undefined when there is no target or it is a measured number. Throws INVALID_INPUT for a column that is not there, and for an event that is none of its values or all of them.
 */
export async function deriveTarget(table: AnalysisTable, spec: TargetSpec | undefined): Promise<BinaryTarget | undefined> {
  const column = spec ? table.column(spec.column) : table.columns.find((c) => c.role === 'target')
  if (spec && !column)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `There is no column "${spec.column}" to use as the target.${didYouMean(
        spec.column,
        table.columns.map((each) => each.name)
      )} Choose one of the dataset's columns.`
    )
  if (!column) return undefined
  const values = await distinctValues(table, column)
  const asked = usualTask.event.asked(spec)?.flatMap((text) => values.find((v) => isSame(column, text, v.value))?.value ?? text)
  if (asked) assertHasEvent(column.name, asked, values)
  if (values.length < 2 || (values.length > 50 && !asked)) return undefined
  const { event: inferred, doubt } = asked ? { event: undefined, doubt: undefined } : inferIn(column, values)
  const wanted = asked ?? inferred ?? values.slice(1).map((v) => v.value)
  const known = wanted.filter((p) => values.some((v) => v.value === p))
  if (known.length === 0 || known.length === values.length) return undefined
  const event = `list_contains([${known.map(quoteText).join(', ')}], ${column.id}::VARCHAR)`
  const [[rows, events]] = await table.query(`SELECT count(${column.id})::DOUBLE, (count(*) FILTER (WHERE ${event}))::DOUBLE FROM ${TABLE}`)
  const [outcomes] = await table.db.numbers(
    `SELECT CASE WHEN ${column.id} IS NOT NULL THEN ${event} END::INTEGER::DOUBLE FROM ${TABLE} ORDER BY rowid`,
    table
  )
  return {
    column,
    values: known,
    event,
    rows: Number(rows),
    rate: Number(events) / Number(rows),
    ...(doubt && { doubt }),
    outcomes: outcomes!
  }
}

/** By the one rule for all targets, over the values as a training reads them. */
function inferIn({ name, kind }: AnalysisColumn, values: readonly { value: string }[]): { event?: string[]; doubt?: string } {
  const typed = values.map(({ value }) =>
    kind === 'boolean' ? value === 'true' : kind === 'integer' || kind === 'number' ? Number(value) : value
  )
  try {
    const event = usualTask.event.infer(name, typed)
    return { event: values.filter((_, at) => typed[at] === event).map(({ value }) => value) }
  } catch (error) {
    if (error instanceof WorkbenchError) return { doubt: error.message }
    throw error
  }
}

/** A number may be written in another way than the engine writes it: 1 is the event of a column that holds 1.0. */
const isSame = ({ kind }: AnalysisColumn, asked: string, value: string): boolean =>
  asked === value || ((kind === 'integer' || kind === 'number') && asked.trim() !== '' && Number(asked) === Number(value))

function assertHasEvent(name: string, asked: readonly string[], values: readonly { value: string; count: number }[]): void {
  const known = values.filter(({ value }) => asked.includes(value)).length
  if (known > 0 && known < values.length) return
  const list = (texts: readonly string[]): string =>
    texts
      .slice(0, 10)
      .map((text) => JSON.stringify(text))
      .join(', ')
  const event = list(asked)
  throw new WorkbenchError(
    'INVALID_INPUT',
    values.length === 0
      ? `"${name}" has no value, so ${event} cannot be its event. Choose another target.`
      : known === 0
        ? `${event} ${asked.length === 1 ? 'is no value' : 'are no values'} of "${name}". It has ${list(values.map(({ value }) => value))}${values.length > 10 ? ` and ${values.length - 10} more` : ''}. Name the event as it stands in the column.`
        : `${event} ${asked.length === 1 ? 'is the only value' : 'are all values'} of "${name}", so every row would be an event. Name fewer values, or choose another target.`,
    { details: { column: name, event: asked.slice(0, 50), values: values.slice(0, 50).map(({ value }) => value) } }
  )
}

export const targetSummary = (t: BinaryTarget | undefined): QualityReport['target'] =>
  t ? { column: t.column.name, ...usualTask.event.say(t.values), rate: t.rate, rows: t.rows, ...(t.doubt && { doubt: t.doubt }) } : null

/** What is asked of the target besides its values. */
interface AskedOfTarget {
  /** Whether one of the outcomes is an event, which may be rare. */
  hasEvent: boolean
  /** What amounts would be fitted to. */
  objective?: RegressionObjective
}

/** Gaps, amounts that cannot be learned, imbalance and labels too rare to be real in the column to predict. */
export async function checkTarget(
  table: AnalysisTable,
  target: BinaryTarget | undefined,
  columns: readonly DatasetColumn[],
  { hasEvent, objective }: AskedOfTarget
): Promise<QualityFinding[]> {
  const name = target?.column.name ?? columns.find((c) => c.role === 'target')?.name
  const column = name === undefined ? undefined : table.column(name)
  if (!column) return []
  const found: QualityFinding[] = []
  const [[missing]] = await table.query(`SELECT (count(*) - count(${column.id}))::DOUBLE FROM ${TABLE}`)
  if (Number(missing) > 0)
    found.push(
      createFinding({
        kind: 'target-missing',
        severity: 'error',
        columns: [column.name],
        title: `The target "${column.name}" is missing in ${countOf(Number(missing), 'row')}`,
        what: `${countOf(Number(missing), 'row')} have no outcome.`,
        meaning: 'Such rows can neither train nor test a model, and if they are missing for a reason the rest is a biased sample.',
        next: 'Leave them out by a written rule, and say in the model card how many there were.',
        count: Number(missing),
        of: table.rows,
        examples: await examplesWhere(table, `${column.id} IS NULL`, `'(missing)'`)
      })
    )
  if (objective !== undefined) found.push(...(await checkAmounts(table, column, objective)))
  if (!target) return found
  const minority = Math.min(target.rate, 1 - target.rate)
  if (hasEvent && minority < 0.2)
    found.push(
      createFinding({
        kind: 'imbalance',
        severity: minority < 0.02 ? 'warning' : 'info',
        columns: [column.name],
        title: `Only ${percent(minority)} of the rows are ${target.rate < 0.5 ? 'events' : 'non-events'}`,
        what: `${target.doubt ? 'Nobody said which value is the event; counted as such' : 'The event'} is ${target.values.map((value) => JSON.stringify(value)).join(', ')}: ${countOf(Math.round(target.rate * target.rows), 'row')} of ${target.rows.toLocaleString('en')}.`,
        meaning: 'A model that always answers with the larger class is right most of the time and useless. Accuracy misleads here.',
        next: usualTask.ranking.advice,
        count: Math.round(minority * target.rows),
        of: target.rows,
        evidence: { rate: target.rate, ...usualTask.event.say(target.values) }
      })
    )
  const values = await distinctValues(table, column)
  const rare = values.filter((v) => v.count < Math.max(2, target.rows * 0.005))
  if (values.length > 2 && rare.length > 0) {
    const usual = values.filter((v) => !rare.includes(v))
    const odd = rare.filter((v) => v.value.trim().length <= 2 && usual.every((u) => u.value.trim().length > 2))
    const rows = rare.reduce((n, v) => n + v.count, 0)
    found.push(
      createFinding({
        kind: 'target-labels',
        severity: 'warning',
        columns: [column.name],
        title: `${countOf(rare.length, 'label')} of the target hardly ever ${rare.length === 1 ? 'occurs' : 'occur'}`,
        what: `${rare.map((v) => `${JSON.stringify(v.value)} (${v.count}x)`).join(', ')}${odd.length > 0 ? '; they look like codes among words, as if left over from another scheme' : ''}.`,
        meaning: 'Nobody can tell a model what such a label means, yet it counts as an outcome.',
        next: 'Ask what the labels stand for; map them to the known ones or leave these rows out.',
        count: rows,
        of: table.rows,
        examples: valueExamples(rare),
        evidence: { labels: Object.fromEntries(rare.map((v) => [v.value, v.count])), usual: usual.map((v) => v.value) }
      })
    )
  }
  return found
}

/** Amounts that no model with this objective can learn from: a training refuses them. */
async function checkAmounts(table: AnalysisTable, column: AnalysisColumn, objective: RegressionObjective): Promise<QualityFinding[]> {
  if (!column.isNumeric || (objective !== 'poisson' && objective !== 'gamma')) return []
  const isWrong = (amount: number): boolean => (objective === 'gamma' ? amount <= 0 : amount < 0)
  const { count, examples } = pickRows((await table.numbers(column)).values, isWrong)
  if (count === 0) return []
  const [bound, instead] = objective === 'gamma' ? ['not above zero', 'poisson, which allows zeros, or squared'] : ['below zero', 'squared']
  return [
    createFinding({
      kind: 'impossible-values',
      severity: 'error',
      columns: [column.name],
      title: `The target "${column.name}" is ${bound} in ${countOf(count, 'row')}`,
      what: `The objective ${objective} has a mean above zero, and ${countOf(count, 'row')} ${count === 1 ? 'has an amount' : 'have amounts'} that ${count === 1 ? 'is' : 'are'} ${bound}.`,
      meaning: 'A training with this objective refuses such rows.',
      next: `Leave these rows out by a written rule, correct them, or choose the objective ${instead}.`,
      count,
      of: table.rows,
      examples,
      evidence: { objective },
      detail: objective
    })
  ]
}
