import type { LogisticRegressionParameters, TrainingIteration } from '../../../model/training'
import { breathe } from '../../numerics'
import type { EncodedTable, FeatureEncoding } from '../features'
import type { FitProgress } from '../trainer'
import { minimise, type Objective } from './lbfgs'
import { contributionOf, deriveTerms, type LinearModel, type LinearTerm } from './linear-model'
import { weighUnknownTexts } from './unknown-texts'

export interface LogisticFit {
  model: LinearModel
  history: TrainingIteration[]
  converged: boolean
  iterations: number
  /** Spread (standard deviation) of every feature's part of the log-odds, and its number of weights. */
  spreads: Float64Array
  uses: Int32Array
}

/** One feature in the design: standardised values with a missing mark, or codes; `at` is its first weight. */
type DesignBlock = { at: number; values: Float64Array; missing: Uint8Array | null } | { at: number; codes: Uint32Array; weights: number }

/** Logistic regression with an L2 penalty by L-BFGS. All rows of the table are used; `labels` holds 0 or 1. */
export async function fitLogistic(
  table: EncodedTable,
  encodings: readonly FeatureEncoding[],
  labels: Uint8Array,
  parameters: LogisticRegressionParameters,
  progress: FitProgress = {}
): Promise<LogisticFit> {
  const terms = deriveTerms(table, encodings, parameters.imputation)
  const { blocks, size } = layOut(table, terms)
  const history: TrainingIteration[] = []
  let unpenalised = 0
  const objective = createObjective(blocks, labels, parameters.l2, (loss) => (unpenalised = loss))
  const start = new Float64Array(size)
  let positives = 0
  for (const label of labels) positives += label
  start[0] = Math.log(positives / (labels.length - positives))
  const found = await minimise(objective, start, {
    maxIterations: parameters.maxIterations,
    tolerance: parameters.tolerance,
    onIteration: async (iteration) => {
      const point = { iteration, trainingLoss: unpenalised, validationLoss: null }
      history.push(point)
      progress.onIteration?.(point, iteration / parameters.maxIterations)
      await breathe(progress.signal)
    }
  })
  const fitted = { intercept: found.point[0]!, terms: terms.map((term, index) => withWeights(term, blocks[index]!, found.point)) }
  const model = weighUnknownTexts(fitted, table, encodings, labels)
  const spreads = Float64Array.from(terms, (_, index) => spreadOf(contributionOf(model, index, table)))
  const uses = Int32Array.from(blocks, (block) => ('codes' in block ? block.weights : block.missing ? 2 : 1))
  return { model, history, converged: found.converged, iterations: found.iterations, spreads, uses }
}

function layOut(table: EncodedTable, terms: LinearTerm[]): { blocks: DesignBlock[]; size: number } {
  let size = 1
  const blocks = terms.map((term, index): DesignBlock => {
    const at = size
    const column = table.columns[index]!
    if (term.type === 'category') {
      size += term.weights.length
      return { at, codes: column as Uint32Array, weights: term.weights.length }
    }
    const missing = Uint8Array.from(column, (value) => (value === value ? 0 : 1))
    const missingRows = missing.reduce((sum, mark) => sum + mark, 0)
    const values = Float64Array.from(column, (value) => ((value === value ? value : term.fill) - term.mean) / term.scale)
    // A mark that is always or never set says nothing beyond the intercept.
    const isMarked = missingRows > 0 && missingRows < table.rows
    size += isMarked ? 2 : 1
    return { at, values, missing: isMarked ? missing : null }
  })
  return { blocks, size }
}

/** Mean log loss plus l2 / (2 n) times the squared weights, so that the tolerance does not depend on the number of rows. */
function createObjective(blocks: DesignBlock[], labels: Uint8Array, l2: number, onLoss: (loss: number) => void): Objective {
  const rows = labels.length
  const scores = new Float64Array(rows)
  const residuals = new Float64Array(rows)
  return (point, slope) => {
    scores.fill(point[0]!)
    for (const block of blocks) addBlock(block, point, scores)
    let loss = 0
    let sum = 0
    for (let row = 0; row < rows; row++) {
      const z = scores[row]!
      const e = Math.exp(-Math.abs(z))
      const p = z >= 0 ? 1 / (1 + e) : e / (1 + e)
      loss += Math.log1p(e) + (labels[row] ? Math.max(-z, 0) : Math.max(z, 0))
      sum += residuals[row] = p - labels[row]!
    }
    slope[0] = sum / rows
    for (const block of blocks) blockSlope(block, residuals, slope)
    let squares = 0
    for (let i = 1; i < point.length; i++) {
      slope[i] = (slope[i]! + l2 * point[i]!) / rows
      squares += point[i]! ** 2
    }
    onLoss(loss / rows)
    return (loss + (l2 / 2) * squares) / rows
  }
}

function addBlock(block: DesignBlock, point: Float64Array, scores: Float64Array): void {
  if ('codes' in block) {
    for (let row = 0; row < scores.length; row++) scores[row]! += point[block.at + block.codes[row]!]!
    return
  }
  const weight = point[block.at]!
  for (let row = 0; row < scores.length; row++) scores[row]! += block.values[row]! * weight
  if (!block.missing) return
  const missingWeight = point[block.at + 1]!
  for (let row = 0; row < scores.length; row++) if (block.missing[row]) scores[row]! += missingWeight
}

function blockSlope(block: DesignBlock, residuals: Float64Array, slope: Float64Array): void {
  if ('codes' in block) {
    slope.fill(0, block.at, block.at + block.weights)
    for (let row = 0; row < residuals.length; row++) slope[block.at + block.codes[row]!]! += residuals[row]!
    return
  }
  let sum = 0
  let marked = 0
  for (let row = 0; row < residuals.length; row++) {
    sum += block.values[row]! * residuals[row]!
    if (block.missing?.[row]) marked += residuals[row]!
  }
  slope[block.at] = sum
  if (block.missing) slope[block.at + 1] = marked
}

function withWeights(term: LinearTerm, block: DesignBlock, point: Float64Array): LinearTerm {
  if (term.type === 'category') return { type: 'category', weights: [...point.subarray(block.at, block.at + term.weights.length)] }
  const isMarked = 'missing' in block && block.missing !== null
  return { ...term, weight: point[block.at]!, missingWeight: isMarked ? point[block.at + 1]! : 0 }
}

function spreadOf(values: Float64Array): number {
  let mean = 0
  for (const value of values) mean += value / values.length
  let squares = 0
  for (const value of values) squares += (value - mean) ** 2
  return Math.sqrt(squares / values.length)
}
