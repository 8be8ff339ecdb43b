import { z } from 'zod'
import { quantileSchema, regressionObjectiveSchema, type RegressionObjective } from './objective'

/** What a model knows of its target. */
export const regressionSignature = {
  task: z.literal('regression'),
  target: z.object({
    name: z.string(),
    objective: regressionObjectiveSchema,
    quantile: quantileSchema.optional().describe('Of the objective "quantile": the share of outcomes that stays below.'),
    exposure: z.string().optional().describe('Column that outcomes were divided by: the model states a rate for one unit of it.')
  })
}
export type RegressionTarget = z.infer<typeof regressionSignature.target>

/** The outcomes that were learned from, weighted: `constant` is their mean, median or quantile, as the objective asks. */
export const regressionTrainingCounts = { constant: z.number(), mean: z.number(), minimum: z.number(), maximum: z.number() }

/** What a model without skill states for every row. */
export const regressionTrainingRate = ({ constant }: { constant: number }): number => constant

/** Parameters of steps that concern this task alone. */
export const regressionParameters = {
  train: {
    objective: regressionObjectiveSchema.optional().meta({
      title: 'Objective',
      description:
        'For amounts: squared (mean), absolute (median), quantile, poisson (counts) or gamma (amounts above zero). Squared unless it is said.'
    }),
    quantile: quantileSchema
      .optional()
      .meta({ title: 'Quantile', description: 'Of the objective quantile: the share of outcomes that stays below; 0.5 unless it is said.' })
  },
  evaluate: {},
  quality: {
    objective: regressionObjectiveSchema
      .optional()
      .meta({ title: 'Objective', description: 'What a model of an amount would be fitted to; counts and amounts above zero are checked.' })
  }
}

interface Asked {
  objective?: RegressionObjective
  quantile?: number
}

/** What the parameters of a step ask of the outcome, for the engine. */
export const regressionAsked = {
  train: ({ objective, quantile }: Asked): Asked => ({ objective, quantile }),
  quality: ({ objective }: Asked): Asked => (objective ? { objective } : {})
}

/** How a quality report names the target: what was asked, and what it came to. */
export const regressionQualityTarget = {
  asked: { objective: regressionObjectiveSchema.optional() },
  found: { objective: regressionObjectiveSchema }
}
