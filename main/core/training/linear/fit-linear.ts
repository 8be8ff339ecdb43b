import type { Coefficient } from '../../../model/coefficients'
import type { TrainingIteration } from '../../../model/training'
import { breathe } from '../../numerics'
import type { EncodedTable, FeatureEncoding } from '../features'
import { widthOf, type Labels } from '../objective'
import type { FitProgress } from '../trainer'
import { layOut, type Design } from './design'
import { describeCoefficients } from './describe-coefficients'
import { minimise } from './lbfgs'
import { classModelOf, contributionOf, type ClassModel, type LinearModel, type LinearTerm } from './linear-model'
import { savedLoss, type LinearObjective } from './losses'
import { minimiseSparse } from './owl-qn'
import { createPenalised } from './penalised'
import { startOf } from './start'
import { assertFittable, scaleTarget } from './target'
import { deriveTerms, type TermLayout } from './terms'
import { weighUnknownTexts } from './unknown-texts'

export interface LinearSettings {
  /** Strength of the penalty on the weights of standardised columns, in units of the sum of losses. */
  penalty: number
  /** Share of the penalty that is L1; the rest is L2. */
  l1Ratio: number
  maxIterations: number
  tolerance: number
  imputation: 'median' | 'mean'
}

export interface LinearFit {
  model: LinearModel | ClassModel
  history: TrainingIteration[]
  converged: boolean
  iterations: number
  /** Spread (standard deviation over the rows) of every feature's part of the margin, and its number of weights. */
  spreads: Float64Array
  uses: Int32Array
  coefficients: Coefficient[]
  /** What the reader should know of the data: outcomes that follow from a column, counts that vary more than Poisson's. */
  findings: string[]
}

/**
 * Fits one linear margin (for `softmax` one for each class) to all rows of the table: the weighted sum of losses plus `penalty` times
 * (l1Ratio * sum of sizes + (1 - l1Ratio) / 2 * sum of squares) of the weights. Numbers are standardised, categories have a weight for each
 * level, intercepts are not penalised. `squared` standardises the outcome too, so that the penalty has no unit.
 * @throws WorkbenchError INVALID_INPUT for outcomes or weights that nothing can be fitted to; CANCELLED
 */
export async function fitLinear(
  objective: LinearObjective,
  table: EncodedTable,
  encodings: readonly FeatureEncoding[],
  labels: Labels,
  rowWeights: Float64Array | null,
  settings: LinearSettings,
  progress: FitProgress = {}
): Promise<LinearFit> {
  const weights = rowWeights ?? new Float64Array(table.rows).fill(1)
  assertFittable(objective, labels, weights)
  const terms = deriveTerms(table, encodings, weights, settings.imputation)
  const design = layOut(table, terms)
  const target = scaleTarget(objective, labels, weights)
  const lossUnit = lossUnitOf(objective, labels, weights, target.scale)
  const penalised = createPenalised(objective, design, target.labels, weights, settings)
  const history: TrainingIteration[] = []
  const options = {
    maxIterations: settings.maxIterations,
    tolerance: settings.tolerance,
    onIteration: async (iteration: number) => {
      const point = { iteration, trainingLoss: lossUnit(penalised.loss()), validationLoss: null }
      history.push(point)
      progress.onIteration?.(point, iteration / settings.maxIterations)
      await breathe(progress.signal)
    }
  }
  const start = startOf(objective, design, target.labels, weights)
  const found = penalised.l1
    ? await minimiseSparse(penalised.smooth, start, penalised.l1, options)
    : await minimise(penalised.smooth, start, options)
  const fitted = Array.from({ length: widthOf(objective) }, (_, k) =>
    modelFrom(terms, design, found.point.subarray(k * design.size, (k + 1) * design.size), target)
  )
  const outputs = weighUnknownTexts(objective, fitted, table, encodings, labels, weights)
  const described = await describeCoefficients(
    { objective, design, terms, encodings, weights, target, settings, point: found.point },
    progress.signal
  )
  return {
    model: outputs.length === 1 ? outputs[0]! : classModelOf(outputs),
    history,
    converged: found.converged,
    iterations: found.iterations,
    spreads: Float64Array.from(terms, (_, index) =>
      Math.sqrt(outputs.reduce((sum, output) => sum + spreadOf(contributionOf(output, index, table)) ** 2, 0))
    ),
    uses: Int32Array.from(design.blocks, (block) => ('codes' in block ? block.weights : block.missing ? 2 : 1)),
    ...described
  }
}

/** From the sum of losses to what the history says: the mean log loss of classes, the mean deviance of amounts (squared: the squared error). */
function lossUnitOf(objective: LinearObjective, labels: Labels, weights: Float64Array, scale: number): (loss: number) => number {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  if (objective.name === 'logistic' || objective.name === 'softmax') return (loss) => loss / total
  const saved = savedLoss(objective, labels, weights)
  return (loss) => (2 * scale * scale * (loss + saved)) / total
}

function modelFrom(
  terms: readonly TermLayout[],
  design: Design,
  point: Float64Array,
  { mean, scale }: { mean: number; scale: number }
): LinearModel {
  return {
    intercept: mean + scale * point[0]!,
    terms: terms.map((term, index): LinearTerm => {
      const block = design.blocks[index]!
      if (term.type === 'category')
        return { type: 'category', weights: Array.from({ length: term.codes }, (_, code) => scale * point[block.at + code]!) }
      const isMarked = 'missing' in block && block.missing !== null
      return { ...term, weight: scale * point[block.at]!, missingWeight: isMarked ? scale * point[block.at + 1]! : 0 }
    })
  }
}

function spreadOf(values: Float64Array): number {
  let mean = 0
  for (const value of values) mean += value / values.length
  let squares = 0
  for (const value of values) squares += (value - mean) ** 2
  return Math.sqrt(squares / values.length)
}
