import { z } from 'zod'
import { classWeightsSchema } from './class-weights'
import { Sha256 } from './reference'
import { crossValidatedPrefix, METRICS, metricDefinition, taskNames, taskOf, taskParameters } from './tasks'
import { algorithmSchema } from './training-parameters'

/** How the rows are divided, every choice made. */
export const foldDesignSchema = z.object({
  by: z.enum(['random', 'stratified', 'group', 'time']),
  /** The column of groups or times; null where the rows are divided by chance. */
  column: z.string().nullable(),
  folds: z.int().min(2),
  repeats: z.int().min(1),
  /** What the column of times holds; absent in older documents. */
  kind: z.enum(['timestamp', 'number', 'boolean']).optional(),
  /** Time between the last row learned from and the first judged one, and how far back learning goes (null: all earlier rows); in seconds, or in the unit of a column of numbers. */
  gap: z.number().min(0).optional(),
  history: z.number().positive().nullable().optional()
})
export type FoldDesign = z.infer<typeof foldDesignSchema>

/** First and last time of the rows on each side of a window; seconds since 1970 UTC, or the number of a column of numbers. */
const windowSchema = z.object({
  trainingFrom: z.number(),
  trainingUntil: z.number(),
  testFrom: z.number(),
  testUntil: z.number()
})
export type Window = z.infer<typeof windowSchema>

const settings = z.record(z.string(), z.json())

const foldSchema = z.object({
  repeat: z.int().min(1),
  fold: z.int().min(1),
  training: z.int().min(1),
  test: z.int().min(1),
  groups: z.object({ training: z.int(), test: z.int() }).optional(),
  window: windowSchema.optional(),
  /** Number of the candidate that the inner folds chose, from 1; absent without candidates. */
  candidate: z.int().min(1).optional(),
  /** The settings of the trainer as they were used in this fold, defaults filled in. */
  parameters: settings,
  /** Rounds or iterations of the fit. */
  iterations: z.int(),
  /** Figures of the rows that this fold held out; null where they have no value. */
  metrics: z.record(z.string(), z.number().nullable())
})
export type FoldResult = z.infer<typeof foldSchema>

const summarySchema = z.object({
  mean: z.number(),
  /** Standard deviation over the folds. */
  deviation: z.number(),
  smallest: z.number(),
  largest: z.number(),
  /** Folds in which the figure has a value. */
  folds: z.int().min(1),
  /** 95% interval of the mean by the corrected resampled t; null where a fold has no value. */
  lower: z.number().nullable(),
  upper: z.number().nullable()
})
export type FoldSummary = z.infer<typeof summarySchema>

const candidateScore = z.object({ candidate: z.int().min(1), mean: z.number(), deviation: z.number() })

/** What was asked of the outcome: the final fit is held against it. */
export const askedOutcomeSchema = z.object({
  task: z.enum(taskNames),
  target: z.string(),
  ...taskParameters('train'),
  weight: z.string().optional(),
  exposure: z.string().optional(),
  classWeights: classWeightsSchema.optional()
})

/** What models that were fitted on parts of a table are worth on the rest of it. */
export const crossValidationSchema = z.object({
  schema: z.literal('drydock.cross-validation'),
  version: z.literal(1),
  ...askedOutcomeSchema.shape,
  algorithm: algorithmSchema,
  /** The settings that differ from the defaults, the same in every fold. */
  parameters: settings,
  features: z.array(z.string()).min(1),
  seed: z.int(),
  table: z.object({ sha256: Sha256 }),
  rows: z.object({ read: z.int(), withoutTarget: z.int(), used: z.int(), judged: z.int() }),
  design: foldDesignSchema,
  /** How settings were chosen within each fold; null where there was nothing to choose. */
  tuning: z
    .object({
      candidates: z.array(settings).min(2),
      innerFolds: z.int().min(2),
      metric: z.string(),
      direction: z.enum(['higher', 'lower'])
    })
    .nullable(),
  folds: z.array(foldSchema).min(2),
  summary: z.record(z.string(), summarySchema),
  /** The same choice made on all rows: what a final fit takes; absent without candidates. */
  chosen: z.object({ candidate: z.int().min(1), parameters: settings, scores: z.array(candidateScore) }).optional(),
  /** Scores of rows by models that did not learn from them. */
  outOfFold: z.object({ sha256: Sha256, rows: z.int(), columns: z.array(z.string()) }),
  methods: z.record(z.string(), z.string()),
  warnings: z.array(z.string())
})
export type CrossValidation = z.infer<typeof crossValidationSchema>

/** File of the document beside a model whose final fit it belongs to, and among the artifacts of a run. */
export const CROSS_VALIDATION = 'cross-validation.json'
export const OUT_OF_FOLD = 'out-of-fold.arrow'

/** The name of a cross-validated figure among the metrics of a run and the facts of a gate. */
export const crossValidatedKey = (metric: string): string => `${crossValidatedPrefix}${metric}`

/** Cross-validated figures as a run keeps them: the mean over the folds with its interval. */
export const crossValidatedMetrics = ({ summary }: CrossValidation) =>
  Object.fromEntries(
    Object.entries(summary).map(([key, { mean, lower, upper }]) => [crossValidatedKey(key), { value: mean, low: lower, high: upper }])
  )

/** The same for a gate, ends of the intervals by names of their own. */
export function crossValidatedFacts({ summary, folds }: CrossValidation): Record<string, number> {
  const facts: Record<string, number> = { cv_folds: folds.length }
  for (const [key, { mean, lower, upper }] of Object.entries(summary)) {
    facts[crossValidatedKey(key)] = mean
    if (lower !== null) facts[`${crossValidatedKey(key)}_lower`] = lower
    if (upper !== null) facts[`${crossValidatedKey(key)}_upper`] = upper
  }
  return facts
}

/** Every name that such a fact can have. */
export const crossValidatedFactNames: readonly string[] = [
  'metrics.cv_folds',
  ...METRICS.flatMap(({ key }) => ['', '_lower', '_upper'].map((end) => `metrics.${crossValidatedKey(key)}${end}`))
]

/** Metrics of a summary in the order of the task. */
export const summaryKeys = ({ summary }: Pick<CrossValidation, 'summary'>): string[] =>
  METRICS.map(({ key }) => key).filter((key) => summary[key] !== undefined)

/** The few figures that stand for the whole. */
export const headlineKeys = (document: CrossValidation): string[] =>
  [...new Set([...(document.tuning ? [document.tuning.metric] : []), ...taskOf(document).headline.line])].filter(
    (key) => document.summary[key] !== undefined
  )

const short = (value: number): string => String(Number(value.toPrecision(4)))

/** A figure with its interval, in a few words. */
export function summaryText(key: string, { mean, lower, upper }: FoldSummary): string {
  const interval = lower === null || upper === null ? '' : ` (95%: ${short(lower)} to ${short(upper)})`
  return `${metricDefinition(key)?.label ?? key} ${short(mean)}${interval}`
}

/** How the rows were divided, in words. */
export function designWords({ design }: Pick<CrossValidation, 'design'>): string {
  const { by, column, folds, repeats } = design
  const repeated = repeats > 1 ? `, ${repeats} times over` : ''
  if (by === 'time') return `${folds} windows of "${column}", each judged by a model of earlier rows only`
  if (by === 'group') return `${folds} folds of whole groups of "${column}"${repeated}`
  return `${folds} ${by === 'stratified' ? 'stratified ' : ''}folds${by === 'random' ? ' by chance' : ''}${repeated}`
}

/** The document in one sentence. */
export const describeCrossValidation = (document: CrossValidation): string =>
  `${headlineKeys(document)
    .map((key) => summaryText(key, document.summary[key]!))
    .join('; ')}, mean over ${designWords(document)}.`
