import { countOf } from '../../../model/count-of'
import { WorkbenchError } from '../../../model/errors'
import type { BinaryTarget } from '../../../model/tasks/binary'
import { listValues as show, type TargetValue } from '../../../model/tasks'
import { columnOf, type Frame } from '../../frames'
import { readSampleWeights } from '../sample-weights'
import { inferEvent } from '../../../model/tasks/binary/event'

/** Which value of the target is the event. */
export interface TargetChoice {
  /** Which target value counts as positive; see `deriveTarget` for when it may be left out. */
  positive?: TargetValue
  /** Column with what each row counts. */
  weight?: string
}

/** The outcome of every row that has one: `rows` are the row numbers, `labels` 1 for the positive value and 0 for any other. */
export interface Target {
  rows: Uint32Array
  labels: Uint8Array
  /** What each row counts; none where all count the same. */
  weights: Float64Array | null
  positives: number
  withoutTarget: number
  positive: TargetValue
  negatives: TargetValue[]
}

/**
 * Turns a column into a binary outcome, of which without `positive` the value that `inferEvent` gives is the event.
 * Rows without a value are left out and counted. A positive value that no row has makes every row negative.
 * @throws WorkbenchError INVALID_INPUT when no row has a value, the positive value cannot be guessed or is of another type, or a weight cannot
 *   be one
 */
export function deriveTarget(frame: Frame, name: string, { positive, weight }: TargetChoice = {}): Target {
  const column = columnOf(frame, name)
  if (column.kind === 'timestamp')
    throw new WorkbenchError('INVALID_INPUT', `The target "${name}" is a point in time, which has no classes. Choose another column.`, {
      details: { column: name }
    })
  const isMissing = column.kind === 'category' ? (row: number) => column.codes[row]! < 0 : (row: number) => Number.isNaN(column.values[row])
  const raw = column.kind === 'category' ? column.codes : column.values
  const seen = new Set<number>()
  let present = 0
  for (let row = 0; row < frame.rows; row++)
    if (!isMissing(row)) {
      present++
      seen.add(raw[row]!)
    }
  if (present === 0)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The target "${name}" has no value in any of ${frame.rows} rows. Choose another column or table.`,
      {
        details: { column: name, rows: frame.rows }
      }
    )
  const valueOf = (code: number): TargetValue =>
    column.kind === 'category' ? column.categories[code]! : column.kind === 'boolean' ? code === 1 : code
  const keys = [...seen].sort((a, b) => a - b)
  const key = positiveKey(name, column.kind, keys, valueOf, positive)
  const rows = new Uint32Array(present)
  const labels = new Uint8Array(present)
  let at = 0
  let positives = 0
  for (let row = 0; row < frame.rows; row++) {
    if (isMissing(row)) continue
    rows[at] = row
    if (raw[row] === key) positives += labels[at] = 1
    at++
  }
  const negatives = keys.filter((other) => other !== key).map(valueOf)
  return {
    rows,
    labels,
    weights: weight === undefined ? null : readSampleWeights(frame, weight, rows),
    positives,
    withoutTarget: frame.rows - present,
    positive: key < 0 && column.kind === 'category' ? positive! : valueOf(key),
    negatives
  }
}

/**
 * Which of the different values of a column is the event, the one asked for or by `inferEvent`, before a table is read whole.
 * @throws WorkbenchError INVALID_INPUT when there is none, when it is not plain, or when the one asked for is not among them
 */
export function eventAmong(name: string, values: readonly TargetValue[], asked?: TargetValue): TargetValue {
  if (values.length === 0)
    throw new WorkbenchError('INVALID_INPUT', `The target "${name}" has no value in any row. Choose another column.`, {
      details: { column: name }
    })
  if (values.length === 1 && asked === undefined)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `Every row with a value in the target "${name}" has ${show(values)}, so there is nothing to tell apart. Choose another column, or bring rows with both outcomes.`,
      { details: { column: name, values } }
    )
  const kind = values.every((value) => typeof value === 'boolean')
    ? 'boolean'
    : values.every((value) => typeof value === 'number')
      ? 'number'
      : 'category'
  if (kind === 'number') {
    const event = positiveKey(name, kind, values as number[], (key) => key, asked)
    if (values.includes(event)) return event
  } else if (kind === 'boolean') return positiveKey(name, kind, [0, 1], (key) => key === 1, asked) === 1
  else {
    const key = positiveKey(name, kind, [...values.keys()], (index) => String(values[index]), asked)
    if (key >= 0) return values[key]!
  }
  throw new WorkbenchError(
    'INVALID_INPUT',
    `The value ${JSON.stringify(asked)} does not occur in the target "${name}". It has: ${show(values)}. Name one of these.`,
    { details: { column: name, values: values.slice(0, 50) } }
  )
}

function positiveKey(
  name: string,
  kind: 'number' | 'boolean' | 'category',
  keys: number[],
  valueOf: (code: number) => TargetValue,
  asked: TargetValue | undefined
): number {
  const values = keys.map(valueOf)
  if (asked !== undefined) {
    const text = String(asked).trim()
    if (kind === 'boolean') {
      if (/^(true|1)$/i.test(text)) return 1
      if (/^(false|0)$/i.test(text)) return 0
    } else if (kind === 'number') {
      const number = asked === true ? 1 : asked === false ? 0 : Number(text)
      if (text !== '' && Number.isFinite(number)) return number
    } else {
      const at = values.indexOf(String(asked))
      return at >= 0 ? keys[at]! : -1
    }
    return unknown()
  }
  const event = inferEvent(name, values)
  return kind === 'category' ? keys[values.indexOf(event)]! : Number(event)
  function unknown(): never {
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The positive value ${JSON.stringify(asked)} does not occur in the target "${name}". It has: ${show(values)}. Name one of these.`,
      { details: { column: name, values: values.slice(0, 50) } }
    )
  }
}

/** How many rows have which outcome. */
export const plainCounts = ({ labels, positives }: Target) => ({ positives, negatives: labels.length - positives })

/** How many rows have which outcome, as the record of a training writes it, with the sums of their weights where they have any. */
export function countOutcomes(target: Target) {
  const { labels, weights } = target
  if (!weights) return plainCounts(target)
  const sums = [0, 0]
  for (let row = 0; row < labels.length; row++) sums[labels[row]!]! += weights[row]!
  return { ...plainCounts(target), weights: { positives: sums[1]!, negatives: sums[0]! } }
}

/** What a signature says of the outcome: which task it is, what was learned, and what the label and the probabilities mean. */
export function describeOutcome(name: string, { positive, negatives }: Target) {
  return {
    task: 'binary-classification' as const,
    target: { name, positive, negatives: negatives.slice(0, 100) },
    label: `1: ${name} is ${JSON.stringify(positive)}; 0: it is not`,
    probability: 'probability of 0 and of 1, in this order'
  }
}

/** What a trainer should know of the outcomes it was given: rows left out, and too few of the rarer one. */
export function trainingWarnings(name: string, target: Target): string[] {
  const warnings = missingWarning(name, target)
  const rarest = Math.min(target.positives, target.labels.length - target.positives)
  if (rarest < 20)
    warnings.push(`Only ${rarest} ${rarest === 1 ? 'row has' : 'rows have'} the rarer outcome; expect a poor and uncertain model.`)
  return warnings
}

/** Says how many rows were left out for want of an outcome. */
export function missingWarning(name: string, { withoutTarget }: Target): string[] {
  return withoutTarget > 0
    ? [
        `${countOf(withoutTarget, 'row')} ${withoutTarget === 1 ? 'has no value' : 'have no value'} in the target "${name}" and ${withoutTarget === 1 ? 'was' : 'were'} left out.`
      ]
    : []
}

/**
 * The values of the target that training did not see, for a message; empty when there are none.
 * @throws WorkbenchError INVALID_INPUT when it saw none of them: the column means something else, and every figure would be made up
 */
export function assertKnownOutcomes(name: string, target: Target, trained: Pick<BinaryTarget, 'positive' | 'negatives'>): string {
  // A signature lists at most 100 negatives, one from a script perhaps none; then nothing is known to be new.
  if (trained.negatives.length === 0 || trained.negatives.length >= 100) return ''
  // Truth values may come as such, as numbers or as text.
  const alike = (value: TargetValue): string =>
    String(value)
      .toLowerCase()
      .replace(/^true$/, '1')
      .replace(/^false$/, '0')
  const known = new Set(trained.negatives.map(alike))
  const unseen = target.negatives.filter((value) => !known.has(alike(value)))
  if (target.positives === 0 && unseen.length === target.negatives.length)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The target "${name}" has none of the outcomes that the model learned (${show([trained.positive, ...trained.negatives])}). It has: ${show(unseen)}. Choose the column with the same outcomes, or write them alike in a step before.`,
      { details: { column: name, values: unseen.slice(0, 50) } }
    )
  return unseen.length > 0 ? show(unseen) : ''
}

/** @throws WorkbenchError INVALID_INPUT unless both outcomes occur: a model cannot be fitted to one. */
export function assertTwoClasses(name: string, target: Target): void {
  const negatives = target.labels.length - target.positives
  if (target.positives > 0 && negatives > 0) return
  const why =
    target.positives > 0
      ? `positive in the target "${name}": ${show([target.positive])} is its only value`
      : `negative in the target "${name}": the positive value ${show([target.positive])} does not occur. It has: ${show(target.negatives)}`
  throw new WorkbenchError(
    'INVALID_INPUT',
    `Every one of ${target.labels.length} rows is ${why}. A model needs both outcomes. Check the positive value and the split.`,
    { details: { column: name, positives: target.positives, negatives } }
  )
}
