import { multiclassCard } from './card'
import { multiclassEvaluation } from './evaluation'
import { factsOf, multiclassFacts } from './facts'
import { multiclassFormulas } from './metric-formulas'
import { estimateOf, metricsOf, multiclassBounds, multiclassMetrics } from './metrics'
import { multiclassParameters, multiclassSignature, multiclassTrainingCounts, multiclassTrainingRate } from './target'

export { fewestClasses } from './evaluation'
export type { ClassBaseline, ClassFairness, ClassFigures, ClassGaps, ClassGroup, MulticlassFigures, MulticlassMetric } from './evaluation'
export type { CardClass } from './card'
export { inClassOrder } from './target'

/** Three to 200 classes, of which each row has one: what its documents hold and which figures count. */
export const multiclassTask = {
  words: 'one of several classes',
  metrics: multiclassMetrics,
  formulas: multiclassFormulas,
  metricsOf,
  estimateOf,
  /** What runs are ranked by unless an experiment says otherwise. */
  primaryMetric: 'log_loss',
  /** The few figures that stand for the whole; `summary` is probabilities, decisions, every class alike, calibration and cost. */
  headline: {
    list: ['log_loss', 'accuracy', 'f1_macro', 'latency_p50'],
    summary: ['log_loss', 'accuracy', 'f1_macro', 'calibration_confidence', 'latency_p50', 'train_seconds'],
    line: ['log_loss', 'accuracy', 'f1_macro']
  },
  /** Metrics that only repeat the bound of another, for rules to name. */
  bounds: multiclassBounds,
  facts: multiclassFacts,
  factsOf,
  // A report that looked for leaks of this kind of question names no part of the target that a model could differ in.
  whyNotReported: () => null,
  /** What a shuffled column loses, in words. */
  importance: { lost: 'Log loss added when the column is shuffled', axis: 'Log loss added when shuffled' },
  asked: { train: () => ({}), quality: () => ({}) },
  trainingRate: multiclassTrainingRate,
  parts: {
    evaluation: multiclassEvaluation,
    signature: multiclassSignature,
    trainingCounts: multiclassTrainingCounts,
    parameters: multiclassParameters,
    qualityTarget: { asked: {}, found: {} },
    card: multiclassCard
  }
}
