import { WorkbenchError } from '../../model/errors'
import type { ModelSignature } from '../../model/training'
import { listed, readFrame, selectRows } from '../frames'
import { classesToWeigh, classWeightsOf, taskOf, type Target, type TargetChoice, type Task } from '../tasks'
import { addColumn } from './add-column'
import { assertFeatureNames, rangeWarnings } from './features'
import type { LabelledRows } from './learning-rows'
import type { TrainOptions } from './train-options'

/** The rows that are learned from, and those that watch the fit, with what is predicted. */
export async function readTrainingTable(options: TrainOptions) {
  const { signal, target: targetName } = options
  const holdBack = options.holdBack ?? { by: 'random' as const, column: null }
  const counted = [options.weight, options.exposure].filter((name) => name !== undefined)
  const wanted = options.features ? [...new Set([...options.features, targetName, ...counted])] : undefined
  if (options.features) assertFeatureNames(options.features, targetName)
  const whole = await readFrame(options.table, wanted, signal)
  if (!options.validation && holdBack.column !== null) await addColumn(whole, options.table, holdBack.column, signal)
  const task = taskOf(options)
  const target = task.readTarget(whole, targetName, options)
  task.assertTrainable(targetName, target)
  const features = options.features
    ? [...options.features]
    : [...whole.columns.keys()].filter((name) => name !== targetName && !counted.includes(name))
  assertFeatureNames(features, targetName)
  const frame = selectRows(whole, target.rows)
  const warnings = [...task.trainingWarnings(targetName, target), ...rangeWarnings(frame, features)]
  if (whole.unusable)
    warnings.push(
      `The model does not learn from ${listed(whole.unusable)}: lists, structures and binary values are no features. Turn them into numbers or text to use them.`
    )
  const outcome = task.describeOutcome(targetName, target)
  const validation = options.validation
    ? await readValidation(options.validation, task, targetName, outcome.target, features, options, signal)
    : null
  warnings.push(...(validation?.warnings ?? []))
  const classWeights = chosenClassWeights(options, task, target)
  return { task, target, read: whole.rows, frame, features, outcome, holdBack, validation, classWeights, warnings }
}

/** What each class counts, by the place of its label and as the record names it. @throws WorkbenchError INVALID_INPUT */
function chosenClassWeights({ classWeights: asked, target: name }: TrainOptions, task: Task, target: Target) {
  if (asked === undefined) return null
  const values = classesToWeigh(name, task, target)
  const byPlace = classWeightsOf(name, target, values, asked)
  // Of very many values that share a label the first stand for all.
  const used = values.flatMap((own, place) => own.slice(0, 100).map((value) => ({ class: value, weight: byPlace[place]! })))
  return { byPlace, used }
}

/**
 * Rows of another table, read as those that the model learns from.
 * @throws WorkbenchError INVALID_INPUT when it lacks a column or the outcome means something else
 */
async function readValidation(
  path: string,
  task: Task,
  targetName: string,
  target: ModelSignature['target'],
  features: readonly string[],
  { weight, exposure }: TargetChoice,
  signal: AbortSignal | undefined
): Promise<LabelledRows & { warnings: string[] }> {
  try {
    const whole = await readFrame(
      path,
      [...new Set([...features, targetName, weight, exposure].filter((name) => name !== undefined))],
      signal
    )
    const rows = task.rowsToJudge(whole, targetName, target, { weight, exposure })
    return {
      frame: rows.frame,
      labels: rows.target.labels,
      weights: rows.target.weights,
      warnings: rows.warnings.map((warning) => `Validation rows: ${warning}`)
    }
  } catch (error) {
    if (!(error instanceof WorkbenchError) || error.code !== 'INVALID_INPUT') throw error
    throw new WorkbenchError('INVALID_INPUT', `The validation rows cannot be used: ${error.message}`, {
      details: error.details,
      cause: error
    })
  }
}
