import { WorkbenchError } from '../../model/errors'
import type { ModelSignature } from '../../model/training'
import { columnOf, selectRows, type Frame } from '../frames'
import { collectInputs, startScorer, type RawOutput } from '../training'
import { assertRanks } from './check-ranks'
import { distanceToDecision } from './decided-label'
import { listNames, refuse } from './refuse'

/** Rows that a model is run on before it is taken in. */
const sampleRows = 2000
/** Rows that are scored once more alone: a score must not depend on the rows beside it. */
const aloneRows = 5
/** What a model may take for the sample, seconds: it may never come to an end. */
const usualSeconds = 60
const tolerance = 1e-4

export interface CheckOptions {
  signal?: AbortSignal
  seconds?: number
  /** A model that is a program may be started. */
  programs?: 'allowed'
}
export interface CheckedModel {
  rows: number
  /** Row-major, as many a row as there are classes, or one amount. */
  scores: Float64Array
  warnings: string[]
}

/**
 * Runs a model on rows and holds its signature against what it gives: outputs, shapes, types, probabilities, classes, one row alone.
 * @throws WorkbenchError INVALID_INPUT, naming tensor or column, JOB_TIMEOUT for a model that does not come to an end, CANCELLED
 */
export async function checkModel(
  model: string,
  signature: ModelSignature,
  frame: Frame,
  options: CheckOptions = {}
): Promise<CheckedModel> {
  const sample = spread(frame, sampleRows)
  if (sample.rows === 0) refuse('The table has no row, so the model cannot be tried. Connect rows that it can score.')
  const limit = new AbortController()
  const seconds = options.seconds ?? usualSeconds
  const timer = setTimeout(() => limit.abort(), seconds * 1000)
  const stop = (): void => limit.abort()
  options.signal?.addEventListener('abort', stop, { once: true })
  try {
    return await tryModel(model, signature, sample, limit.signal, options.programs)
  } catch (error) {
    // A program says itself what is wrong with it.
    if (options.signal?.aborted || !limit.signal.aborted) throw options.programs ? error : inOurWords(error)
    throw new WorkbenchError(
      'JOB_TIMEOUT',
      `The model did not finish ${sample.rows} rows in ${seconds} seconds. A loop within it may never end, or it is far too slow. Nothing was taken in: look at its Loop and Scan nodes, or export a simpler model.`,
      { cause: error }
    )
  } finally {
    clearTimeout(timer)
    options.signal?.removeEventListener('abort', stop)
  }
}

async function tryModel(
  model: string,
  signature: ModelSignature,
  sample: Frame,
  signal: AbortSignal,
  programs?: 'allowed'
): Promise<CheckedModel> {
  const scorer = await startScorer(model, signature, signal, { programs })
  try {
    const run = (frame: Frame): Promise<RawOutput[]> => scorer.run(collectInputs(frame, signature, 0, frame.rows), frame.rows)
    const outputs = await run(sample)
    const { width, scores } = readScores(outputs, signature, sample)
    const alone = spread(sample, aloneRows)
    for (let row = 0; row < alone.rows; row++) {
      const one = readScores(await run(selectRows(alone, Uint32Array.of(row))), signature, selectRows(alone, Uint32Array.of(row)))
      const place = rowsOf(sample.rows, aloneRows)[row]!
      for (let at = 0; at < width; at++)
        if (Math.abs(one.scores[at]! - scores[place * width + at]!) > tolerance * Math.max(1, Math.abs(one.scores[at]!)))
          refuse(
            `The model scores a row as ${one.scores[at]} alone and as ${scores[place * width + at]} beside others. A score must not depend on other rows: export the model for single rows.`
          )
    }
    const warnings = assertRanks(sample, signature, scores, width)
    return { rows: sample.rows, scores, warnings }
  } finally {
    await scorer.close()
  }
}

const classCount = (target: ModelSignature['target']): number =>
  'classes' in target ? (target as { classes: unknown[] }).classes.length : 2

/** The scores of a run, held against what the signature says of them. */
function readScores(outputs: readonly RawOutput[], signature: ModelSignature, frame: Frame): { width: number; scores: Float64Array } {
  const isAmount = String(signature.task) === 'regression'
  const width = isAmount ? 1 : classCount(signature.target)
  const name = isAmount ? 'prediction' : 'probabilities'
  const scores = numbersOf(outputs, name, 'float32', [frame.rows, width])
  assertFinite(scores, width, name, signature, frame)
  if (isAmount) return { width, scores }
  const labels = numbersOf(outputs, 'label', 'int64', [frame.rows])
  for (let row = 0; row < frame.rows; row++) {
    const own = scores.subarray(row * width, (row + 1) * width)
    const sum = own.reduce((total, value) => total + value, 0)
    if (own.some((value) => value < -tolerance || value > 1 + tolerance) || Math.abs(sum - 1) > tolerance)
      refuse(
        `The output "${name}" gives ${[...own]
          .slice(0, 5)
          .map((value) => value.toPrecision(4))
          .join(
            ', '
          )} for a row, which are no probabilities: each must be from 0 to 1 and a row must add up to 1. If they are logits, say so with scores: logits; if they are amounts, say task: regression.`,
        { tensor: name }
      )
    const label = labels[row]!
    if (!(label >= 0 && label < width) || distanceToDecision(own, label, signature) > tolerance)
      refuse(
        `The output "label" says ${label} for a row where "${name}" gives ${[...own]
          .slice(0, 5)
          .map((value) => value.toPrecision(4))
          .join(
            ', '
          )}. ${signature.decision ? 'By the decision that signature.json names it would be another' : 'Label and probabilities count the classes in another order'}: correct the export.`,
        { tensor: 'label' }
      )
  }
  return { width, scores }
}

const describe = (type: string, dimensions: readonly number[]): string => `${type} [${dimensions.join(', ')}]`

function numbersOf(outputs: readonly RawOutput[], name: string, type: string, dimensions: readonly number[]): Float64Array {
  const output = outputs.find((each) => each.name === name)
  if (!output)
    return refuse(
      `The model has no output "${name}". It has: ${listNames(outputs.map((each) => each.name))}. Import it, so that it is adapted.`,
      { tensor: name }
    )
  if (
    output.type !== type ||
    output.dimensions.length !== dimensions.length ||
    output.dimensions.some((length, index) => length !== dimensions[index])
  )
    return refuse(
      `The output "${name}" is ${describe(output.type, output.dimensions)} for ${dimensions[0]} rows, and ${describe(type, dimensions)} is needed. Correct the signature, or import the model so that it is adapted.`,
      { tensor: name }
    )
  return Float64Array.from(output.data as ArrayLike<number>, Number)
}

function assertFinite(scores: Float64Array, width: number, name: string, { inputs }: ModelSignature, frame: Frame): void {
  const at = scores.findIndex((value) => !Number.isFinite(value))
  if (at < 0) return
  const row = Math.floor(at / width)
  const missing = inputs.filter((input) => {
    const column = columnOf(frame, input.name)
    return column.kind === 'category' ? column.codes[row]! < 0 : Number.isNaN(column.values[row])
  })
  refuse(
    missing.length > 0
      ? `The model gives no number for a row without a value in ${listNames(missing.map((input) => input.name))}. Fill such values in an SQL step before it, or export the model with an imputer.`
      : `The output "${name}" is not finite for a row in which no value is missing. Look at the model.`,
    { tensor: name, ...(missing[0] && { column: missing[0].name }) }
  )
}

const rowsOf = (rows: number, most: number): number[] =>
  rows <= most ? [...new Array<number>(rows).keys()] : Array.from({ length: most }, (_, index) => Math.floor((index * rows) / most))

const spread = (frame: Frame, most: number): Frame =>
  frame.rows <= most ? frame : selectRows(frame, Uint32Array.from(rowsOf(frame.rows, most)))

/** The runtime's own words, with the operator or tensor that they name put first. */
function inOurWords(error: unknown): unknown {
  if (!(error instanceof WorkbenchError) || error.code !== 'JOB_FAILED') return error
  const text = error.message
  const operator = /([\w.]*:?\w+)\(-?\d+\) is not a registered function\/op/.exec(text)?.[1]
  if (operator)
    return new WorkbenchError(
      'INVALID_INPUT',
      `The model uses the operator "${operator.replace(/^:/, '')}", which the runtime does not have in this version. Export the model again with target_opset=17.`,
      { cause: error, details: { operator } }
    )
  const input = /input: (\S+)|[Ii]nput name: '?(\w+)/.exec(text)
  const reason = text
    .replace(/^The model .* could not be scored: /s, '')
    .replace(/ Check the file, or train it again\.$/, '')
    .slice(0, 500)
  return new WorkbenchError(
    'INVALID_INPUT',
    `The model could not be run on the rows: ${reason.trimEnd().replace(/\.$/, '')}. Nothing was taken in: correct the export or the input columns.`,
    { cause: error, details: { ...error.details, ...(input && { tensor: input[1] ?? input[2] }) } }
  )
}
