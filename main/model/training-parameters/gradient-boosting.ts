import { z } from 'zod'

/**
 * Hyper-parameters of the histogram gradient boosting trainer. Title and description also label the generated form. The defaults must not do
 * worse than the base rate where there is little to learn (`defaults.test.ts`): small steps, few leaves, and an end by rows held back.
 */
export const gradientBoostingParametersSchema = z.strictObject({
  trees: z
    .int()
    .min(1)
    .max(5000)
    .default(1000)
    .meta({ title: 'Trees', description: 'Most trees that may be grown; stopping early keeps fewer.' }),
  learningRate: z.number().gt(0).max(1).default(0.05).meta({ title: 'Learning rate', description: 'Share of each tree that is added.' }),
  maxLeaves: z.int().min(2).max(1024).default(15).meta({ title: 'Leaves per tree', description: 'Most leaves of one tree.' }),
  maxDepth: z.int().min(0).max(64).default(0).meta({ title: 'Depth', description: 'Most levels of one tree; 0 means no limit.' }),
  minRowsPerLeaf: z.int().min(1).max(1_000_000).default(20).meta({ title: 'Rows per leaf', description: 'Fewest rows in a leaf.' }),
  l2: z.number().min(0).max(1e6).default(1).meta({ title: 'L2', description: 'Penalty on leaf values.' }),
  maxBins: z.int().min(2).max(255).default(255).meta({ title: 'Bins', description: 'Most bins of a numeric column.' }),
  categoricalSmoothing: z
    .number()
    .min(0)
    .max(1e6)
    .default(10)
    .meta({ title: 'Category smoothing', description: 'Pulls rare categories to the middle when categories are ordered for a split.' }),
  minRowsPerCategory: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(10)
    .meta({ title: 'Rows per category', description: 'A category with fewer rows in a node is not moved by a split.' }),
  categoryL2: z
    .number()
    .min(0)
    .max(1e6)
    .default(10)
    .meta({ title: 'Category L2', description: 'Penalty on leaf values beside a split that moves several categories; added to L2.' }),
  minRowsPerGroup: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(100)
    .meta({ title: 'Rows per group', description: 'Fewest rows of the categories that a split adds to those that it moves.' }),
  mostCategoriesMoved: z
    .int()
    .min(1)
    .max(1000)
    .default(32)
    .meta({ title: 'Categories moved', description: 'Most categories that a split moves to one side.' }),
  rowFraction: z.number().gt(0).max(1).default(1).meta({ title: 'Row share', description: 'Share of the rows drawn for each tree.' }),
  featureFraction: z
    .number()
    .gt(0)
    .max(1)
    .default(1)
    .meta({ title: 'Feature share', description: 'Share of the columns drawn for each tree.' }),
  rising: z.string().max(10_000).default('').meta({
    title: 'Only rising',
    description: 'Columns, separated by commas, of which a larger number may only raise what is predicted.',
    format: 'columns'
  }),
  falling: z.string().max(10_000).default('').meta({
    title: 'Only falling',
    description: 'Columns, separated by commas, of which a larger number may only lower what is predicted.',
    format: 'columns'
  }),
  validationFraction: z.number().min(0).max(0.5).default(0.15).meta({
    title: 'Validation share',
    description: 'Share of the training rows held back to watch the loss, as the split divided them; none when validation is connected.'
  }),
  earlyStoppingRounds: z
    .int()
    .min(0)
    .max(1000)
    .default(30)
    .meta({ title: 'Stop after', description: 'Trees without a better validation loss before training stops; 0 means never.' })
})
export type GradientBoostingParameters = z.infer<typeof gradientBoostingParametersSchema>
