import { regressionCard } from './card'
import { regressionEvaluation } from './evaluation'
import { factsOf, regressionFacts } from './facts'
import { regressionFormulas } from './metric-formulas'
import { estimateOf, metricsOf, regressionMetrics } from './metrics'
import {
  regressionAsked,
  regressionParameters,
  regressionQualityTarget,
  regressionSignature,
  regressionTrainingCounts,
  regressionTrainingRate
} from './target'

export type { AmountBin, RegressionBaseline, RegressionFigures, RegressionMetric, RegressionReliability, ResidualBin } from './evaluation'
export type { AmountComparisons, AmountGap, GroupAmount, RegressionFairness, RegressionGroup } from './fairness'
export { amountGapWords } from './group-words'
export {
  lossMetricOf,
  lossWords,
  objectiveWords,
  quantileOf,
  regressionObjectives,
  statisticOf,
  statisticWords,
  tweediePower,
  type Aim,
  type RegressionObjective
} from './objective'
export type { RegressionTarget } from './target'

/** An amount: what its documents hold and which figures count. */
export const regressionTask = {
  words: 'an amount',
  metrics: regressionMetrics,
  formulas: regressionFormulas,
  metricsOf,
  estimateOf,
  /** What runs are ranked by unless an experiment says otherwise. */
  primaryMetric: 'rmse',
  /** The few figures that stand for the whole, where there is room for a few. */
  headline: {
    list: ['rmse', 'mae', 'r2', 'latency_p50'],
    summary: ['rmse', 'd2', 'mae', 'latency_p50', 'train_seconds'],
    line: ['rmse', 'mae', 'r2']
  },
  /** Metrics that only repeat the bound of another, for rules to name. */
  bounds: ['r2_lower'],
  facts: regressionFacts,
  factsOf,
  // A report that looked for leaks of this kind of question names no part of the target that a model could differ in.
  whyNotReported: () => null,
  /** What a shuffled column loses, in words. */
  importance: { lost: 'Share of the explained loss lost when the column is shuffled', axis: 'Loss of D\u00b2 when shuffled' },
  asked: regressionAsked,
  trainingRate: regressionTrainingRate,
  parts: {
    evaluation: regressionEvaluation,
    signature: regressionSignature,
    trainingCounts: regressionTrainingCounts,
    parameters: regressionParameters,
    qualityTarget: regressionQualityTarget,
    card: regressionCard
  }
}
