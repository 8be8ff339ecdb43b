import type { z } from 'zod'
import type { regressionTask } from '../../../model/tasks/regression'
import type { RegressionFairness, RegressionTarget } from '../../../model/tasks/regression'
import type { AmountEvaluation } from './evaluation'
import { aimOf, predictionWords } from './target'

type Card = typeof regressionTask.parts.card
const cut = <Key extends string, Value>(key: Key, value: Value | undefined | null) =>
  (value === undefined || value === null ? {} : { [key]: value }) as Partial<Record<Key, Value>>

/** What the model answers. */
export const cardOutput = ({ target }: { target: RegressionTarget }) => {
  const words = predictionWords(target)
  return { meaning: `${words[0]!.toUpperCase()}${words.slice(1)}` }
}

export type AmountCard = { [Key in keyof Card['counts']]: z.infer<Card['counts'][Key]> } & z.infer<z.ZodObject<Card['figures']>>
export type AmountCardFairness = z.infer<Card['fairness']>

/** The judged outcomes, and what the model was fitted to. */
export const cardCounts = ({ rows, target }: AmountEvaluation): Pick<AmountCard, 'outcomes' | 'aim'> => ({
  outcomes: {
    mean: rows.mean,
    deviation: rows.deviation,
    minimum: rows.minimum,
    maximum: rows.maximum,
    ...cut('weight', rows.weight)
  },
  aim: aimOf(target)
})

/** The figures of the card, as the evaluation has them. */
export const cardFigures = ({
  baseline,
  calibration,
  reliability,
  residuals,
  errors,
  amounts
}: AmountEvaluation): Omit<AmountCard, 'outcomes' | 'aim'> => ({
  ...cut('baseline', baseline),
  calibration,
  reliability,
  residuals,
  errors,
  amounts
})

export const cardFairness = (fairness: RegressionFairness): AmountCardFairness => ({
  column: fairness.column,
  rmseDifference: fairness.rmseDifference,
  maeDifference: fairness.maeDifference,
  meanErrorDifference: fairness.meanErrorDifference,
  worstGroupLoss: fairness.worstGroupLoss,
  statisticalParityDistance: fairness.statisticalParityDistance,
  comparisons: fairness.comparisons,
  groups: fairness.groups.map(({ group, count, rmse, mae, meanError, intervals, compared, excludedBecause }) => ({
    group,
    rows: count,
    rmse,
    mae,
    ...cut('maeLow', intervals.mae?.lower),
    ...cut('maeHigh', intervals.mae?.upper),
    meanError,
    ...cut('meanErrorLow', intervals.meanError?.lower),
    ...cut('meanErrorHigh', intervals.meanError?.upper),
    compared,
    ...cut('excludedBecause', excludedBecause)
  }))
})
