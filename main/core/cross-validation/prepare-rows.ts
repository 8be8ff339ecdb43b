import type { FoldDesign } from '../../model/cross-validation'
import { WorkbenchError } from '../../model/errors'
import { countOf } from '../../model/count-of'
import { answerNames, type TargetValue, type TaskName } from '../../model/tasks'
import type { ClassWeights } from '../../model/class-weights'
import type { Algorithm, HoldBack, ModelSignature } from '../../model/training'
import type { Sha256 } from '../../model/reference'
import { columnOf, readFrame, selectRows, type Frame } from '../frames'
import {
  classesToWeigh,
  classWeightsOf,
  pickOutcomes,
  taskOf,
  weighClasses,
  type Outcomes,
  type Target,
  type TargetChoice,
  type Task
} from '../tasks'
import { isClassObjective, type Objective } from '../training'
import { planFolds, readSpan, type Fold } from './folds'

/** What is asked for; plain data, so that it can be told to another process. */
export interface CrossValidationRequest extends TargetChoice {
  /** Path of an Arrow file. */
  table: string
  tableSha256: Sha256
  task: TaskName
  target: string
  features: readonly string[]
  /** What each class counts in the fits; figures are judged without it. */
  classWeights?: ClassWeights
  algorithm: Algorithm
  /** Hyper-parameters that differ from the defaults. */
  parameters: Readonly<Record<string, unknown>>
  /** Sets of hyper-parameters laid over these, of which the best is chosen within each fold; none or at least two. */
  candidates: readonly Readonly<Record<string, unknown>>[]
  innerFolds: number
  /** Metric that candidates are compared by; the loss that is learned when left out. */
  metric?: string
  design: Omit<FoldDesign, 'gap' | 'history'> & { gap: string; history: string | null }
  /** How rows are held back within each training where the design does not say. */
  holdBack: HoldBack
  seed: number
}

/** The rows of a table that have an outcome, read once for all folds. */
export interface PreparedRows {
  request: CrossValidationRequest
  task: Task
  /** What a signature says of the outcome. */
  outcome: ModelSignature['target']
  objective: Objective
  frame: Frame
  outcomes: Outcomes
  /** Values of the target by the place of their label, where classes are weighed; null else. */
  classes: readonly (readonly TargetValue[])[] | null
  /** Number of each row in the table. */
  numbers: Uint32Array
  read: number
  kinds: { codes: ArrayLike<number>; names: readonly string[] | null }
  design: FoldDesign
  warnings: string[]
}

/**
 * Reads what all folds need.
 * @throws WorkbenchError INVALID_INPUT for a column that is not there or holds no outcomes that can be learned, NOT_FOUND, CANCELLED
 */
export async function prepareRows(request: CrossValidationRequest, signal?: AbortSignal): Promise<PreparedRows> {
  const { target: name, features, weight, exposure, design, holdBack } = request
  const task = taskOf(request)
  const also = [name, weight, exposure, design.column ?? undefined].filter((column) => column !== undefined)
  const whole = await readFrame(request.table, [...new Set([...features, ...also])], signal)
  if (holdBack.column !== null && !whole.columns.has(holdBack.column)) await addColumn(whole, request.table, holdBack.column, signal)
  const target = task.readTarget(whole, name, request)
  task.assertTrainable(name, target)
  const described = task.describeOutcome(name, target).target
  const objective = task.objectiveOf(described)
  return {
    ...{ request, task, objective, outcome: described },
    frame: selectRows(whole, target.rows),
    outcomes: { labels: target.labels, weights: target.weights },
    classes: request.classWeights === undefined ? null : weighable(request, request.classWeights, task, target),
    numbers: target.rows,
    read: whole.rows,
    kinds: kindsOf(target, objective, described, design.folds),
    design: settleDesign(request, whole),
    warnings: task.trainingWarnings(name, target)
  }
}

/** Class weights that name no class are told before any fit. */
function weighable({ target: name }: CrossValidationRequest, asked: ClassWeights, task: Task, target: Target) {
  const classes = classesToWeigh(name, task, target)
  classWeightsOf(name, target, classes, asked)
  return classes
}

/** A column that training rows may be held back by; one that is not there or cannot be read is none. */
async function addColumn(frame: Frame, table: string, name: string, signal: AbortSignal | undefined): Promise<void> {
  const own = await readFrame(table, [name], signal).catch((error: unknown) => {
    if (error instanceof WorkbenchError && error.code === 'INVALID_INPUT') return null
    throw error
  })
  if (own) frame.columns.set(name, own.columns.get(name)!)
}

function settleDesign({ design }: CrossValidationRequest, whole: Frame): FoldDesign {
  const { gap, history, ...shared } = design
  if (design.by !== 'time' || design.column === null) return shared
  const { kind } = columnOf(whole, design.column)
  const span = (text: string, what: 'gap' | 'history'): number => readSpan(text, what, design.column!, kind)
  return {
    ...shared,
    ...(kind !== 'category' && { kind }),
    gap: span(gap, 'gap'),
    history: history === null ? null : span(history, 'history') || null
  }
}

const mostStrata = 10

/** Classes with their names, or as many ranges of the amounts, by rank, as leave each fold a row of each: ten at most. */
function kindsOf({ labels }: Target, objective: Objective, target: ModelSignature['target'], folds: number): PreparedRows['kinds'] {
  if (isClassObjective(objective)) {
    const answers = answerNames({ target }).map((name) => `"${name}"`)
    const names = answers.length > 1 ? answers : [`another value than ${answers[0]}`, answers[0]!]
    return { codes: labels, names }
  }
  const order = Uint32Array.from(labels.keys()).sort((a, b) => labels[a]! - labels[b]! || a - b)
  const count = Math.max(1, Math.min(mostStrata, Math.floor(labels.length / folds)))
  const codes = new Uint8Array(labels.length)
  order.forEach((row, rank) => (codes[row] = Math.floor((rank * count) / labels.length)))
  return { codes, names: null }
}

/**
 * Divides all rows, or those of `rows` (numbers of prepared rows), into folds, and sees that each can be learned from and judged. The rows of
 * the folds are numbers of prepared rows.
 * @throws WorkbenchError INVALID_INPUT naming column, cause and next step
 */
export function divideRows(prepared: PreparedRows, design: FoldDesign, rows?: Uint32Array, within = ''): Fold[] {
  const { frame, kinds, request } = prepared
  const own = rows ?? Uint32Array.from({ length: frame.rows }, (_, row) => row)
  const column = design.column === null ? null : columnOf(selectRows({ ...frame, columns: only(frame, design.column) }, own), design.column)
  const codes = Uint16Array.from(own, (row) => kinds.codes[row]!)
  const folds = told(within, () =>
    planFolds({
      ...{ rows: own.length, target: request.target, column, design, seed: request.seed },
      kinds: { codes, names: kinds.names }
    })
  )
  const placed = folds.map((fold) => ({ ...fold, training: fold.training.map((at) => own[at]!), test: fold.test.map((at) => own[at]!) }))
  for (const fold of placed) told(within, () => assertUsable(prepared, design, fold))
  return placed
}

const only = (frame: Frame, name: string) => new Map([[name, columnOf(frame, name)]])

/** Says where a division was made that did not come out. */
function told<T>(within: string, make: () => T): T {
  try {
    return make()
  } catch (error) {
    if (within === '' || !(error instanceof WorkbenchError)) throw error
    throw new WorkbenchError(error.code, `${within}: ${error.message}`, { details: error.details, cause: error })
  }
}

/** A side with one outcome teaches and tells nothing, and a class that no training row has is never learned. */
function assertUsable({ outcomes, request, kinds }: PreparedRows, design: FoldDesign, { repeat, fold, training, test }: Fold): void {
  const name = request.target
  const which = `${design.by === 'time' ? 'window' : 'fold'} ${fold + 1}${design.repeats > 1 ? ` of repeat ${repeat + 1}` : ''}`
  const next =
    design.by === 'stratified'
      ? 'Ask for fewer folds, or bring more rows.'
      : design.by === 'random'
        ? 'Divide the rows by: stratified, or ask for fewer folds.'
        : `Ask for fewer ${design.by === 'time' ? 'windows' : 'folds'}, or bring rows of "${design.column}" in which the outcomes differ.`
  for (const [side, rows] of [
    ['to learn from', training],
    ['to judge', test]
  ] as const) {
    const first = outcomes.labels[rows[0]!]!
    if (rows.every((row) => outcomes.labels[row] === first))
      throw new WorkbenchError(
        'INVALID_INPUT',
        `The ${countOf(rows.length, 'row')} ${side} in ${which} ${rows.length === 1 ? 'has' : 'all have'} ${kinds.names ? kinds.names[first] : first} in the target "${name}". ${next}`,
        { details: { column: name, fold: fold + 1 } }
      )
  }
  if (!kinds.names) return
  const seen = new Set(Array.from(training, (row) => outcomes.labels[row]!))
  const absent = kinds.names.find((_, kind) => !seen.has(kind))
  if (absent !== undefined)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `No row to learn from in ${which} has ${absent} in the target "${name}", so its model could never answer that. ${next}`,
      { details: { column: name, fold: fold + 1, value: absent } }
    )
}

export const outcomesOf = (prepared: PreparedRows, rows: Uint32Array): Outcomes => pickOutcomes(prepared.outcomes, rows)

/** The same as a fit counts them: balanced weights are those of these rows, as a training on them alone would have it. */
export function outcomesInFit(prepared: PreparedRows, rows: Uint32Array): Outcomes {
  const { classes, request } = prepared
  const own = outcomesOf(prepared, rows)
  return classes ? weighClasses(own, classWeightsOf(request.target, own, classes, request.classWeights!)) : own
}
