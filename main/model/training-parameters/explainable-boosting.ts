import { z } from 'zod'

/**
 * Hyper-parameters of explainable boosting. The defaults must not do worse than the base rate where there is little to learn: small steps, and an
 * end by rows that were not learned from. They are held against those of interpret (defaults-peers.test.ts). A pipeline that leaves a setting out
 * gets its default, also of `smoothingRounds`, which came later; `smoothingRounds: 0` with the former values of the others trains much as before.
 */
export const explainableBoostingParametersSchema = z.strictObject({
  rounds: z
    .int()
    .min(1)
    .max(20_000)
    .default(2000)
    .meta({ title: 'Rounds', description: 'Most visits of each column; stopping early keeps fewer.' }),
  learningRate: z
    .number()
    .gt(0)
    .max(1)
    .default(0.04)
    .meta({ title: 'Learning rate', description: 'Share of each step that is added; small steps share a signal fairly among columns.' }),
  smoothingRounds: z.int().min(0).max(20_000).default(200).meta({
    title: 'Smoothing rounds',
    description:
      'First rounds that cut a column at places drawn by chance, which makes the shapes smooth; at most a quarter of the rounds, 0 means none.'
  }),
  maxLeaves: z
    .int()
    .min(2)
    .max(16)
    .default(2)
    .meta({ title: 'Leaves per step', description: 'Most parts into which one step divides a column.' }),
  minRowsPerLeaf: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(4)
    .meta({ title: 'Rows per leaf', description: 'Fewest rows in a part, but for cuts by chance.' }),
  l2: z.number().min(0).max(1e6).default(1).meta({ title: 'L2', description: 'Penalty on the height of a step.' }),
  maxBins: z.int().min(2).max(254).default(254).meta({ title: 'Bins', description: 'Most bins of a numeric column.' }),
  categoricalSmoothing: z
    .number()
    .min(0)
    .max(1e6)
    .default(10)
    .meta({ title: 'Category smoothing', description: 'Pulls rare categories to the middle when categories are ordered for a step.' }),
  minRowsPerCategory: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(10)
    .meta({ title: 'Rows per category', description: 'Rarer categories share one score with unknown ones.' }),
  pairs: z.int().min(0).max(100).default(10).meta({
    title: 'Pairs',
    description:
      'Most pairs of columns that may act together, chosen by how much they add; by default at most 5 with more than 5,000 rows, none with more than two classes.'
  }),
  bags: z.int().min(1).max(100).default(8).meta({
    title: 'Bags',
    description:
      'Models whose mean is the model. Each leaves out other rows, which end its training; their spread gives the intervals of the shapes. 1 means none.'
  }),
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
    description:
      'Share of the rows that each bag leaves out to watch its loss: random rows or whole groups, as the split divided them. Held back from all bags where later rows watch, or where the bags are too few to leave out each row; none when validation is connected.'
  }),
  earlyStoppingRounds: z
    .int()
    .min(0)
    .max(1000)
    .default(50)
    .meta({ title: 'Stop after', description: 'Rounds without a better validation loss before training stops; 0 means never.' })
})
export type ExplainableBoostingParameters = z.infer<typeof explainableBoostingParametersSchema>
