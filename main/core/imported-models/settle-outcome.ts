import type { ImportableTask, ImportChoices } from '../../model/imported-model'
import { listValues, type TargetValue } from '../../model/tasks'
import { columnOf, type Frame } from '../frames'
import type { FoundScores } from './find-scores'
import { refuse } from './refuse'

/** What the scores of a model are about. */
export interface Outcome {
  task: ImportableTask
  form: 'probabilities' | 'logits' | 'amounts'
  /** In the order of the scores; null for an amount. */
  classes: TargetValue[] | null
  /** How the classes are known, in words; null for an amount. */
  classesFrom: string | null
  scoresFrom: string
}

const mostValues = 201

/**
 * Says what task a model does and which values of the target its scores are about, in their order.
 * @throws WorkbenchError INVALID_INPUT where file, data and choices contradict each other or leave it open
 */
export function settleOutcome(scores: FoundScores, frame: Frame, choices: ImportChoices): Outcome {
  const values = valuesOf(frame, choices.target)
  const isText = values.some((value) => typeof value !== 'number')
  const isClassifier =
    choices.task === undefined
      ? scores.isClassifier || choices.classes !== undefined || isText || (scores.width ?? 1) > 1
      : choices.task !== 'regression'
  if (!isClassifier) return amountOf(scores, choices, isText)
  const count = scores.tensors.length > 1 ? scores.tensors.length : (scores.width ?? scores.classes?.length ?? choices.classes?.length ?? 1)
  const task: ImportableTask = Math.max(count, 2) === 2 ? 'binary' : 'multiclass'
  if (choices.task !== undefined && choices.task !== task)
    refuse(
      choices.task === 'binary'
        ? `The model gives ${count} scores a row and so tells ${count} classes apart. Leave the task out, or say multiclass.`
        : `The model tells ${Math.max(count, 2)} classes apart, which is the task ${task}. Leave the task out, or say so.`
    )
  const { classes, from } = settleClasses(scores.classes, values, Math.max(count, 2), choices)
  const isLogits = choices.scores === 'logits' || (choices.scores === undefined && scores.isNamedLogits)
  return {
    task,
    form: isLogits ? 'logits' : 'probabilities',
    classes,
    classesFrom: from,
    scoresFrom: choices.scores ? 'as it was said' : isLogits ? 'logits, by the name of the output' : 'probabilities, as is usual'
  }
}

function amountOf(scores: FoundScores, { target, classes, event }: ImportChoices, isText: boolean): Outcome {
  if (scores.tensors.length > 1 || (scores.width ?? 1) > 1)
    refuse(
      `A regression gives one amount a row, and the output "${scores.tensors[0]}" gives ${scores.width ?? scores.tensors.length}. Correct the task, or name another output.`
    )
  if (isText)
    refuse(`The target "${target}" holds no numbers, so no amount can be predicted of it. Correct the target or the task.`, {
      column: target
    })
  if (classes || event !== undefined) refuse('A regression has no classes and no event. Leave them out, or correct the task.')
  return { task: 'regression', form: 'amounts', classes: null, classesFrom: null, scoresFrom: 'the amounts themselves' }
}

/** Different values of the target, smallest or first in the alphabet first; at most 201. */
export function valuesOf(frame: Frame, target: string): TargetValue[] {
  const column = columnOf(frame, target)
  if (column.kind === 'timestamp')
    refuse(`The target "${target}" is a point in time, which no model here predicts. Choose another column.`, { column: target })
  const seen = new Set<TargetValue>()
  for (let row = 0; row < frame.rows && seen.size < mostValues; row++) {
    if (column.kind === 'category') {
      if (column.codes[row]! >= 0) seen.add(column.categories[column.codes[row]!]!)
    } else if (!Number.isNaN(column.values[row])) seen.add(column.kind === 'boolean' ? column.values[row] === 1 : column.values[row]!)
  }
  if (seen.size === 0) refuse(`The target "${target}" has no value in any row. Choose another column or table.`, { column: target })
  return [...seen].sort((a, b) => (a < b ? -1 : 1))
}

function settleClasses(
  own: FoundScores['classes'],
  values: readonly TargetValue[],
  count: number,
  { classes: asked, target }: ImportChoices
): { classes: TargetValue[]; from: string } {
  const isIndex = own === null || own.every((each, index) => each === index)
  if (asked) {
    if (asked.length !== count)
      refuse(
        `The model tells ${count} classes apart, and ${asked.length} are named: ${listValues(asked)}. Name all of them in the order of the outputs.`
      )
    if (new Set(asked).size !== asked.length) refuse(`A class is named twice: ${listValues(asked)}.`)
    if (
      !isIndex &&
      own!.some((each) => asked.some((value) => String(value) === String(each))) &&
      own!.some((each, index) => String(each) !== String(asked[index]))
    )
      refuse(
        `The classes are said to be ${listValues(asked)} in this order, and the file itself names them ${listValues(own!)}. Take the order of the file, or leave "classes" out.`,
        { classes: own }
      )
    assertKnown(values, asked, target)
    return { classes: asked.map((value) => alike(values, value) ?? value), from: 'as they were listed' }
  }
  if (own && own.length === count) {
    const mapped = own.map((each) => alike(values, each))
    if (mapped.some((value) => value !== undefined)) {
      const classes = own.map((each, index) => mapped[index] ?? each)
      assertKnown(values, classes, target)
      return { classes, from: 'as the file names them' }
    }
  }
  if (isIndex && values.length === count && values.every((value, index) => value === index || value === (index === 1)))
    return { classes: [...values], from: 'numbered as the target is' }
  return refuse(
    own
      ? `The file names its classes ${listValues(own)}, and the target "${target}" holds ${listValues(values)}. Say with "classes" which value of the target each is, in the order of the file.`
      : `The file does not say in which order its ${count} scores stand for the values of the target "${target}" (${listValues(values)}). List them with "classes" in the order of the outputs.`,
    { column: target }
  )
}

/** The value of the target that a class of the file means: the same, its text, or true for 1. */
function alike(values: readonly TargetValue[], own: TargetValue): TargetValue | undefined {
  const isTruth = values.every((value) => typeof value === 'boolean')
  return values.find((value) => value === own || String(value) === String(own) || (isTruth && Number(value) === own))
}

function assertKnown(values: readonly TargetValue[], classes: readonly TargetValue[], target: string): void {
  const known = new Set(classes.map(String))
  const unknown = values.filter((value) => alike(classes, value) === undefined && !known.has(String(value)))
  if (unknown.length > 0)
    refuse(
      `The target "${target}" holds ${listValues(unknown)}, which the model does not know as a class. It knows ${listValues(classes)}. Correct the target or the classes, or leave those rows out.`,
      { column: target }
    )
}
