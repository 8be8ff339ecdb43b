import { z } from 'zod'

/** Hyper-parameters of logistic regression. The loss is the sum of log losses plus l2/2 times the squared weights (no penalty on the intercept). */
export const logisticRegressionParametersSchema = z.strictObject({
  l2: z.number().min(0).max(1e6).default(1).meta({ title: 'L2', description: 'Penalty on the weights; 1 / C of other libraries.' }),
  maxIterations: z.int().min(1).max(10_000).default(200).meta({ title: 'Iterations', description: 'Most L-BFGS iterations.' }),
  tolerance: z.number().gt(0).max(1).default(1e-6).meta({ title: 'Tolerance', description: 'Stop when no slope per row exceeds this.' }),
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
export type LogisticRegressionParameters = z.infer<typeof logisticRegressionParametersSchema>
