import { gradientBoostingParametersSchema, type GradientBoostingParameters } from '../../../model/training'
import { addColumnWarnings } from '../column-warnings'
import { concatTables, deriveEncodings, encodeFeatures } from '../features'
import { divideRows, settleStopping } from '../learning-rows'
import { exportTrees } from '../onnx/export-trees'
import { settleBorders } from '../rounding'
import type { Learned, LearnRequest, Trainer } from '../trainer'
import { mostCategories } from './binning'
import { fitBoosting } from './fit-boosting'
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
  const labels = new Uint8Array(table.rows)
  labels.set(training.labels)
  if (validation) labels.set(validation.labels, training.labels.length)
  const all = Uint32Array.from(labels.keys())
  const [learned, watching] = [all.slice(0, training.labels.length), all.slice(training.labels.length)]
  const fit = await fitBoosting(table, features, labels, learned, watching, parameters, seed, request.progress)
  if (fit.uses.every((uses) => uses === 0))
    warnings.push(
      'No column splits the rows under these rules, so every row gets the same probability. Lower the rows per leaf or add data.'
    )
  const { history, bestIteration, stopped, gains, uses } = fit
  const model = settleBorders(fit.model, features)
  return {
    ...{ features, model, history, iterations: history.length, bestIteration, stopped },
    ...{ amounts: gains, uses, training, validation, heldOut }
  }
}

/** Histogram gradient boosting. */
export const boostingTrainer: Trainer<GradientBoostingParameters, BoostedTrees> = {
  name: 'gradient-boosting',
  objectives: ['logistic'],
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
