import {
  explainableBoostingParametersSchema,
  type ExplainableBoostingParameters
} from '../../../model/training-parameters/explainable-boosting'
import { addColumnWarnings } from '../column-warnings'
import { directionsOf } from '../directions'
import { deriveEncodings, encodeFeatures } from '../features'
import { divideRows, settleStopping, type LabelledRows } from '../learning-rows'
import { widthOf } from '../objective'
import type { Learned, LearnRequest, Trainer } from '../trainer'
import { groupsOf } from './bags'
import { keepCategories, mostTexts } from './categories'
import { exportShapes } from './export'
import { fitShapes } from './fit'
import { checkShapes, predictShapes, shapesModelSchema, type ShapesModel } from './model'
import { amountsOf, drawShapes, usesOf } from './shapes'

async function learn(request: LearnRequest<ExplainableBoostingParameters>): Promise<Learned<ShapesModel>> {
  const { rows, seed, warnings, given, objective, progress } = request
  const asked = settleStopping(request.parameters, given, request.validation !== null, warnings)
  const offered = { rows, connected: request.validation, terms: request.holdBack, objective, seed, given }
  const { training, validation, heldOut, parameters } = divideRows(offered, asked, warnings, 'rounds')
  const features = deriveEncodings(training.frame, request.features, keepCategories(parameters))
  const directions = directionsOf(parameters.rising, parameters.falling, features)
  addColumnWarnings(features, warnings, mostTexts)
  const encoded = ({ frame, labels, weights }: LabelledRows) => ({
    table: encodeFeatures(frame, features),
    labels,
    weights: weights ?? new Float64Array(frame.rows).fill(1)
  })
  const fit = await fitShapes({
    ...{ objective, parameters, features, directions, seed, progress },
    training: { ...encoded(training), groups: groupsOf(training.frame, request.holdBack) },
    watching: validation && encoded(validation)
  })
  const { model, history, kept, stopped } = fit
  warnOfShapes(model, parameters, widthOf(objective), warnings)
  return {
    ...{ features, model, history, iterations: history.length, bestIteration: kept, stopped },
    ...{ parameters, amounts: amountsOf(model), uses: usesOf(model), training, validation, heldOut }
  }
}

function warnOfShapes(model: ShapesModel, { pairs }: ExplainableBoostingParameters, width: number, warnings: string[]): void {
  if (usesOf(model).every((uses) => uses === 0))
    warnings.push(
      'No column made the loss on the validation rows better, so every row gets the same prediction. Lower the rows per leaf or add data.'
    )
  else if (pairs > 0 && width > 1)
    warnings.push('With more than two classes no pairs of columns are fitted; the model has one shape per class.')
}

/** Explainable boosting. */
export const explainableBoostingTrainer: Trainer<ExplainableBoostingParameters, ShapesModel> = {
  name: 'explainable-boosting',
  objectives: ['logistic', 'softmax', 'squared', 'poisson', 'gamma'],
  parameters: explainableBoostingParametersSchema,
  model: shapesModelSchema,
  learn,
  predict: predictShapes,
  stepsPerRow: ({ shapes, pairs }) => shapes.length + pairs.length,
  check: (model, features, objective) => checkShapes(model, features, widthOf(objective)),
  exportMargin: exportShapes,
  glassBox: drawShapes
}
