import { WorkbenchError } from '../../model/errors'
import type { TargetValue } from '../../model/training'
import { columnOf, type Frame } from './frame'

/** The outcome of every row that has one: `rows` are the row numbers, `labels` 1 for the positive value and 0 for any other. */
export interface Target {
  rows: Uint32Array
  labels: Uint8Array
  positives: number
  withoutTarget: number
  positive: TargetValue
  negatives: TargetValue[]
}

const affirmative = new Set(['yes', 'y', 'true', 't', '1', 'positive'])
const show = (values: readonly TargetValue[]): string =>
  values
    .slice(0, 20)
    .map((value) => (typeof value === 'string' ? `"${value}"` : String(value)))
    .join(', ') + (values.length > 20 ? ` and ${values.length - 20} more` : '')

/**
 * Turns a column into a binary outcome. Without `positive`: true for booleans, 1 for 0/1 numbers, the yes-like one of two texts.
 * Rows without a value are left out and counted.
 * @throws WorkbenchError INVALID_INPUT when the positive value is missing from the column or cannot be guessed
 */
export function deriveTarget(frame: Frame, name: string, positive?: TargetValue): Target {
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
    positives,
    withoutTarget: frame.rows - present,
    positive: key < 0 && column.kind === 'category' ? positive! : valueOf(key),
    negatives
  }
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
      if (text !== '' && Number.isFinite(number)) return keys.includes(number) || isBinary(keys, number) ? number : unknown()
    } else {
      const at = values.indexOf(String(asked))
      return at >= 0 ? keys[at]! : -1
    }
    return unknown()
  }
  if (kind === 'boolean') return 1
  if (kind === 'number' && keys.every((value) => value === 0 || value === 1)) return 1
  if (kind === 'category' && keys.length <= 2) {
    const yes = keys.filter((code) => affirmative.has(String(valueOf(code)).trim().toLowerCase()))
    if (yes.length === 1) return yes[0]!
  }
  throw new WorkbenchError(
    'INVALID_INPUT',
    `It is not clear which value of the target "${name}" counts as positive. It has ${keys.length}: ${show(values)}. Name the positive one.`,
    { details: { column: name, values: values.slice(0, 50) } }
  )
  function unknown(): never {
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The positive value ${JSON.stringify(asked)} does not occur in the target "${name}". It has: ${show(values)}. Name one of these.`,
      { details: { column: name, values: values.slice(0, 50) } }
    )
  }
}

const isBinary = (keys: number[], asked: number): boolean => (asked === 0 || asked === 1) && keys.every((key) => key === 0 || key === 1)

/** @throws WorkbenchError INVALID_INPUT unless both outcomes occur: a model cannot be fitted to one. */
export function assertTwoClasses(name: string, target: Target): void {
  const negatives = target.labels.length - target.positives
  if (target.positives > 0 && negatives > 0) return
  const seen = target.positives > 0 ? 'positive' : 'negative'
  throw new WorkbenchError(
    'INVALID_INPUT',
    `Every one of ${target.labels.length} rows is ${seen} in the target "${name}" (positive is ${JSON.stringify(target.positive)}; values: ${show([...(target.positives > 0 ? [target.positive] : []), ...target.negatives])}). A model needs both outcomes. Check the positive value and the split.`,
    { details: { column: name, positives: target.positives, negatives } }
  )
}
