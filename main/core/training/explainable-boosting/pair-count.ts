import type { ExplainableBoostingParameters } from '../../../model/training-parameters/explainable-boosting'

/** Above this number of rows the time of ten pairs is not worth what the last five add. */
const manyRows = 5000
const pairsOfMany = 5

/** Tables of many rows get five pairs at most, unless a number was asked for. */
export function settlePairs<P extends Pick<ExplainableBoostingParameters, 'pairs'>>(parameters: P, given: unknown, rows: number): P {
  if (rows <= manyRows || Object.hasOwn((given ?? {}) as object, 'pairs')) return parameters
  return { ...parameters, pairs: Math.min(parameters.pairs, pairsOfMany) }
}
