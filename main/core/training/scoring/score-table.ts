import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { WorkbenchError, fromSystemError } from '../../../model/errors'
import { modelSignatureSchema, type ModelSignature } from '../../../model/training'
import { fit, inOneSentence } from '../../../model/schema-words'
import { breathe } from '../../numerics'
import { matchKind } from '../features'
import { columnOf, readFrame, type Frame } from '../../frames'
import { taskOf } from '../../tasks'
import { isClassObjective, widthOf, type Objective } from '../objective'
import { assertProgramAllowed, ExternalModel, isExternalScorer } from './external-scorer'
import type { ChunkScores, ModelScorer, ScoreInput } from './protocol'
import { Scorer } from './scorer'

/** Rows that go through the runtime at once; larger batches made later runs unstable. */
export const chunkRows = 4096

export interface ScoreOptions {
  /** Path of model.onnx. */
  model: string
  /** The signature or its path; by default signature.json beside the model. */
  signature?: ModelSignature | string
  /** Path of an Arrow file, or columns in memory. */
  table: string | Frame
  signal?: AbortSignal
  /** A model that is a program may be started. */
  programs?: 'allowed'
  /** Share done, 0..1. */
  onProgress?: (share: number) => void
}

export interface TableScores {
  rows: number
  /** Numbers for each row: 1 for the probability of the event or an amount, else one for each class. */
  width: number
  /** Row-major [rows * width]. */
  scores: Float64Array
  /** 1 where the probability is at least a half, or the index of the most probable class; empty for amounts. */
  labels: Uint16Array
}

/** @throws WorkbenchError NOT_FOUND, INVALID_INPUT */
export async function readSignature(model: string, signature?: ModelSignature | string): Promise<ModelSignature> {
  if (typeof signature === 'object') return signature
  const path = signature ?? join(dirname(model), 'signature.json')
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw fromSystemError(error, `reading the model's signature ${path}`)
  })
  const refuse = (reason: string, cause?: unknown): never => {
    throw new WorkbenchError('INVALID_INPUT', `The signature ${path} is not valid: ${reason}. Train or export the model again.`, { cause })
  }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    return refuse('it is not JSON', cause)
  }
  const parsed = fit(modelSignatureSchema, json)
  return parsed.success ? parsed.data : refuse(inOneSentence(parsed.problems))
}

/** Reads the columns that a model needs, and more if asked. */
export async function readInputs(table: string | Frame, signature: ModelSignature, also: string[], signal?: AbortSignal): Promise<Frame> {
  if (typeof table !== 'string') return table
  const names = new Set([...signature.inputs.map((input) => input.name), ...also])
  return readFrame(table, [...names], signal)
}

/**
 * Tensors for rows `from` .. `to - 1`.
 * @throws WorkbenchError INVALID_INPUT when a column is missing or of another type than in training
 */
export function collectInputs(frame: Frame, signature: ModelSignature, from: number, to: number): ScoreInput[] {
  return signature.inputs.map(({ name, input, tensor, kind }) => {
    const column = columnOf(frame, name)
    const isEmpty = matchKind(name, column, kind) === 'empty'
    if (tensor === 'string' && isEmpty) return { name: input, tensor, codes: new Int32Array(to - from).fill(-1), texts: [] }
    if (column.kind === 'category' && !isEmpty) return usedTexts(input, column.codes.subarray(from, to), column.categories)
    const values = isEmpty || column.kind === 'category' ? new Float64Array(to - from).fill(NaN) : column.values.slice(from, to)
    return tensor === 'double' ? { name: input, tensor, values } : { name: input, tensor: 'float', values: Float32Array.from(values) }
  })
}

/** Sends only the texts of the chunk: a column may have as many texts as rows. */
function usedTexts(name: string, codes: Int32Array, categories: readonly string[]): ScoreInput {
  const index = new Map<number, number>()
  const texts: string[] = []
  const own = codes.map((code) => {
    if (code < 0) return -1
    let at = index.get(code)
    if (at === undefined) index.set(code, (at = texts.push(categories[code]!) - 1))
    return at
  })
  return { name, tensor: 'string', codes: own, texts }
}

/** Scores with a scorer that is already running. */
export async function scoreFrame(
  scorer: ModelScorer,
  signature: ModelSignature,
  frame: Frame,
  signal?: AbortSignal,
  onProgress?: (share: number) => void
): Promise<TableScores> {
  const objective = taskOf(signature).objectiveOf(signature.target)
  const width = widthOf(objective)
  const step = scorer.chunkRows ?? chunkRows
  const scores = new Float64Array(frame.rows * width)
  const labels = new Uint16Array(isClassObjective(objective) ? frame.rows : 0)
  const take = (from: number, scored: ChunkScores): void => {
    assertAnswers(scored, objective)
    scores.set(scored.scores, from * width)
    // Amounts have none, and a place in an empty list is out of bounds from the second chunk on.
    if (scored.labels.length > 0) labels.set(scored.labels, from)
    onProgress?.(Math.min(from + step, frame.rows) / frame.rows)
  }
  // One chunk is made ready while the other process is at the one before.
  let asked: { from: number; answer: Promise<ChunkScores> } | undefined
  for (let from = 0; from < frame.rows || asked; from += step) {
    await breathe(signal)
    const to = Math.min(from + step, frame.rows)
    const next = from < to ? { from, answer: scorer.score(collectInputs(frame, signature, from, to), to - from) } : undefined
    // Where the one before fails, nobody waits for this one any more.
    next?.answer.catch(() => undefined)
    if (asked) take(asked.from, await asked.answer)
    asked = next
  }
  return { rows: frame.rows, width, scores, labels }
}

/** @throws WorkbenchError INVALID_INPUT when the model states something else than its signature says */
function assertAnswers({ output, width }: ChunkScores, objective: Objective): void {
  const expected = isClassObjective(objective) ? 'probabilities' : 'prediction'
  if (output === expected && width === widthOf(objective)) return
  const says = (name: string, numbers: number): string =>
    `"${name}" with ${name === 'probabilities' && numbers === 1 ? 2 : numbers} for each row`
  throw new WorkbenchError(
    'INVALID_INPUT',
    `The model answers ${says(output, width)}, but its signature promises ${says(expected, widthOf(objective))}. One of the two is wrong: correct the signature, or export the model again.`,
    { details: { output, width, expected: widthOf(objective) } }
  )
}

/**
 * What a model states for every row of a table, by ONNX Runtime in a child process.
 * @throws WorkbenchError INVALID_INPUT, NOT_FOUND, JOB_FAILED (a model that cannot be loaded, a crashed process), CANCELLED
 */
export async function scoreTable(options: ScoreOptions): Promise<TableScores> {
  const signature = await readSignature(options.model, options.signature)
  const frame = await readInputs(options.table, signature, [], options.signal)
  const scorer = await startScorer(options.model, signature, options.signal, options)
  try {
    return await scoreFrame(scorer, signature, frame, options.signal, options.onProgress)
  } finally {
    await scorer.close()
  }
}

export interface StartOptions {
  /** What the model may take to load, and for one chunk of rows. */
  seconds?: number
  /** A model that is a program may be started: a person saw it, as the programs of a pipeline are seen. */
  programs?: 'allowed'
}

/** @throws WorkbenchError JOB_FAILED, INVALID_INPUT, CANCELLED, POLICY_DENIED for a model that is a program where nobody allowed it to start */
export async function startScorer(
  model: string,
  signature: ModelSignature,
  signal?: AbortSignal,
  { seconds, programs }: StartOptions = {}
): Promise<ModelScorer> {
  if (await isExternalScorer(model)) {
    if (programs !== 'allowed') return assertProgramAllowed(model)
    return ExternalModel.open(model, signature, signal, seconds)
  }
  const inputs = signature.inputs.map((input) => input.input)
  return Scorer.start(model, inputs, signal, seconds)
}
