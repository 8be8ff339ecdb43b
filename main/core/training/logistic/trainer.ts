import { logisticRegressionParametersSchema, type LogisticRegressionParameters } from '../../../model/training'
import { addColumnWarnings } from '../column-warnings'
import { deriveEncodings, encodeFeatures, type FeatureEncoding } from '../features'
import { applyLink } from '../objective'
import { exportLinear } from '../onnx/export-linear'
import { exactWhereRounded, movedByRounding } from '../rounding'
import { parityLimit } from '../scoring/parity-limit'
import type { Learned, LearnRequest, Trainer } from '../trainer'
import { fitLogistic } from './fit-logistic'
import { assertTerms, linearModelSchema, predictLinear, type LinearModel } from './linear-model'

async function learn(request: LearnRequest<LogisticRegressionParameters>): Promise<Learned<LinearModel>> {
  const { rows, validation, parameters, objective, warnings } = request
  const isKept = (count: number): boolean => count >= parameters.minRowsPerCategory
  const rounded = deriveEncodings(rows.frame, request.features, (counts) => counts.filter(isKept).length)
  addColumnWarnings(rounded, warnings)
  const learnOn = (features: FeatureEncoding[]) =>
    fitLogistic(encodeFeatures(rows.frame, features), features, Uint8Array.from(rows.labels), parameters, request.progress)
  const first = await learnOn(rounded)
  // Numbers far from zero beside their spread lose in single precision what a weight then makes visible: those models read them as they are.
  const isMoved = movedByRounding(rounded, rows.frame, (table) => applyLink(objective, predictLinear(first.model, table))) >= parityLimit
  const features = isMoved ? exactWhereRounded(rounded, rows.frame) : rounded
  const fit = isMoved ? await learnOn(features) : first
  if (!fit.converged) warnings.push(`The fit did not reach its tolerance within ${fit.iterations} iterations; raise the iterations or L2.`)
  const { model, history, iterations, spreads, uses, converged } = fit
  return {
    ...{ features, model, history, iterations, bestIteration: iterations, stopped: converged ? 'converged' : 'finished' },
    ...{ amounts: spreads, uses, training: rows, validation, heldOut: validation ? { from: 'input' } : null }
  }
}

/** Logistic regression. */
export const logisticTrainer: Trainer<LogisticRegressionParameters, LinearModel> = {
  name: 'logistic-regression',
  objectives: ['logistic'],
  parameters: logisticRegressionParametersSchema,
  model: linearModelSchema,
  learn,
  predict: (model, _, table) => predictLinear(model, table),
  stepsPerRow: () => 1,
  check: assertTerms,
  exportMargin: exportLinear
}
