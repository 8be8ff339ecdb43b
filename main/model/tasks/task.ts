import type { z } from 'zod'
import type { MetricFormula } from './metric-formula'
import type { Estimate } from './estimate'
import type { FactDescription } from './fact-description'
import type { MetricDefinition } from './metric-definition'

/** What a model without skill states for every row: the share of the event, the share of each class, or one amount. */
export type Statement = number | readonly number[]

/** Facts by name; null is one that was not measured. */
type Facts = Record<string, string | number | boolean | null | undefined>

type Parts = Record<string, z.ZodType>

/**
 * What documents hold and which figures count for one kind of prediction. A document that is handed in is one of this kind; whoever holds it
 * finds the task by the name that it carries.
 */
export interface Task {
  /** A few words for people, such as "yes or no". */
  words: string
  metrics: readonly MetricDefinition[]
  formulas: Readonly<Record<string, MetricFormula>>
  /** Every figure of an evaluation by its key. */
  metricsOf(evaluation: object): Record<string, number>
  /** The estimate behind a metric key with its interval; undefined for what is measured without one. */
  estimateOf(evaluation: object, key: string): Estimate | undefined
  /** What runs are ranked by unless an experiment says otherwise. */
  primaryMetric: string
  /** The few figures that stand for the whole: as columns of a list, for the answer of a run, in one line. */
  headline: { list: readonly string[]; summary: readonly string[]; line: readonly string[] }
  /** Metrics that only repeat the bound of another, for rules to name. */
  bounds: readonly string[]
  /** The facts that an evaluation supplies to a gate besides its metrics. */
  facts: Record<'fairness' | 'evaluation', readonly FactDescription[]>
  factsOf(evaluation: object): { evaluation: Facts; fairness: Facts | null }
  /**
   * Why a quality report with this target does not tell of leaks of a model's outcome, and how the quality step is told of it; null where the
   * report does.
   */
  whyNotReported(found: object, target: object): { why: string; give: string } | null
  /** What a shuffled column loses, in words. */
  importance: { lost: string; axis: string }
  /** What the parameters of a step ask of the outcome, for the engine. */
  asked: { train(parameters: object): object; quality(parameters: object): object }
  /** What a model without skill would have learned from the training rows. */
  trainingRate(rows: object): Statement
  /** Parts of documents and parameters that are this task's own. */
  parts: {
    evaluation: { target: z.ZodType; counts: Parts; figures: Parts; fairness: z.ZodType }
    signature: { task: z.ZodLiteral; target: z.ZodType }
    trainingCounts: Parts
    parameters: { train: Parts; evaluate: Parts; quality: Parts }
    qualityTarget: { asked: Parts; found: Parts }
    card: { counts: Parts; figures: Parts; fairness: z.ZodType }
  }
}
