import { addColumnWarnings } from '../column-warnings'
import { deriveEncodings, encodeFeatures, type FeatureEncoding } from '../features'
import { applyLink } from '../objective'
import { exactWhereRounded, movedByRounding } from '../rounding'
import { parityLimit } from '../scoring/parity-limit'
import type { Learned, LearnRequest, Trainer } from '../trainer'
import { exportLinear } from '../onnx/export-linear'
import { fitLinear, type LinearSettings } from './fit-linear'
import { predictLinear, type ClassModel, type LinearModel } from './linear-model'
import type { LinearObjective } from './losses'

const names: readonly string[] = ['logistic', 'softmax', 'squared', 'poisson', 'gamma'] satisfies LinearObjective['name'][]
const isLinear = (objective: { name: string }): objective is LinearObjective => names.includes(objective.name)

/** Fits the weights of a linear model to the rows of a request; texts of fewer rows than `minRowsPerCategory` share one weight. */
export async function learnWeights(
  request: LearnRequest<unknown>,
  settings: LinearSettings,
  minRowsPerCategory: number
): Promise<Learned<LinearModel | ClassModel>> {
  const { rows, validation, objective, warnings } = request
  if (!isLinear(objective)) throw new Error(`A linear model does not learn ${objective.name}`)
  const rounded = deriveEncodings(rows.frame, request.features, (counts) => counts.filter((count) => count >= minRowsPerCategory).length)
  addColumnWarnings(rounded, warnings)
  const learnOn = (features: FeatureEncoding[]) =>
    fitLinear(objective, encodeFeatures(rows.frame, features), features, rows.labels, rows.weights, settings, request.progress)
  const first = await learnOn(rounded)
  // Numbers far from zero beside their spread lose in single precision what a weight then makes visible: those models read them as they are.
  const isMoved = movedByRounding(rounded, rows.frame, (table) => applyLink(objective, predictLinear(first.model, table))) >= parityLimit
  const features = isMoved ? exactWhereRounded(rounded, rows.frame) : rounded
  const fit = isMoved ? await learnOn(features) : first
  warnings.push(...fit.findings)
  if (!fit.converged)
    warnings.push(`The fit did not reach its tolerance within ${fit.iterations} iterations; raise the iterations or the penalty.`)
  const { model, history, iterations, spreads, uses, converged, coefficients } = fit
  return {
    ...{ features, model, history, iterations, bestIteration: iterations, stopped: converged ? 'converged' : 'finished', coefficients },
    ...{ amounts: spreads, uses, training: rows, validation, heldOut: validation ? { from: 'input' } : null }
  }
}

/** What all trainers of linear models do alike. */
export const linearMembers = {
  predict: (model, _, table) => predictLinear(model, table),
  stepsPerRow: (model) => ('intercept' in model ? 1 : model.intercepts.length),
  exportMargin: exportLinear
} satisfies Pick<Trainer<never, LinearModel | ClassModel>, 'predict' | 'stepsPerRow' | 'exportMargin'>
