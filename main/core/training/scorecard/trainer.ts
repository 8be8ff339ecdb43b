import { scorecardParametersSchema, type ScorecardParameters } from '../../../model/training-parameters/scorecard'
import { WorkbenchError } from '../../../model/errors'
import { addColumnWarnings } from '../column-warnings'
import { listed } from '../../frames'
import { deriveEncodings, encodeFeatures } from '../features'
import type { Learned, LearnRequest, Trainer } from '../trainer'
import { exportScorecard } from './export'
import { fitScorecard } from './fit'
import { checkScorecard, drawPoints, predictScorecard, scorecardModelSchema, type ScorecardModel } from './model'

async function learn(request: LearnRequest<ScorecardParameters>): Promise<Learned<ScorecardModel>> {
  const { rows, validation, parameters, warnings, progress } = request
  const keep = (counts: readonly number[]): number => counts.filter((count) => count >= parameters.minRowsPerCategory).length
  const features = deriveEncodings(rows.frame, request.features, keep)
  addColumnWarnings(features, warnings)
  const weights = rows.weights ?? new Float64Array(rows.frame.rows).fill(1)
  assertEnough(rows.labels, weights, parameters)
  const { model, history, converged, weak } = fitScorecard(encodeFeatures(rows.frame, features), features, rows.labels, weights, parameters)
  for (const point of history) progress.onIteration?.(point, point.iteration / history.length)
  if (!converged) warnings.push('The weights did not settle; raise L2 or leave out columns that say the same.')
  if (weak.length === features.length)
    warnings.push(
      'No column says more of the event than chance would, so every row gets the same points. Add data or columns, or lower the least information value.'
    )
  else if (weak.length > 0)
    warnings.push(
      `The table has no points for ${listed(weak)}: too little information, no more than chance, or none beyond the other columns.`
    )
  const uses = Int32Array.from(model.characteristics, ({ weight, bins }) => (weight === null ? 0 : bins.length))
  const amounts = Float64Array.from(model.characteristics, ({ weight, iv }) =>
    weight === null ? 0 : Math.abs(weight) * Math.sqrt(Math.max(0, iv))
  )
  return {
    ...{
      features,
      model,
      history,
      iterations: history.length,
      bestIteration: history.length,
      stopped: converged ? 'converged' : 'finished'
    },
    ...{ amounts, uses, training: rows, validation, heldOut: validation ? { from: 'input' } : null }
  }
}

/** @throws WorkbenchError INVALID_INPUT where even two bins would lack events or others */
function assertEnough(labels: ArrayLike<number>, weights: Float64Array, { minEvents }: ScorecardParameters): void {
  let events = 0
  let others = 0
  weights.forEach((weight, row) => {
    if (labels[row]) events += weight
    else others += weight
  })
  const least = Math.max(1, minEvents)
  if (events >= 2 * least && others >= 2 * least) return
  const [what, count] = events < others ? ['events', events] : ['rows without the event', others]
  throw new WorkbenchError(
    'INVALID_INPUT',
    `The training rows have ${Number(count.toPrecision(6))} ${what}, but two bins with ${least} in each need ${2 * least}. Add rows${minEvents > 1 ? ', or lower the events per bin' : ''}.`,
    { details: { events, others, minEvents } }
  )
}

/** A points scorecard. */
export const scorecardTrainer: Trainer<ScorecardParameters, ScorecardModel> = {
  name: 'scorecard',
  objectives: ['logistic'],
  parameters: scorecardParametersSchema,
  model: scorecardModelSchema,
  learn,
  predict: predictScorecard,
  stepsPerRow: ({ characteristics }) => characteristics.length,
  check: checkScorecard,
  exportMargin: exportScorecard,
  glassBox: drawPoints
}
