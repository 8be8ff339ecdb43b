import { countOf } from '../../../model/count-of'
import { WorkbenchError } from '../../../model/errors'
import { quantileOf, type Aim, type RegressionObjective, type RegressionTarget } from '../../../model/tasks/regression'
import { columnOf, type Column, type Frame, type NumericColumn } from '../../frames'
import { readSampleWeights } from '../sample-weights'
import { amountsOf, constantFor, meanOf } from './weighted'

/** What a model of amounts is fitted to, and the columns that say what a row counts. */
export interface TargetChoice {
  /** Squared error where it is not said. */
  objective?: RegressionObjective
  quantile?: number
  /** Column of sample weights, zero or more. */
  weight?: string
  /** Column of exposures, above zero: outcomes are divided by them and weights multiplied. */
  exposure?: string
}

/** The amount of every row that has one: `rows` are the row numbers, `weights` what each counts (null: all the same). */
export interface Target extends Aim {
  rows: Uint32Array
  labels: Float64Array
  weights: Float64Array | null
  withoutTarget: number
  /** Values that are infinite or too large for a model, left out with the missing ones. */
  outOfRange: number
  exposure?: string
}

const bad = (message: string, details: Record<string, unknown>): never => {
  throw new WorkbenchError('INVALID_INPUT', message, { details })
}

/** A column of numbers. @throws WorkbenchError INVALID_INPUT naming the column, what it holds, and what to do */
function numbersOf(name: string, column: Column): NumericColumn {
  const details = { column: name }
  if (column.kind === 'category') {
    const example = column.categories[0]
    return bad(
      `The target "${name}" is text${example === undefined ? '' : `, such as ${JSON.stringify(example)}`}, not an amount. Make numbers of it in an SQL step, such as CAST(${name} AS DOUBLE), or choose a task that tells texts apart.`,
      details
    )
  }
  if (column.kind === 'number') return column
  return bad(
    column.kind === 'timestamp'
      ? `The target "${name}" is a point in time, not an amount. Predict a duration: subtract two times in an SQL step.`
      : `The target "${name}" is yes or no, not an amount. Choose the binary task for it, or make a number of it in an SQL step.`,
    details
  )
}

/**
 * Reads a column as amounts. Rows without a value are left out and counted. Of outcomes with an exposure the rate is the label, and the
 * exposure multiplies the weight, as scikit-learn and GLM software advise for Poisson and gamma models with an offset.
 * @throws WorkbenchError INVALID_INPUT for a column of another kind, without any value, with a value that the objective cannot have, or with
 *   a weight or exposure that cannot be one
 */
export function deriveTarget(frame: Frame, name: string, choice: TargetChoice = {}): Target {
  const { objective = 'squared', quantile, weight, exposure } = choice
  const { values, outOfRange } = numbersOf(name, columnOf(frame, name))
  const rows = Uint32Array.from(values.keys()).filter((row) => !Number.isNaN(values[row]))
  if (rows.length === 0)
    bad(`The target "${name}" has no value in any of ${frame.rows} rows. Choose another column or table.`, {
      column: name,
      rows: frame.rows
    })
  assertPossible(name, objective, values)
  const own = weight === undefined ? null : readSampleWeights(frame, weight, rows)
  const exposures = exposure === undefined ? null : readSampleWeights(frame, exposure, rows, 'exposure')
  return {
    rows,
    labels: Float64Array.from(rows, (row, at) => values[row]! / (exposures ? exposures[at]! : 1)),
    weights: own && exposures ? own.map((each, at) => each * exposures[at]!) : (own ?? exposures),
    withoutTarget: frame.rows - rows.length,
    outOfRange,
    objective,
    ...(objective === 'quantile' && { quantile: quantileOf({ objective, quantile }) }),
    ...(exposure !== undefined && { exposure })
  }
}

function assertPossible(name: string, objective: RegressionObjective, values: Float64Array): void {
  if (objective !== 'poisson' && objective !== 'gamma') return
  const isWrong = objective === 'poisson' ? (value: number) => value < 0 : (value: number) => value <= 0
  const count = values.reduce((sum, value) => sum + (isWrong(value) ? 1 : 0), 0)
  if (count === 0) return
  const first = values.findIndex(isWrong)
  const [needs, instead] =
    objective === 'poisson'
      ? ['counts, zero and above', 'squared or absolute']
      : ['amounts above zero', 'poisson, which allows zeros, or squared']
  bad(
    `The target "${name}" has ${values[first]} in row ${first + 1} and ${countOf(count, 'value')} like it; the objective ${objective} needs ${needs}. Correct the values, or choose the objective ${instead}.`,
    { column: name, row: first + 1, value: values[first], count }
  )
}

const fewestRows = 10

/** @throws WorkbenchError INVALID_INPUT unless there are amounts that differ, in enough rows: a model cannot be fitted to one. */
export function assertAmountsDiffer(name: string, { labels }: Target): void {
  if (labels.length < fewestRows)
    bad(
      `The target "${name}" has a value in ${countOf(labels.length, 'row')} only. A model needs at least ${fewestRows}; bring more rows.`,
      {
        column: name,
        rows: labels.length
      }
    )
  if (labels.every((label) => label === labels[0]))
    bad(
      `Every one of ${labels.length} rows has ${labels[0]} in the target "${name}", so there is nothing to predict. Choose another column, or bring rows that differ.`,
      { column: name, value: labels[0] }
    )
}

/** Says how many rows were left out for want of an amount. */
export function missingWarning(name: string, { withoutTarget, outOfRange }: Target): string[] {
  const missing = withoutTarget - outOfRange
  const left = (count: number, why: string) =>
    count > 0
      ? [
          `${countOf(count, 'row')} ${count === 1 ? 'has' : 'have'} ${why} in the target "${name}" and ${count === 1 ? 'was' : 'were'} left out.`
        ]
      : []
  return [
    ...left(missing, 'no value'),
    ...left(outOfRange, 'an infinite value or one beyond 3.4e38').map(
      (text) => `${text} Mend the values, or drop such rows in an SQL step.`
    )
  ]
}

/** What a trainer should know of the amounts it was given: rows left out, too few of them, or amounts that another question fits better. */
export function trainingWarnings(name: string, target: Target): string[] {
  const warnings = missingWarning(name, target)
  const { labels } = target
  const distinct = new Set<number>()
  for (const label of labels) if (distinct.add(label).size > 2) break
  if (distinct.size === 2)
    warnings.push(
      `The target "${name}" has two different values only. The binary task says more of them: it gives probabilities and judges decisions.`
    )
  if (labels.length < 100) warnings.push(`Only ${labels.length} rows have a value; expect a poor and uncertain model.`)
  return warnings
}

/** The amounts that were learned from, as the record of a training writes them. */
export function countOutcomes(target: Target) {
  const { labels, weights } = target
  return { constant: constantFor(target, target), mean: meanOf(labels, weights), ...rangeOf(labels) }
}

/** The amounts that were judged, as an evaluation writes them. */
export function countJudged({ labels, weights }: Pick<Target, 'labels' | 'weights'>) {
  const amounts = amountsOf({ labels })
  const mean = meanOf(amounts, weights)
  const deviation = Math.sqrt(
    meanOf(
      amounts.map((amount) => (amount - mean) ** 2),
      weights
    )
  )
  return { mean, deviation, ...rangeOf(labels), ...(weights && { weight: weights.reduce((sum, weight) => sum + weight, 0) }) }
}

const rangeOf = (labels: Float64Array) => ({
  minimum: labels.reduce((least, label) => Math.min(least, label), Infinity),
  maximum: labels.reduce((most, label) => Math.max(most, label), -Infinity)
})

/** The aim and the exposure as documents name them. */
export const aimOf = ({ objective, quantile, exposure }: Pick<Target, 'objective' | 'quantile' | 'exposure'>) => ({
  objective,
  ...(quantile !== undefined && { quantile }),
  ...(exposure !== undefined && { exposure })
})

/** What a signature says of the outcome: which task it is, what was learned, and what the prediction means. */
export function describeOutcome(name: string, target: Target) {
  return {
    task: 'regression' as const,
    target: { name, ...aimOf(target) } satisfies RegressionTarget,
    prediction: predictionWords({ name, ...aimOf(target) })
  }
}

/** What a prediction states, in words. */
export function predictionWords({ name, objective, quantile, exposure }: RegressionTarget): string {
  const per = exposure === undefined ? '' : ` for one unit of ${exposure}`
  if (objective === 'quantile')
    return `amount that ${name}${per} stays below in ${Number((quantileOf({ objective, quantile }) * 100).toPrecision(6))}% of cases`
  return `${objective === 'absolute' ? 'median' : 'mean'} of ${name}${per}`
}
