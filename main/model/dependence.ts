import { z } from 'zod'
import { askedModelSchema, explainedTableSchema, explanationSpaceSchema } from './explanation'
import { featureKindSchema } from './training'

/** A value of a feature; null is missing. */
const cell = z.union([z.number(), z.string(), z.null()])
/** What a curve is drawn in: what the model answers, or the margin that the answer follows from. */
export const dependenceScaleSchema = z.enum(['answer', 'margin'])
export type DependenceScale = z.infer<typeof dependenceScaleSchema>

const curveSchema = z.object({
  /** Name of an event, a class or an amount, as in `outputs`. */
  output: z.string(),
  scale: dependenceScaleSchema,
  /** Partial dependence: the mean over the rows when all get the value of the grid (Friedman 2001), with a 95% interval of the mean. */
  mean: z.array(z.number()),
  low: z.array(z.number().nullable()),
  high: z.array(z.number().nullable()),
  /** Accumulated local effects (Apley and Zhu 2020), zero in the mean over the rows; null for missing values, and where there is no order. */
  effect: z.array(z.number().nullable()),
  /** Individual conditional expectation: a line for each row of the sample, by their height; no row of the table can be told from them. */
  lines: z.array(z.array(z.number()))
})
export type DependenceCurve = z.infer<typeof curveSchema>

const featureSchema = z.object({
  feature: z.string(),
  kind: featureKindSchema,
  unit: z.string().optional(),
  /** Values that all rows were given, in the order of the curves: numbers rising, texts by `order`; missing last, where it is possible and the model answers to it. */
  grid: z.array(cell).min(1),
  /** Share of the rows with this value; of a number, with one above the grid's value before and up to this one. */
  share: z.array(z.number()),
  /** `similarity`: texts whose rows are alike in the other columns stand side by side, which accumulated effects need. */
  order: z.enum(['value', 'similarity']),
  /** Share of the rows whose text is not on the grid, as it is too rare. */
  leftOut: z.number(),
  curves: z.array(curveSchema).min(1)
})
export type DependenceFeature = z.infer<typeof featureSchema>

type Curves = Pick<z.infer<typeof curveSchema>, 'output' | 'mean' | 'low' | 'high' | 'effect' | 'lines'>
interface Measured {
  lines: number
  outputs: string[]
  features: { grid: unknown[]; share: number[]; curves: Curves[] }[]
}

/** Whether each curve has a figure for each point of its grid, and is of an outcome that the document names: a reader draws by place. */
const isConsistent = ({ outputs, features, lines: most }: Measured): boolean =>
  features.every(({ grid, share, curves }) =>
    curves.every(
      ({ output, mean, low, high, effect, lines }) =>
        outputs.includes(output) &&
        lines.length <= most &&
        [share, mean, low, high, effect, ...lines].every(({ length }) => length === grid.length)
    )
  )

/** How the answers of a model go with its features, by its exported file. */
const dependenceDocument = z.object({
  schema: z.literal('drydock.dependence'),
  version: z.literal(1),
  model: askedModelSchema,
  task: z.string(),
  target: z.string(),
  seed: z.int(),
  /** Over so many rows; `lines` are of so many of them. */
  rows: z.int().min(1),
  lines: z.int().min(0),
  /** The table that these are from; absent for a file that is in no workspace, and in documents made before it was kept. */
  explained: explainedTableSchema.optional(),
  /** Events, classes or amounts with curves, and how they were chosen: likeliest are those of the largest mean probability over the rows. */
  outputs: z.array(z.string()).min(1),
  chosen: z.enum(['all', 'likeliest', 'asked']),
  /** What an answer and a margin are counted in; null where no margin can be told. */
  answer: explanationSpaceSchema,
  margin: explanationSpaceSchema.nullable(),
  /** How the features were chosen. */
  by: z.enum(['contribution', 'asked']),
  features: z.array(featureSchema),
  narrative: z.array(z.string())
})
export const dependenceSchema = dependenceDocument.refine(
  isConsistent,
  'Curves have one figure for each value of the grid, no more lines than the document says, and are of its outputs.'
)
export type Dependence = z.infer<typeof dependenceSchema>
