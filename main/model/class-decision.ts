import { z } from 'zod'
import { chosenOn, countsAs, outcomeRowsSchema, warningsSchema, withEndsSchema } from './calibration'
import { Sha256 } from './reference'

const share = z.number().min(0).max(1)

/** What deciding a row of the class of a line for the class of a column costs, by the places of the classes, in any one unit. */
export const classCostsSchema = z.array(z.array(z.number().min(0).max(1e12)).max(200)).max(200)
export type ClassCosts = z.infer<typeof classCostsSchema>

/** What a decision costs at least and at most. */
export const costRange = (costs: ClassCosts): { least: number; most: number } =>
  costs.flat().reduce((range, cost) => ({ least: Math.min(range.least, cost), most: Math.max(range.most, cost) }), {
    least: Infinity,
    most: 0
  })

/** Of several classes the one of least expected cost is decided for. */
export const classRuleSchema = z.object({ by: z.literal('class-costs'), costs: classCostsSchema })

/** How a class is decided for, as a signature says it; the graph's label follows it. */
export const signedClassDecisionSchema = z.object({ rule: classRuleSchema, ...chosenOn })

/**
 * The place of the class that is decided for: of least expected cost where probabilities are taken at their word (Elkan 2001), without costs the
 * likeliest; of equal ones the first. Costs are compared in single precision, so that the last digit of a runtime decides nothing.
 * @param scores probabilities; those of the row begin at `from`
 */
export function decideClass(scores: ArrayLike<number>, from: number, classes: number, costs: ClassCosts | null): number {
  let best = 0
  if (!costs) {
    for (let place = 1; place < classes; place++) if (scores[from + place]! > scores[from + best]!) best = place
    return best
  }
  let least = Infinity
  for (let place = 0; place < classes; place++) {
    const cost = expectedCost(scores, from, costs, place)
    if (cost < least) [best, least] = [place, cost]
  }
  return best
}

/** What deciding a row for the class of a place costs on average, in single precision. */
export function expectedCost(scores: ArrayLike<number>, from: number, costs: ClassCosts, place: number): number {
  let sum = 0
  for (let was = 0; was < costs.length; was++) sum += scores[from + was]! * costs[was]![place]!
  return Math.fround(sum)
}

/** A way to decide and what it does to the rows; shares and the matrix count rows by their weights where they have such. */
const waySchema = z.object({
  /** Cost a row, with its 95% interval. */
  cost: withEndsSchema,
  accuracy: share,
  /** By class: share of the rows that are decided for it. */
  decided: z.array(share).max(200)
})
export type ClassWay = z.infer<typeof waySchema>

/** The record of one choice of costs, beside model.onnx as decision.json. */
const classDecisionSchema = z.object({
  schema: z.literal('drydock.decision'),
  version: z.literal(1),
  target: z.string(),
  algorithm: z.string(),
  model: Sha256,
  original: Sha256,
  rows: z.object({
    table: Sha256,
    read: z.int(),
    used: z.int(),
    classes: z.array(outcomeRowsSchema).max(200),
    weight: z.string().optional()
  }),
  rule: classRuleSchema,
  chosen: waySchema,
  /** Rows by class (lines) and by the class decided for. */
  matrix: z.array(z.array(z.number().min(0)).max(200)).max(200),
  /** Deciding for the likeliest class instead. */
  likeliest: waySchema,
  /** Deciding every row for the one class that is cheapest so. */
  single: z.object({ name: z.string(), cost: z.number() }),
  /** Cost a row that the rule saves beside the likeliest class, with its 95% interval. */
  saved: withEndsSchema,
  warnings: warningsSchema
})

/** The record with all parts of one size: what is drawn of it pairs them by place. */
export const classDecisionRecordSchema = classDecisionSchema.refine(
  ({ rows: { classes }, rule: { costs }, matrix, chosen, likeliest }) =>
    [chosen.decided, likeliest.decided, costs, matrix, ...costs, ...matrix].every(({ length }) => length === classes.length),
  'the classes, their costs and what was decided are not of one size'
)
export type ClassDecisionRecord = z.infer<typeof classDecisionRecordSchema>

const figure = (value: number): string => String(Number(value.toPrecision(4)))
const ends = ({ value, lower, upper }: ClassWay['cost']): string => `${figure(value)} (95% interval ${figure(lower)} to ${figure(upper)})`

/** Whether the rule helps beside deciding for the likeliest class, as far as the rows tell. */
export function savedWords({ saved: { value, lower, upper } }: Pick<ClassDecisionRecord, 'saved'>): string {
  const words = `${ends({ value: Math.abs(value), lower: value < 0 ? -upper : lower, upper: value < 0 ? -lower : upper })} a row ${value < 0 ? 'more' : 'less'} than the likeliest class`
  if (lower > 0) return `cheaper: ${words}`
  return upper < 0 ? `dearer: ${words}` : `cannot be told: ${words}`
}

/** What was decided, a line each. */
export function describeClassDecision(record: ClassDecisionRecord): string[] {
  const { rows, chosen, likeliest, single, warnings } = record
  return [
    `the class of least expected cost, by ${rows.classes.length} x ${rows.classes.length} costs, on ${rows.used} rows${countsAs(rows.weight)}`,
    `cost a row ${ends(chosen.cost)}; ${savedWords(record)}`,
    `rightly decided ${(chosen.accuracy * 100).toFixed(1)}%, by the likeliest class ${(likeliest.accuracy * 100).toFixed(1)}%`,
    `beside it the likeliest class: cost a row ${ends(likeliest.cost)}`,
    `beside it always ${single.name}: cost a row ${figure(single.cost)}`,
    ...warnings.map((warning) => `warning: ${warning}`)
  ]
}
