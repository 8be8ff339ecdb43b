import { z } from 'zod'

/**
 * Hyper-parameters of generalised linear models. The fit minimises the weighted sum of losses (half the squared error of the standardised
 * target, or the negative log-likelihood) plus penalty * (l1Ratio * sum of sizes + (1 - l1Ratio) / 2 * sum of squares) of the weights.
 */
export const generalisedLinearParametersSchema = z.strictObject({
  penalty: z.number().min(0).max(1e6).default(1).meta({
    title: 'Penalty',
    description: 'Pulls the weights of standardised columns to zero; alpha times the rows of other libraries. 0 gives the classical fit.'
  }),
  l1Ratio: z.number().min(0).max(1).default(0).meta({
    title: 'L1 share',
    description: 'Share of the penalty that sets weights to zero: 0 is ridge, 1 lasso, between them elastic net.'
  }),
  maxIterations: z.int().min(1).max(10_000).default(1000).meta({ title: 'Iterations', description: 'Most quasi-Newton iterations.' }),
  tolerance: z.number().gt(0).max(1).default(1e-8).meta({ title: 'Tolerance', description: 'Stop when no slope per row exceeds this.' }),
  imputation: z
    .enum(['median', 'mean'])
    .default('median')
    .meta({ title: 'Missing numbers', description: 'What stands in for a missing number.' }),
  minRowsPerCategory: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(10)
    .meta({ title: 'Rows per category', description: 'Rarer categories share one weight with unknown ones.' })
})
export type GeneralisedLinearParameters = z.infer<typeof generalisedLinearParametersSchema>
