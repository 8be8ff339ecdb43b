import { promises as fs } from 'node:fs'
import { join } from 'node:path'
import { isSetScore, rankFor, scaleAt, type IntervalsRecord, type SignedIntervals } from '../../model/conformal'
import { WorkbenchError } from '../../model/errors'
import type { Sha256 } from '../../model/reference'
import type { ModelSignature } from '../../model/training'
import { sha256 } from '../../storage/objects/durable-files'
import { readFrame } from '../frames'
import { countSizes, heldRows, kishRows, pickOutcomes, probabilitiesAt, taskOf, type AnsweredRows } from '../tasks'
import { readSignature, scoreFrame, startScorer } from '../training'
import { expectedCoverage, fewestFor } from './expected-coverage'
import { weightedQuantile, weightedRank } from './weighted-quantile'

export interface IntervalChoice {
  /** By default as wide everywhere for amounts, one bound for a quantile, and the smallest sets for classes. */
  score?: SignedIntervals['score']
  /** 0.9 by default, and of a model of a quantile what that quantile says. */
  coverage?: number
  /** Of the normalised score: the width grows with the prediction to this power; by default as the objective lets outcomes spread. */
  power?: number
}

export interface ConformRequest extends IntervalChoice {
  /** Paths of model.onnx and signature.json. */
  model: string
  signature: string
  /** Path of an Arrow file with rows that the model never saw, and its SHA-256. */
  table: string
  tableSha256: Sha256
  /** Column with what each row counts. */
  weight?: string
  /** Folder that gets signature.json and intervals.json. */
  folder: string
  /** What is not known of the rows, as warnings of the record. */
  doubts?: readonly string[]
  signal?: AbortSignal
}

const fewest = 20
/** The width does not fall below that of this share of the mean prediction. */
const floorShare = 0.01
const refuse = (message: string): never => {
  throw new WorkbenchError('INVALID_INPUT', message)
}

/**
 * Measures on rows with known outcomes how far answers are off, and writes into the signature what has to lie around an answer so that a share
 * of new outcomes is within: split-conformal prediction, which holds for any model and any data that is drawn alike.
 * @throws WorkbenchError INVALID_INPUT, JOB_FAILED, CANCELLED
 */
export async function conformModel(request: ConformRequest): Promise<{ signature: ModelSignature; record: IntervalsRecord }> {
  const { folder, signal } = request
  const signature = await readSignature(request.model, request.signature)
  if (signature.intervals) refuse('The model has intervals or sets already. Connect the model before that step.')
  const frame = await readFrame(request.table, undefined, signal)
  const rows = taskOf(signature).rowsToJudge(frame, signature.target.name, signature.target, { weight: request.weight })
  const scorer = await startScorer(request.model, signature, signal)
  const { scores, width } = await scoreFrame(scorer, signature, rows.frame, signal).finally(() => scorer.close())
  const answered = Uint32Array.from({ length: rows.frame.rows }, (_, row) => row).filter((row) =>
    scores.subarray(row * width, (row + 1) * width).every(Number.isFinite)
  )
  const own = new Float64Array(answered.length * width)
  answered.forEach((row, at) => own.set(scores.subarray(row * width, (row + 1) * width), at * width))
  const { labels, weights } = pickOutcomes(rows.target, answered)
  const known: CountedRows = { scores: own, width, labels, weights }
  const intervals = { ...settleIntervals(signature, request, known, request.tableSha256), ...(weights && { weight: request.weight }) }
  const { sizes } = heldRows(intervals, known)
  const weightOf = (row: number): number => weights?.[row] ?? 1
  const size = sizes.reduce((sum, each, row) => sum + weightOf(row) * each, 0) / sizes.reduce((sum, _, row) => sum + weightOf(row), 0)
  const effectiveRows = weights && kishRows(weights)
  const record: IntervalsRecord = {
    schema: 'drydock.intervals',
    version: 1,
    target: signature.target.name,
    algorithm: signature.algorithm,
    model: sha256(await fs.readFile(request.model)),
    rows: { table: request.tableSha256, read: frame.rows, used: answered.length },
    intervals,
    expected: expectedOf(intervals.coverage, answered.length, weights),
    ...(effectiveRows !== null && { effectiveRows }),
    size: Number.isFinite(size) ? size : null,
    ...(isSetScore(intervals.score) && { sizes: countSizes(sizes) }),
    warnings: [
      ...(request.doubts ?? []),
      ...warningsOf(rows.frame.rows - answered.length, 'exposure' in signature.target && signature.target.exposure !== undefined)
    ]
  }
  const signed = { ...signature, intervals }
  await fs.mkdir(folder, { recursive: true })
  await fs.writeFile(join(folder, 'signature.json'), `${JSON.stringify(signed, null, 2)}\n`)
  await fs.writeFile(join(folder, 'intervals.json'), `${JSON.stringify(record, null, 2)}\n`)
  return { signature: signed, record }
}

function expectedOf(coverage: number, rows: number, weights: Float64Array | null): IntervalsRecord['expected'] {
  if (!weights) return expectedCoverage(rows, rankFor(rows, coverage))
  const plain = Math.floor(kishRows(weights))
  return expectedCoverage(plain, weightedRank(plain, weights, coverage))
}

/** Rows with what each counts; null where all count the same. */
type CountedRows = AnsweredRows & { weights?: Float64Array | null }

/**
 * The promise that rows with known outcomes allow.
 * @throws WorkbenchError INVALID_INPUT for a choice that does not go with the model, and for too few rows
 */
export function settleIntervals(signature: ModelSignature, choice: IntervalChoice, known: CountedRows, table: Sha256): SignedIntervals {
  const { score, coverage } = settleChoice(signature, choice)
  const rows = known.labels.length
  const weights = known.weights ?? null
  const needed = Math.max(fewest, fewestFor(coverage))
  const counted = weights ? Math.floor(kishRows(weights)) : rows
  if (counted < needed)
    refuse(
      `A coverage of ${coverage * 100}% needs at least ${needed} rows with a known outcome, and there are ${rows}${weights ? `, which by their weights say as much as ${counted}` : ''}. Give more rows, or ask for less.`
    )
  const shared = { method: 'split-conformal' as const, coverage, rows, table }
  const shape = shapeOf(signature, score, choice, known)
  const measured = scoresOf({ ...shape, ...shared, quantile: 0 } as SignedIntervals, known)
  const quantile = weights ? weightedQuantile(measured, weights, coverage) : measured.sort()[rankFor(rows, coverage) - 1]!
  if (quantile === Infinity && weights && measured.every(Number.isFinite))
    refuse(
      `One row counts so much that nothing is known of ${((1 - coverage) * 100).toPrecision(3)}% of new rows that may count as much. Look at the largest weights, give more rows, or ask for less.`
    )
  if (!Number.isFinite(quantile))
    refuse(
      `More than ${((1 - coverage) * 100).toPrecision(3)}% of these rows have a class that the model does not know, so no set of its classes holds ${coverage * 100}%. Look at the classes of the table.`
    )
  return { ...shape, ...shared, quantile } as SignedIntervals
}

function settleChoice({ target, outputs }: ModelSignature, choice: IntervalChoice): { score: SignedIntervals['score']; coverage: number } {
  const isAmount = outputs.some(({ name }) => name === 'prediction')
  const quantile = 'objective' in target && target.objective === 'quantile' ? (target.quantile ?? 0.5) : null
  const score = choice.score ?? (isAmount ? (quantile === null ? 'absolute' : 'quantile') : 'lac')
  if (isSetScore(score) === isAmount)
    refuse(
      isAmount
        ? `The model states an amount, and "${score}" makes sets of classes. Choose absolute or normalised.`
        : `The model states probabilities, and "${score}" makes intervals of amounts. Choose lac or aps.`
    )
  if (score === 'quantile' && quantile === null)
    refuse(
      'The score "quantile" moves the bound of a model of a quantile, and this model has another objective. Choose absolute or normalised.'
    )
  const usual = score === 'quantile' ? Math.max(quantile!, 1 - quantile!) : 0.9
  const coverage = choice.coverage ?? usual
  if (!(coverage > 0 && coverage < 1)) refuse(`The coverage ${coverage} is no share of rows. Give a number between 0 and 1, such as 0.9.`)
  return { score, coverage }
}

type Shape =
  | { score: 'absolute' | 'lac' | 'aps' }
  | { score: 'normalised'; power: number; floor: number }
  | { score: 'quantile'; side: 'upper' | 'lower' }

function shapeOf({ target }: ModelSignature, score: SignedIntervals['score'], { power }: IntervalChoice, known: AnsweredRows): Shape {
  if (score === 'normalised') {
    const mean = known.scores.reduce((sum, each) => sum + Math.abs(each), 0) / known.scores.length
    if (!(mean > 0)) refuse('The model predicts nothing but zero, so intervals cannot grow with the prediction. Choose the score absolute.')
    // The standard deviation of a count grows with the root of its mean, that of gamma amounts with the mean.
    const isCount = 'objective' in target && target.objective === 'poisson'
    return { score, power: power ?? (isCount ? 0.5 : 1), floor: floorShare * mean }
  }
  if (score === 'quantile') return { score, side: 'quantile' in target && (target.quantile ?? 0.5) < 0.5 ? 'lower' : 'upper' }
  return { score }
}

/** How far each row is off, in what the score counts in. A class that the model does not know is off by more than anything. */
function scoresOf(shape: SignedIntervals, known: AnsweredRows): Float64Array {
  return Float64Array.from({ length: known.labels.length }, (_, row) => {
    const label = known.labels[row]!
    if (isSetScore(shape.score)) return setScore(shape.score, probabilitiesAt(known, row), label)
    const residual = label - known.scores[row]!
    if (shape.score === 'quantile') return shape.side === 'upper' ? residual : -residual
    return shape.score === 'normalised' ? Math.abs(residual) / scaleAt(shape, known.scores[row]!) : Math.abs(residual)
  })
}

function setScore(score: SignedIntervals['score'], probabilities: readonly number[], label: number): number {
  const own = probabilities[label]
  if (own === undefined) return Infinity
  if (score === 'lac') return 1 - own
  // In the order in which a set is filled, so that sums are equal to the last bit.
  const order = probabilities.map((_, place) => place).sort((a, b) => probabilities[b]! - probabilities[a]! || a - b)
  let held = 0
  for (const place of order) {
    held += probabilities[place]!
    if (place === label) break
  }
  return held
}

const warningsOf = (unanswered: number, isRate: boolean): string[] => [
  ...(unanswered > 0 ? [`${unanswered} rows were left out: the model has no answer to them, and for such rows nothing is promised.`] : []),
  ...(isRate ? ['The intervals are of rates for one unit of the exposure, and the same whatever the exposure of a row.'] : [])
]
