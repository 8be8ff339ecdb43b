import { z } from 'zod'
import { chosenOn, countsAs, warningsSchema, withEndsSchema } from './calibration'
import {
  classDecisionRecordSchema,
  describeClassDecision,
  signedClassDecisionSchema,
  type ClassCosts,
  type ClassDecisionRecord
} from './class-decision'
import { Sha256 } from './reference'

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
const signedThresholdSchema = z.object({
  /** A row counts as the event at and above it. */
  threshold: share,
  rule: decisionRuleSchema,
  ...chosenOn
})
export type SignedThreshold = z.infer<typeof signedThresholdSchema>

/** How it is decided by what a model states: from a probability on, or by the costs of several classes. */
export const signedDecisionSchema = z.union([signedThresholdSchema, signedClassDecisionSchema])
export type SignedDecision = z.infer<typeof signedDecisionSchema>

/** The probability from which a row counts as the event: what was decided for the model, else one half. */
export const usualThreshold = 0.5
export const decidedThreshold = ({ decision }: { decision?: SignedDecision }): number | undefined =>
  decision && 'threshold' in decision ? decision.threshold : undefined
export const thresholdOf = (signed: { decision?: SignedDecision }): number => decidedThreshold(signed) ?? usualThreshold

/** What each decision of a model of several classes costs; null where it decides for the likeliest. */
export const decidedCosts = ({ decision }: { decision?: SignedDecision }): ClassCosts | null =>
  decision?.rule.by === 'class-costs' ? decision.rule.costs : null

/** A share with its 95% Wilson interval; null where there is nothing to divide by. */
const rateSchema = z.object({ value: share, lower: share, upper: share }).nullable()
/** What a threshold does to the rows; counts are weights where rows have such. */
const pointSchema = z.object({
  threshold: share,
  selection: share,
  recall: share.nullable(),
  precision: share.nullable(),
  /** Cost a row; absent without costs. */
  cost: z.number().optional()
})
export type DecisionPoint = z.infer<typeof pointSchema>

/** The record of one choice of a threshold, beside model.onnx as decision.json. */
export const thresholdRecordSchema = z.object({
  schema: z.literal('drydock.decision'),
  version: z.literal(1),
  target: z.string(),
  algorithm: z.string(),
  model: Sha256,
  original: Sha256,
  rows: z.object({ table: Sha256, read: z.int(), used: z.int(), events: z.int(), weight: z.string().optional() }),
  rule: decisionRuleSchema,
  threshold: share,
  chosen: z.object({
    selection: rateSchema,
    recall: rateSchema,
    precision: rateSchema,
    specificity: rateSchema,
    cost: z.number().optional(),
    /** Rows of a period that are chosen, with the interval of the share. */
    perPeriod: withEndsSchema.optional()
  }),
  /** With costs, the threshold that probabilities taken at their word would ask for. */
  byProbabilities: share.optional(),
  /** From the highest threshold down, thinned. */
  curve: z.array(pointSchema).max(400),
  warnings: warningsSchema
})
export type ThresholdRecord = z.infer<typeof thresholdRecordSchema>

export const decisionRecordSchema = z.union([thresholdRecordSchema, classDecisionRecordSchema])
export type DecisionRecord = z.infer<typeof decisionRecordSchema>

/** Whether a record is that of several classes and their costs. */
export const isClassDecision = (record: DecisionRecord): record is ClassDecisionRecord => record.rule.by === 'class-costs'

/** A way to decide beside the one that was chosen. */
export interface DecisionAlternative extends DecisionPoint {
  name: string
}

/**
 * What was chosen and what else could have been, with what each does to the rows. Alternatives that decide as the chosen one are left
 * out, and so are thresholds that the curve of an earlier program has no point at.
 */
export function alternativesOf({ threshold, chosen, byProbabilities, curve }: ThresholdRecord): DecisionAlternative[] {
  const { selection, recall, precision, cost } = chosen
  const own: DecisionAlternative = {
    ...{ name: 'chosen', threshold, selection: selection?.value ?? 0, recall: recall?.value ?? null, precision: precision?.value ?? null },
    ...(cost !== undefined && { cost })
  }
  const at = (wanted: number): DecisionPoint | undefined => curve.find((point) => point.threshold === wanted)
  const others: [string, DecisionPoint | undefined][] = [
    ['one half', at(usualThreshold)],
    ...(byProbabilities === undefined ? [] : [['by probabilities', at(byProbabilities)] satisfies [string, DecisionPoint | undefined]]),
    ['no row', curve.find((point) => point.selection === 0)],
    ['every row', curve.findLast((point) => point.selection === 1)]
  ]
  return [own, ...others.flatMap(([name, point]) => (point && point.selection !== own.selection ? [{ name, ...point }] : []))]
}

const percent = (value: number): string => `${(value * 100).toFixed(1)}%`

/** What a threshold was chosen by, in words. */
export function ruleWords(rule: DecisionRule): string {
  if (rule.by === 'cost') {
    const { falseAlarm, missed, found, left } = rule.costs
    const right = found > 0 || left > 0 ? `, ${found} an event that is found and ${left} another row that is left` : ''
    return `the lowest cost, where a false alarm costs ${falseAlarm} and a missed event ${missed}${right}`
  }
  if (rule.by === 'capacity') return `at most ${rule.rows} of ${rule.of} rows${rule.period ? ` a ${rule.period}` : ''}`
  if (rule.by === 'constraint') return `a ${rule.rate} of at least ${percent(rule.atLeast)}`
  return 'a person'
}

const alternativeWords = ({ name, threshold, selection, recall, precision, cost }: DecisionAlternative): string =>
  [
    `beside it ${name} (from ${Number(threshold.toPrecision(4))}): chosen ${percent(selection)}`,
    ...(recall === null ? [] : [`recall ${percent(recall)}`]),
    ...(precision === null ? [] : [`precision ${percent(precision)}`]),
    ...(cost === undefined ? [] : [`cost a row ${cost.toPrecision(4)}`])
  ].join(', ')

/** What else could have been decided, a line each. */
export const describeAlternatives = (record: ThresholdRecord): string[] => alternativesOf(record).slice(1).map(alternativeWords)

/** What was decided, a line each. */
export function describeDecision(record: DecisionRecord): string[] {
  if (isClassDecision(record)) return describeClassDecision(record)
  const { threshold, rule, rows, chosen, byProbabilities, warnings } = record
  const rate = (name: string, found: z.infer<typeof rateSchema>): string[] =>
    found ? [`${name} ${percent(found.value)} (${percent(found.lower)} to ${percent(found.upper)})`] : []
  return [
    `threshold ${threshold}, by ${ruleWords(rule)}, on ${rows.used} rows${countsAs(rows.weight)}`,
    [
      ...rate('chosen', chosen.selection),
      ...rate('recall', chosen.recall),
      ...rate('precision', chosen.precision),
      ...(chosen.cost === undefined ? [] : [`cost a row ${chosen.cost.toPrecision(4)}`])
    ].join(', '),
    ...(byProbabilities === undefined ? [] : [`the probabilities taken at their word would ask for ${byProbabilities.toFixed(4)}`]),
    ...warnings.map((warning) => `warning: ${warning}`)
  ]
}
