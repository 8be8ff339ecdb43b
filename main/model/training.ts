import { z } from 'zod'
import { signedCalibrationSchema } from './calibration'
import { coefficientSchema } from './coefficients'
import { signedIntervalsSchema } from './conformal'
import { decidedCosts, signedDecisionSchema, type SignedDecision } from './decision'
import { classWeightsSchema } from './class-weights'
import { targetValueSchema, taskParts } from './tasks'
import { Sha256 } from './reference'
import { algorithmSchema } from './training-parameters'
import { valueRangeSchema } from './value-range'

/** Version of Drydock's own trainers: raised when the same rows, settings and seed give another model. */
export const TRAINER_VERSION = '2'

const { binary, multiclass, regression } = taskParts

export {
  algorithms,
  algorithmsFor,
  algorithmTitle,
  algorithmSchema,
  gradientBoostingParametersSchema,
  logisticRegressionParametersSchema,
  parametersSchemas,
  readAs,
  type Algorithm,
  type GradientBoostingParameters,
  type LogisticRegressionParameters
} from './training-parameters'

/** How a feature column is understood: a timestamp is seconds since 1970 UTC as a number. */
export const featureKindSchema = z.enum(['number', 'boolean', 'timestamp', 'category'])
export type FeatureKind = z.infer<typeof featureKindSchema>

/** One input of the ONNX graph: a column of shape [N, 1]. */
export const signatureInputSchema = z.object({
  name: z.string().min(1).describe('The column.'),
  input: z.string().min(1).describe("The graph input: the column's name, unless that is also the name of an output."),
  kind: featureKindSchema,
  tensor: z.enum(['float', 'double', 'string']).describe('`double` where single precision would make values of training equal.'),
  unit: z.string().optional(),
  missing: z.enum(['NaN', 'empty string']).describe('What to pass for a missing value.'),
  missingShare: z.number().min(0).max(1).describe('Share of missing values in the training rows, 0..1.'),
  range: valueRangeSchema.optional().describe('Smallest and largest value seen in training (numbers, booleans, timestamps).'),
  categories: z
    .array(z.string())
    .optional()
    .describe('The categories that the model tells apart, most frequent first; `unlisted` says what every other text counts as.'),
  unlisted: z
    .enum(['rare', 'average'])
    .optional()
    .describe('The rare texts of training, or the average row that has a text; absent in signatures of the first versions.'),
  unlistedShare: z.number().min(0).max(1).optional().describe('Share of the training rows whose text is not among the categories.'),
  categoryCount: z.int().min(0).optional().describe('Number of different categories seen in training.')
})
export type SignatureInput = z.infer<typeof signatureInputSchema>

/**
 * What a text counts as that is not among the categories of an input: in models of the first versions as missing, unless there were rare ones.
 * Null for a number, and where a program wrote the signature and does not say.
 */
export function unlistedOf({ categories, categoryCount, unlisted }: SignatureInput): 'rare' | 'average' | 'missing' | null {
  if (unlisted) return unlisted
  if (!categories || categoryCount === undefined) return null
  return categoryCount > categories.length ? 'rare' : 'missing'
}

/** The same in words, to follow "counts as" or "is scored as". */
export const unlistedWords: Record<NonNullable<ReturnType<typeof unlistedOf>>, string> = {
  rare: 'one of the rare texts of training',
  average: 'the average row that has a text',
  missing: 'a missing value'
}

export const signatureOutputSchema = z.object({
  name: z.string(),
  tensor: z.enum(['int64', 'float']),
  shape: z.string(),
  description: z.string()
})

const described = {
  schema: z.literal('drydock.model-signature'),
  version: z.literal(1)
}
const wiring = {
  algorithm: z.string(),
  inputs: z.array(signatureInputSchema).min(1),
  outputs: z.array(signatureOutputSchema),
  notes: z.array(z.string())
}
/** What was settled after the training, each on rows of its own; absent where nothing was. */
const settledAfter = {
  calibration: signedCalibrationSchema.optional().describe('The probabilities of the graph are corrected ones.'),
  decision: signedDecisionSchema
    .optional()
    .describe(
      'From which probability a row counts as the event, or for which of several classes it is decided by cost; the label of the graph follows it.'
    ),
  intervals: signedIntervalsSchema.optional().describe('What lies around each answer: an interval of amounts or a set of classes.')
}

/** Whether a decision can be made of answers to so many classes; null for a yes or no and for amounts. */
function isDecisionOf(classes: number | null, decision: SignedDecision | undefined): boolean {
  if (!decision) return true
  const costs = decidedCosts({ decision })
  if (classes === null || !costs) return classes === null && !costs
  return costs.length === classes && costs.every(({ length }) => length === classes)
}

/** What goes into a model and what comes out; lies beside model.onnx as signature.json. */
const binarySignature = z.object({ ...described, ...binary.signature, ...wiring, ...settledAfter })
export type BinarySignature = z.infer<typeof binarySignature>
export const modelSignatureSchema = z
  .discriminatedUnion('task', [
    binarySignature,
    z.object({ ...described, ...multiclass.signature, ...wiring, ...settledAfter }),
    z.object({ ...described, ...regression.signature, ...wiring, ...settledAfter })
  ])
  .refine(({ target, decision }) => isDecisionOf('classes' in target ? target.classes.length : null, decision), {
    path: ['decision'],
    error: 'the decision is not one of such answers: a yes or no has a threshold, and several classes a cost for each pair of them'
  })
export type ModelSignature = z.infer<typeof modelSignatureSchema>

/** Loss after one boosting round or one L-BFGS iteration: mean log loss in nats. */
export const trainingIterationSchema = z.object({
  iteration: z.int().min(0),
  trainingLoss: z.number(),
  validationLoss: z.number().nullable()
})
export type TrainingIteration = z.infer<typeof trainingIterationSchema>

export const featureImportanceSchema = z.object({
  feature: z.string(),
  /** Share of the total loss reduction (boosting) or of the spread of the log-odds (logistic regression), 0..1. */
  gain: z.number().min(0),
  /** Number of splits (boosting) or of weights (logistic regression). */
  uses: z.int().min(0),
  /** What the task's figure of skill loses when the column is shuffled; null when it was not computed. */
  permutation: z.number().nullable(),
  /** 95% interval of that loss, over rows and shuffles; null when it has none, absent where one shuffle was all. */
  low: z.number().nullable().optional(),
  high: z.number().nullable().optional()
})
export type FeatureImportance = z.infer<typeof featureImportanceSchema>

/** How rows are kept from a fit: as the split before it divided rows, so that the newest rows or whole groups stay apart. */
export const holdBackSchema = z.object({
  by: z.enum(['random', 'time', 'group']),
  /** The column of times or groups; null for random rows. */
  column: z.string().nullable()
})
export type HoldBack = z.infer<typeof holdBackSchema>

export const modelFileSchema = z.object({ path: z.string(), sha256: Sha256, bytes: z.int().min(0) })

const identity = {
  schema: z.literal('drydock.training'),
  version: z.literal(1)
}

const asked = {
  /** Columns with what each row counts, and that amounts are divided by. */
  weight: z.string().optional(),
  exposure: z.string().optional(),
  /** What each class counted in the fit: as asked for, and what came of it. */
  classWeights: z
    .object({ asked: classWeightsSchema, used: z.array(z.object({ class: targetValueSchema, weight: z.number().min(0) })) })
    .optional(),
  algorithm: algorithmSchema,
  parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  seed: z.int()
}

const columns = {
  features: z.array(z.object({ name: z.string(), kind: featureKindSchema }))
}

const counts = {
  read: z.int(),
  /** Rows left out because the target is missing. */
  withoutTarget: z.int(),
  training: z.int(),
  validation: z.int()
}

const course = {
  iterations: z.int(),
  /** Rounds kept after early stopping. */
  bestIteration: z.int(),
  stopped: z.enum(['finished', 'early-stopping', 'converged', 'no-further-gain']),
  history: z.array(trainingIterationSchema),
  importances: z.array(featureImportanceSchema),
  /** Of a linear model: its terms on the scale of the data, with intervals; absent in older records. */
  coefficients: z.array(coefficientSchema).optional(),
  /** What columns were shuffled on. Absent in records of one shuffle: on the validation rows, or on the training rows where there were none. */
  shuffled: z
    .object({ on: z.literal('validation'), rows: z.int(), repeats: z.int() })
    .nullable()
    .optional(),
  /** Where the validation rows come from; null for a fit without any, absent in older records, which took random ones. */
  heldOut: z
    .object({
      from: z.enum(['input', 'training table']),
      ...holdBackSchema.partial().shape,
      table: Sha256.optional(),
      /** Parts of the model left out other rows each, so all rows both taught and watched; figures of a row are of the parts that left it out. */
      inTurn: z.literal(true).optional()
    })
    .nullable()
    .optional()
}

const result = {
  durations: z.object({ read: z.number(), fit: z.number(), export: z.number(), check: z.number(), total: z.number() }),
  /** Largest difference of the probabilities between the native predictor and ONNX Runtime over `rows` rows. */
  parity: z.object({
    rows: z.int(),
    maxDifference: z.number(),
    /** The same against a prediction from the values as they are in the table, before any rounding; `beyond` counts rows that differ by more than 1e-6. */
    unrounded: z.object({ maxDifference: z.number(), beyond: z.int() }).optional()
  }),
  /** Columns of numbers of which single precision merges values, and in which precision the model reads them; absent in older records. */
  merged: z.array(z.object({ column: z.string(), distinct: z.int(), merged: z.int(), precision: z.enum(['single', 'double']) })).optional(),
  /** Columns left out because of their role in Data, and features whose role could not be told; absent in older records. */
  columnRoles: z.object({ leftOut: z.array(z.object({ name: z.string(), reason: z.string() })), unknown: z.array(z.string()) }).optional(),
  trainingTable: z.object({ sha256: Sha256 }).nullable(),
  /** SHA-256 over structure and values of the fitted model; equal for equal data, parameters and seed. */
  modelDigest: Sha256,
  files: z.object({ model: modelFileSchema, native: modelFileSchema, signature: modelFileSchema }),
  warnings: z.array(z.string())
}

/** The model beside what states the same for every row, on the validation rows. */
const trainedParts = <Target extends z.ZodType, Counts extends Record<string, z.ZodType>, Baseline extends z.ZodType>(own: {
  signature: { target: Target }
  trainingCounts: Counts
  evaluation: { figures: { baseline: Baseline } }
}) => ({
  ...asked,
  target: own.signature.target,
  ...columns,
  rows: z.object({ ...counts, ...own.trainingCounts }),
  ...course,
  baseline: own.evaluation.figures.baseline,
  ...result
})

/** The record of one training, also written as training.json. Paths are relative to the output directory, durations in seconds. */
const binaryTraining = z.object({ ...identity, task: z.literal('binary').optional(), ...trainedParts(binary) })
export type BinaryTraining = z.infer<typeof binaryTraining>
export const trainedModelSchema = z.discriminatedUnion('task', [
  binaryTraining,
  z.object({ ...identity, task: z.literal('multiclass'), ...trainedParts(multiclass) }),
  z.object({ ...identity, task: z.literal('regression'), ...trainedParts(regression) })
])
export type TrainedModel = z.infer<typeof trainedModelSchema>

/** Where the rows that watched the fit come from, in words. */
export function describeHeldOut({ from, by, column, inTurn }: NonNullable<TrainedModel['heldOut']>): string {
  if (inTurn) return `each bag by ${by === 'group' ? `whole groups of "${column}"` : 'random rows'} that it left out`
  if (from === 'input') return 'a table of their own'
  if (by === 'time') return `the latest rows by "${column}"`
  return by === 'group' ? `whole groups of "${column}"` : 'random rows of the training table'
}
