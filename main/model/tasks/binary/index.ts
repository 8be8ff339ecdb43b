import { binaryCard } from './card'
import { binaryEvaluation } from './evaluation'
import { binaryFacts, factsOf } from './facts'
import { binaryFormulas } from './metric-formulas'
import { binaryMetrics, estimateOf, metricsOf } from './metrics'
import {
  binaryAsked,
  binaryEvent,
  binaryParameters,
  binaryQualityTarget,
  binaryRanking,
  binarySignature,
  binaryTrainingCounts,
  binaryTrainingRate
} from './target'

import type { BinaryTarget } from './target'

export type { BinaryTarget } from './target'

/** Two outcomes, of which one is the event: what its documents hold and which figures count. */
export const binaryTask = {
  words: 'yes or no',
  metrics: binaryMetrics,
  formulas: binaryFormulas,
  metricsOf,
  estimateOf,
  /** What runs are ranked by unless an experiment says otherwise. */
  primaryMetric: 'auc',
  /** The few figures that stand for the whole, where there is room for a few; `summary` is rank, skill against the base rate, calibration and cost. */
  headline: {
    list: ['auc', 'average_precision', 'brier', 'latency_p50'],
    summary: ['auc', 'brier_skill', 'calibration_debiased', 'latency_p50', 'train_seconds'],
    line: ['auc', 'log_loss', 'brier']
  },
  /** Metrics that only repeat the bound of another, for rules to name. */
  bounds: ['auc_lower', 'brier_skill_lower', 'calibration_debiased_lower'],
  facts: binaryFacts,
  factsOf,
  whyNotReported: (found: { positive: string[]; rate: number }, target: BinaryTarget) =>
    binaryEvent.isThatOf(found, target)
      ? null
      : { why: `takes other values of "${target.name}" as the event than the model`, give: binaryEvent.advise(target) },
  /** What a shuffled column loses, in words. */
  importance: { lost: 'AUC lost when the column is shuffled', axis: 'Loss of AUC when shuffled' },
  asked: binaryAsked,
  trainingRate: binaryTrainingRate,
  event: binaryEvent,
  ranking: binaryRanking,
  parts: {
    evaluation: binaryEvaluation,
    signature: binarySignature,
    trainingCounts: binaryTrainingCounts,
    parameters: binaryParameters,
    qualityTarget: binaryQualityTarget,
    card: binaryCard
  }
}
