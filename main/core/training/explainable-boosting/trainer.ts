import {
  explainableBoostingParametersSchema,
  type ExplainableBoostingParameters
} from '../../../model/training-parameters/explainable-boosting'
import { addColumnWarnings } from '../column-warnings'
import { directionsOf } from '../directions'
import { selectRows } from '../../frames'
import { pickOutcomes } from '../../tasks'
import { deriveEncodings, encodeFeatures, type EncodedTable, type FeatureEncoding } from '../features'
import { divideRows, settleStopping, type LabelledRows } from '../learning-rows'
import { applyLink, widthOf } from '../objective'
import type { Learned, LearnRequest, Trainer } from '../trainer'
import { groupsOf } from './bags'
import { keepCategories, mostTexts } from './categories'
import { exportShapes } from './export'
import { fitShapes, type ShapesFit } from './fit'
import { checkShapes, predictLeftOut, predictShapes, shapesModelSchema, type ShapesModel } from './model'
import { settlePairs } from './pair-count'
import { amountsOf, drawShapes, usesOf } from './shapes'

async function learn(request: LearnRequest<ExplainableBoostingParameters>): Promise<Learned<ShapesModel>> {
  const { rows, seed, warnings, given, objective, progress } = request
  const settled = settlePairs(request.parameters, given, rows.frame.rows)
  const asked = settleStopping(settled, given, request.validation !== null, warnings)
  const offered = { rows, connected: request.validation, terms: request.holdBack, objective, seed, given }
  const division = divideRows(offered, asked, warnings, 'rounds')
  const { heldOut, parameters } = division
  // Later rows watch for earlier ones; else, with bags enough to leave out each row once, all rows are learned from and all watch.
  const isWatchedByLeft =
    parameters.bags * parameters.validationFraction >= 1 && heldOut?.from === 'training table' && heldOut.by !== 'time'
  const training = isWatchedByLeft ? rows : division.training
  const validation = isWatchedByLeft ? null : division.validation
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
    watching: validation && encoded(validation),
    isWatchedByLeft
  })
  const { model, history, kept, stopped } = fit
  warnOfShapes(model, parameters, widthOf(objective), warnings)
  return {
    ...{ features, model, history, iterations: history.length, bestIteration: kept, stopped },
    ...{ parameters, amounts: amountsOf(model), uses: usesOf(model), training, validation, heldOut },
    ...(isWatchedByLeft && judgedByLeft(request, fit, features, heldOut))
  }
}

/** The rows that bags left out judge the fit by those bags alone. */
function judgedByLeft(
  { rows, objective }: LearnRequest<unknown>,
  { model, parts }: ShapesFit,
  features: FeatureEncoding[],
  heldOut: NonNullable<Learned<ShapesModel>['heldOut']>
) {
  const judged = Uint32Array.from(rows.labels.keys()).filter((row) => parts.some(({ left }) => left[row] === 1))
  return {
    validation: { frame: selectRows(rows.frame, judged), ...pickOutcomes(rows, judged) },
    heldOut: { ...heldOut, inTurn: true as const },
    stated: (table: EncodedTable, chosen: Uint32Array): Float64Array => {
      const origin = chosen.map((at) => judged[at]!)
      return applyLink(objective, predictLeftOut(model, parts, features, table, origin))
    }
  } satisfies Partial<Learned<ShapesModel>>
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
