import { z } from 'zod'
import { explanationSchema } from './explanation'
import { coefficientSchema } from './coefficients'
import { pointsSchema } from './glass-box'
import { independence } from './evidence'
import { splitCheckSchema } from './split-check'
import { gateOutcome, gateReport } from './policy'
import { targetValueSchema, taskParts } from './tasks'
import { Sha256 } from './reference'

/**
 * The model card that travels in a bundle (`card/model-card.json`); the HTML card is drawn from this value alone.
 * Headings follow Mitchell et al., "Model Cards for Model Reporting" (2019), with the records a reviewer asks for.
 */
export const modelCardSchemaName = 'drydock.model-card'
export const modelCardSchemaVersion = 1

export const cardPerson = z.object({ name: z.string(), role: z.string(), demo: z.boolean().default(false) })

export const cardInput = z.object({
  name: z.string(),
  type: z.string(),
  unit: z.string().optional(),
  meaning: z.string().optional(),
  /** Range seen in training; a value outside is to be refused or flagged. */
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  categories: z.array(z.string()).optional(),
  /** What a text counts as that is not among the categories; absent for numbers, and where nobody said. */
  unlisted: z.enum(['rare', 'average', 'missing']).optional(),
  missingAllowed: z.boolean()
})
export type CardInput = z.infer<typeof cardInput>

export const cardMetric = z.object({
  name: z.string(),
  label: z.string(),
  value: z.number(),
  /** 95 % interval where it was estimated. */
  low: z.number().optional(),
  high: z.number().optional(),
  /** How the interval came about, where it is another way than that of the evaluation. */
  method: z.string().optional(),
  unit: z.string().optional(),
  better: z.enum(['higher', 'lower']).optional()
})
export type CardMetric = z.infer<typeof cardMetric>

export const cardDataset = z.object({
  name: z.string(),
  reference: z.string(),
  sha256: Sha256,
  rows: z.number().int(),
  columns: z.array(z.object({ name: z.string(), type: z.string(), role: z.string().optional(), unit: z.string().optional() })),
  source: z.string(),
  licence: z.string(),
  sensitivity: z.string(),
  /** What the dataset was used for: training, test, or both. */
  use: z.string().optional()
})

/** A file of the same bundle that backs a claim. */
export const cardEvidence = z.object({ claim: z.string(), path: z.string(), sha256: Sha256, size: z.number().int() })
export type CardEvidence = z.infer<typeof cardEvidence>

const judgedAs = {
  split: z.string(),
  /** Whether the judged rows are apart from the training rows; cards of earlier versions do not say. */
  independence: independence.optional(),
  /** What ties the judged rows to the training rows; absent where nothing was looked for. */
  splitCheck: splitCheckSchema.optional(),
  /** How the intervals of the metrics were estimated. */
  intervals: z.object({ method: z.string(), samples: z.number().int(), level: z.number(), rows: z.number().int() }).optional(),
  metrics: z.array(cardMetric)
}

const columnsMatter = {
  /** The rows on which columns were shuffled: those judged here, or of the training's own; cards of earlier versions know no judged ones. */
  importanceOn: z.enum(['training', 'validation', 'judged']).optional(),
  /** How many rows and how often; one shuffle on at most 1,000 rows where it is absent. */
  importanceShuffles: z.object({ rows: z.number().int(), repeats: z.number().int() }).optional(),
  /** Columns with texts that the model does not tell apart, among the judged rows. */
  unlisted: z.array(z.object({ column: z.string(), rows: z.number().int(), share: z.number() })).optional(),
  importance: z.array(
    z.object({
      feature: z.string(),
      /** `permutation`: what the figure of skill loses when the column is shuffled; `gain`: share of the loss reduction. */
      measure: z.enum(['permutation', 'gain']),
      value: z.number(),
      low: z.number().optional(),
      high: z.number().optional()
    })
  )
}

/** The evaluation as the card has it, with the parts that are a task's own. */
const cardEvaluation = <
  Counts extends Record<string, z.ZodType>,
  Figures extends Record<string, z.ZodType>,
  Fairness extends z.ZodType
>(own: {
  counts: Counts
  figures: Figures
  fairness: Fairness
}) =>
  z.object({
    rows: z.number().int(),
    ...own.counts,
    ...judgedAs,
    ...own.figures,
    ...columnsMatter,
    fairness: own.fairness.optional()
  })

const binaryCard = cardEvaluation(taskParts.binary.card)
const multiclassCard = cardEvaluation(taskParts.multiclass.card)
const regressionCard = cardEvaluation(taskParts.regression.card)
export type BinaryCard = z.infer<typeof binaryCard>
export type MulticlassCard = z.infer<typeof multiclassCard>
export type RegressionCard = z.infer<typeof regressionCard>

export const modelCard = z.object({
  schema: z.literal(modelCardSchemaName),
  version: z.literal(modelCardSchemaVersion),
  generatedAt: z.string(),
  generator: z.object({ name: z.literal('drydock'), version: z.string() }),
  /** True when the people named are demo identities: the approvals then show the procedure, not a decision. */
  demo: z.boolean(),
  model: z.object({
    name: z.string(),
    version: z.number().int().positive(),
    reference: z.string(),
    stage: z.string(),
    task: z.string(),
    algorithm: z.string(),
    description: z.string(),
    intendedUse: z.string(),
    outOfScope: z.string(),
    limitations: z.array(z.string()),
    riskTier: z.string(),
    owner: cardPerson
  }),
  people: z.array(cardPerson),
  inputs: z.array(cardInput),
  output: z.object({ name: z.string(), meaning: z.string(), threshold: z.number().optional(), byCosts: z.literal(true).optional() }),
  run: z.object({
    id: z.string(),
    startedAt: z.string().optional(),
    durationSeconds: z.number(),
    parameters: z.record(z.string(), z.string()),
    seeds: z.record(z.string(), z.number()),
    codeSha256: Sha256.optional(),
    environment: z.record(z.string(), z.string())
  }),
  datasets: z.array(cardDataset),
  /** The terms of a linear model, and its classes where it tells several apart; cards of other models have none. */
  coefficients: z.array(coefficientSchema).optional(),
  classes: z.array(targetValueSchema).optional(),
  /** The table of points of a scorecard, which is the whole model. */
  points: pointsSchema.optional(),
  /** What drives the answers by the explanation of the run; absent where it was not explained, and in earlier cards. */
  drivers: explanationSchema.pick({ rows: true, background: true, method: true, space: true, outputs: true, narrative: true }).optional(),
  evaluation: z.union([binaryCard, multiclassCard, regressionCard]),
  quality: z.object({
    rows: z.number().int(),
    errors: z.number().int(),
    warnings: z.number().int(),
    findings: z.array(
      z.object({
        severity: z.string(),
        title: z.string(),
        column: z.string().optional(),
        detail: z.string(),
        /** Kind of the finding and affected rows or values; cards of earlier versions do not say. */
        code: z.string().optional(),
        count: z.int().optional()
      })
    )
  }),
  gate: gateReport.optional(),
  /** Where that gate was held by a version of its policy that another has superseded since. */
  gateSuperseded: z.literal(true).optional(),
  /** Where the policy passes under another text than one under which it did not: which texts, and who changed it. */
  gateChanged: z.string().optional(),
  /** Gates that were run over the model besides the one above. */
  otherGates: z.array(z.object({ policy: z.string(), outcome: gateOutcome, at: z.string() })).optional(),
  trials: z.object({
    total: z.number().int(),
    finished: z.number().int(),
    failed: z.number().int(),
    discarded: z.number().int()
  }),
  evidence: z.array(cardEvidence),
  /** What the card does and does not claim. */
  statement: z.string()
})
export type ModelCard = z.infer<typeof modelCard>
