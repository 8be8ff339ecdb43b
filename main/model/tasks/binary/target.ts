import { z } from 'zod'
import { targetValueSchema, type TargetValue } from '../target-value'
import { inferEvent } from './event'

/** What a model knows of its target. */
export const binarySignature = {
  task: z.literal('binary-classification'),
  target: z.object({ name: z.string(), positive: targetValueSchema, negatives: z.array(targetValueSchema) })
}

export type BinaryTarget = z.infer<typeof binarySignature.target>

/** How many training rows had which outcome. */
export const binaryTrainingCounts = {
  positives: z.int(),
  negatives: z.int(),
  /** Sums of the sample weights, where rows have any. */
  weights: z.object({ positives: z.number().min(0), negatives: z.number().min(0) }).optional()
}

interface OutcomeCounts {
  positives: number
  negatives: number
}

/** The base rate of training rows: the share of positives, by weight. */
export function binaryTrainingRate({ weights, ...counts }: OutcomeCounts & { weights?: OutcomeCounts }): number {
  const { positives, negatives } = weights ?? counts
  return positives / (positives + negatives)
}

/** Parameters of steps that concern this task alone. */
export const binaryParameters = {
  train: {
    positive: targetValueSchema
      .optional()
      .meta({ title: 'Positive value', description: 'The value that counts as the event; needed unless it is plain.' })
  },
  evaluate: {
    threshold: z.number().min(0).max(1).optional().meta({
      title: 'Threshold',
      description: 'Probability from which a row counts as positive; what was decided for the model, else 0.5, unless it is said.'
    })
  },
  quality: {
    positive: z
      .array(z.string())
      .optional()
      .meta({ title: 'Positive values', description: 'Values of the target that count as the event.' })
  }
}

/** What the parameters of a step ask of the outcome, for the engine. */
export const binaryAsked = {
  train: ({ positive }: { positive?: TargetValue }) => ({ positive }),
  quality: ({ positive }: { positive?: string[] }) => (positive ? { positive } : {})
}

/** How a report on a table says which values of the target are the event. */
export const binaryEvent = {
  /** The event among different values of a target where nobody named it. Throws INVALID_INPUT where it is not plain. */
  infer: inferEvent,
  /** Values as text, as the report's options ask for them; none leaves the choice to the check. */
  ask: (values: string[]) => (values.length > 0 ? { positive: values } : {}),
  asked: ({ positive }: { positive?: string[] } = {}) => positive,
  say: (values: string[]) => ({ positive: values }),
  said: ({ positive }: { positive: string[] }) => positive,
  /**
   * Whether the event of a report is that of a model's target. Its other outcome will do where it is the rarer one, in which a leak shows
   * more clearly: it parts the rows alike.
   */
  isThatOf({ positive: events, rate }: { positive: string[]; rate: number }, { positive, negatives }: BinaryTarget): boolean {
    const isEvent = (value: TargetValue): boolean =>
      events.some((text) => (typeof value === 'number' ? text.trim() !== '' && Number(text) === value : text === String(value)))
    if (isEvent(positive)) return events.length === 1
    return rate <= 0.5 && negatives.length > 0 && negatives.every(isEvent)
  },
  /** The target of a model, from the event among the different values of a column. */
  target: (name: string, event: TargetValue, values: readonly TargetValue[]): BinaryTarget => ({
    name,
    positive: event,
    negatives: values.filter((value) => value !== event)
  }),
  /** The event of a model, from what its signature says of the outcome. Throws where that is no yes or no. */
  of: (target: object): TargetValue => binarySignature.target.parse(target).positive,
  /** How a quality step is told the event of a model, to be said behind its target. */
  advise: ({ positive }: BinaryTarget): string => ` with positive: [${JSON.stringify(String(positive))}]`
}

/** How well one column ranks the outcomes, as a finding shows it. */
export const binaryRanking = {
  /** Key of the figure in the evidence of a finding. */
  key: 'auc',
  name: 'AUC',
  /** From how the events and the other rows rank, ties sharing a rank; undefined when one outcome is missing. */
  of(rankSum: number, positives: number, negatives: number): number | undefined {
    return positives === 0 || negatives === 0 ? undefined : (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives)
  },
  advice: 'Judge by AUC, precision and recall, calibration and log loss; split stratified by the target.'
}

/** How a quality report names the event: what was asked, and what it came to. */
export const binaryQualityTarget = {
  /** Values as text that count as the event; without them the one that `inferEvent` gives, and where it gives none every value but the most frequent one. */
  asked: { positive: z.array(z.string()).optional() },
  found: { positive: z.array(z.string()) }
}
