import { gradientBoostingParametersSchema, type GradientBoostingParameters } from '../../../model/training'
import { addColumnWarnings } from '../column-warnings'
import { WorkbenchError } from '../../../model/errors'
import { directionsOf } from '../directions'
import { concatTables, deriveEncodings, encodeFeatures, type FeatureEncoding } from '../features'
import { divideRows, settleStopping, type LabelledRows } from '../learning-rows'
import type { Labels, Objective } from '../objective'
import { exportTrees } from '../onnx/export-trees'
import { settleBorders } from '../rounding'
import type { Learned, LearnRequest, Trainer } from '../trainer'
import { mostCategories } from './binning'
import { fitBoosting } from './fit-boosting'
import type { MonotoneDirections } from './monotone'
import { assertTrees, boostedTreesSchema, predictTrees, type BoostedTrees } from './tree'

async function learn(request: LearnRequest<GradientBoostingParameters>): Promise<Learned<BoostedTrees>> {
  const { rows, seed, warnings, given } = request
  const asked = settleStopping(request.parameters, given, request.validation !== null, warnings)
  const offered = { rows, connected: request.validation, terms: request.holdBack, objective: request.objective, seed, given }
  const { training, validation, heldOut, parameters } = divideRows(offered, asked, warnings)
  // Rows that are held back to judge the fit must not shape it, neither by their categories nor by their bins.
  const features = deriveEncodings(training.frame, request.features, (counts) => Math.min(counts.length, mostCategories))
  addColumnWarnings(features, warnings)
  const table = concatTables([training, ...(validation ? [validation] : [])].map(({ frame }) => encodeFeatures(frame, features)))
  const outcomes = joinOutcomes(training, validation)
  const { objective, progress } = request
  const directions = monotoneOf(parameters, features, objective)
  const fit = await fitBoosting({
    objective,
    directions,
    table,
    encodings: features,
    ...outcomes,
    training: training.frame.rows,
    parameters,
    seed,
    progress
  })
  if (fit.uses.every((uses) => uses === 0))
    warnings.push('No column splits the rows under these rules, so every row gets the same answer. Lower the rows per leaf or add data.')
  const { history, bestIteration, stopped, gains, uses } = fit
  const model = settleBorders(fit.model, features)
  return {
    ...{ features, model, history, iterations: history.length, bestIteration, stopped },
    ...{ parameters, amounts: gains, uses, training, validation, heldOut }
  }
}

/** 1 or -1 by feature where what is predicted must not fall or rise with it, else 0; null where no column is named. */
function monotoneOf(
  { rising, falling }: GradientBoostingParameters,
  features: readonly FeatureEncoding[],
  objective: Objective
): MonotoneDirections {
  const directions = directionsOf(rising, falling, features)
  if (directions.every((direction) => direction === null)) return null
  if (objective.name === 'softmax')
    throw new WorkbenchError(
      'INVALID_INPUT',
      'The probabilities of several classes cannot all rise or fall with a column. Leave "Only rising" and "Only falling" empty.'
    )
  return Int8Array.from(directions, (direction) => (direction === 'rising' ? 1 : direction === 'falling' ? -1 : 0))
}

/** Outcomes of the rows to learn from and below them those of the rows that watch. */
function joinOutcomes(training: LabelledRows, validation: LabelledRows | null): { labels: Labels; weights: Float64Array | null } {
  if (!validation) return training
  const rows = training.labels.length + validation.labels.length
  const labels: Labels = new (training.labels.constructor as Float64ArrayConstructor)(rows)
  labels.set(training.labels)
  labels.set(validation.labels, training.labels.length)
  if (!training.weights && !validation.weights) return { labels, weights: null }
  const weights = new Float64Array(rows).fill(1)
  if (training.weights) weights.set(training.weights)
  if (validation.weights) weights.set(validation.weights, training.labels.length)
  return { labels, weights }
}

/** Histogram gradient boosting. */
export const boostingTrainer: Trainer<GradientBoostingParameters, BoostedTrees> = {
  name: 'gradient-boosting',
  objectives: ['logistic', 'softmax', 'squared', 'absolute', 'quantile', 'poisson', 'gamma'],
  parameters: gradientBoostingParametersSchema,
  model: boostedTreesSchema,
  learn,
  predict: (model, features, { columns, rows }) =>
    predictTrees(
      model,
      columns,
      features.map(({ kept }) => kept.length + 1),
      rows
    ),
  stepsPerRow: ({ trees }) => trees.length,
  check: assertTrees,
  exportMargin: exportTrees
}
