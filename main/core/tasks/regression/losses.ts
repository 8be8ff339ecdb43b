import { quantileOf, type Aim } from '../../../model/tasks/regression'

/** y ln(y / p), 0 where y is 0. */
const logTerm = (outcome: number, prediction: number): number => (outcome === 0 ? 0 : outcome * Math.log(outcome / prediction))

/**
 * The loss of one row by the objective: squared or absolute error, pinball loss (Koenker and Bassett 1978), unit deviance of Poisson or gamma
 * (Jorgensen 1997), as scikit-learn's metrics have them. NaN for a prediction that is not above zero where the logarithm of it is asked for.
 */
export function lossOf(aim: Aim, outcome: number, prediction: number): number {
  const error = outcome - prediction
  switch (aim.objective) {
    case 'squared':
      return error * error
    case 'absolute':
      return Math.abs(error)
    case 'quantile':
      return error >= 0 ? quantileOf(aim) * error : (quantileOf(aim) - 1) * error
    case 'poisson':
      return prediction > 0 ? 2 * Math.max(0, logTerm(outcome, prediction) - error) : NaN
    case 'gamma':
      return prediction > 0 ? 2 * Math.max(0, Math.log(prediction / outcome) + outcome / prediction - 1) : NaN
  }
}

/** The loss of every row. */
export const lossesOf = (aim: Aim, labels: Float64Array, predictions: Float64Array): Float64Array =>
  labels.map((label, row) => lossOf(aim, label, predictions[row]!))

/** What is stated for every row. */
export const constantOf = (rows: number, amount: number): Float64Array => new Float64Array(rows).fill(amount)
