import { z } from 'zod'
import { chosenOn } from './calibration'

const share = z.number().min(0).max(1)
const cost = z.number().min(0)

/** What each kind of row costs, in any one unit; what is decided rightly costs nothing unless it is said. */
export const costsSchema = z.strictObject({
  /** A row that is chosen and is not the event. */
  falseAlarm: cost,
  /** An event that is not chosen. */
  missed: cost,
  /** An event that is chosen, and any other row that is not. */
  found: cost.default(0),
  left: cost.default(0)
})
export type Costs = z.infer<typeof costsSchema>

/** Rates that a threshold can be held to, and what is then made as good as possible. */
export const constrainedRates = ['recall', 'precision', 'specificity'] as const
export type ConstrainedRate = (typeof constrainedRates)[number]

/** What a threshold was chosen by. */
export const decisionRuleSchema = z.discriminatedUnion('by', [
  /** The lowest cost of all rows. */
  z.object({ by: z.literal('cost'), costs: costsSchema }),
  /** At most `rows` of each `of` rows are chosen, such as 200 inspections a week of 5,000 cases. */
  z.object({ by: z.literal('capacity'), rows: z.int().min(1), of: z.int().min(1), period: z.string().optional() }),
  /** A rate is at least so much, and the rate against it as good as that allows. */
  z.object({ by: z.literal('constraint'), rate: z.enum(constrainedRates), atLeast: share }),
  /** A person named the threshold. */
  z.object({ by: z.literal('given') })
])
export type DecisionRule = z.infer<typeof decisionRuleSchema>

/** From which probability a yes or no is a yes, as a signature says it; the graph's label follows it. */
export const signedDecisionSchema = z.object({
  /** A row counts as the event at and above it. */
  threshold: share,
  rule: decisionRuleSchema,
  ...chosenOn
})
export type SignedDecision = z.infer<typeof signedDecisionSchema>

/** The probability from which a row counts as the event: what was decided for the model, else one half. */
export const usualThreshold = 0.5
export const thresholdOf = ({ decision }: { decision?: SignedDecision }): number => decision?.threshold ?? usualThreshold
