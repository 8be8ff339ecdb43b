import { z } from 'zod'
import { Sha256 } from './reference'
import { targetValueSchema } from './tasks'
import { valueRangeSchema } from './value-range'

const head = {
  schema: z.literal('drydock.glass-box'),
  version: z.literal(1),
  algorithm: z.string(),
  target: z.string(),
  /** Digest of the model.onnx that it is the drawing of; absent in documents made before it was kept. */
  model: Sha256.optional(),
  /** The probabilities that the model states were corrected after this sum; absent where they were not. */
  calibrated: z.literal(true).optional()
}

/** What stands on one side of a shape: bins of a number from their edges, or texts; the last name is that of missing values. */
export const shapeAxisSchema = z.object({
  feature: z.string(),
  kind: z.enum(['number', 'boolean', 'timestamp', 'category']),
  /** Upper edges (inclusive) of the value bins but the last, as the model compares them; empty for texts. */
  edges: z.array(z.number()),
  /** Smallest and largest value of training; null for texts and columns without values. */
  range: valueRangeSchema.nullable(),
  /** A name for each bin. */
  names: z.array(z.string())
})
export type ShapeAxis = z.infer<typeof shapeAxisSchema>

const byOutput = z.array(z.array(z.number()))

/** What one column, or a pair of them, adds to the margin: for each output one score a bin, of a pair row by row of its first axis. */
export const shapeSchema = z.object({
  axes: z.array(shapeAxisSchema).min(1).max(2),
  scores: byOutput,
  /** 95% interval of each score, where the model has one. */
  lower: byOutput.nullable(),
  upper: byOutput.nullable(),
  /** Weight of the training rows in each bin. */
  weights: z.array(z.number()),
  /** Spread (standard deviation) of what it adds over the training rows. */
  spread: z.number()
})
export type Shape = z.infer<typeof shapeSchema>

/** What the sum of intercept and shapes is before the link: log-odds of the event, a log score of each class, an amount, or its logarithm. */
export const marginSchema = z.enum(['log-odds', 'class scores', 'amount', 'log of the amount'])
export type Margin = z.infer<typeof marginSchema>

/** Most bins, or pairs of bins, of one shape: trainers stay far below, and more can neither be drawn nor read. */
const mostCells = 100_000

/** Whether lists that go together have the same length; what draws them may count on it. */
function isConsistent({ classes, intercept, shapes }: { classes: unknown[] | null; intercept: unknown[]; shapes: Shape[] }): boolean {
  const outputs = classes?.length ?? 1
  return (
    intercept.length === outputs &&
    shapes.every(({ axes, scores, lower, upper, weights }) => {
      const cells = axes.reduce((product, { names }) => product * names.length, 1)
      return (
        cells <= mostCells &&
        weights.length === cells &&
        axes.every(({ kind, edges, names }) => kind === 'category' || names.length === edges.length + 2) &&
        [scores, lower ?? scores, upper ?? scores].every((rows) => rows.length === outputs && rows.every((row) => row.length === cells))
      )
    })
  )
}

/** A model that is the sum of its shapes: margin = intercept + the score of each shape and pair. */
export const shapesSchema = z
  .object({
    ...head,
    kind: z.literal('shapes'),
    margin: marginSchema,
    /** The classes, where there is one output for each; else null. */
    classes: z.array(targetValueSchema).nullable(),
    intercept: z.array(z.number()),
    /** Models on resampled rows whose spread gives the intervals; 1 means no intervals. */
    bags: z.int().min(1),
    shapes: z.array(shapeSchema)
  })
  .refine(isConsistent, 'Shapes have one row of scores for each output, and one score for each bin or pair of bins.')
export type ShapesDrawing = z.infer<typeof shapesSchema>

/** One line of the table of a scorecard; rows and events are weighted counts of the training. */
export const pointsLineSchema = z.object({
  feature: z.string(),
  bin: z.string(),
  rows: z.number().min(0),
  events: z.number().min(0),
  /** Weight of evidence: log of the share of the rows without the event over the share of the events. */
  woe: z.number(),
  /** Its part of the information value of the column. */
  iv: z.number(),
  points: z.int()
})
export type PointsLine = z.infer<typeof pointsLineSchema>

/** A scorecard: log-odds of the event = (offset - points of a row) / factor; the points of a row are the base points and one line of each column. */
export const pointsSchema = z.object({
  ...head,
  kind: z.literal('points'),
  event: targetValueSchema,
  basePoints: z.int(),
  factor: z.number().gt(0),
  offset: z.number(),
  /** Columns in the order of the table, with their information value and weight; one without a weight gives no points. */
  columns: z.array(z.object({ feature: z.string(), iv: z.number(), weight: z.number().nullable() })),
  lines: z.array(pointsLineSchema)
})
export type PointsDrawing = z.infer<typeof pointsSchema>

/**
 * A model that people can read whole: its drawn shapes, or its table of points. Nothing else takes part in a score. Made from model.json; in a
 * bundle it is evidence/glass-box.json.
 */
export const glassBoxSchema = z.discriminatedUnion('kind', [shapesSchema, pointsSchema])
export type GlassBox = z.infer<typeof glassBoxSchema>

/** What a score of a shape is, as the title of an axis. */
export const marginWords: Record<Margin, string> = {
  'log-odds': 'Added to the log-odds',
  'class scores': 'Added to the score of the class',
  amount: 'Added to the prediction',
  'log of the amount': 'Added to the log of the prediction'
}

/** How many points more double the odds against the event. */
export const pointsToDouble = ({ factor }: Pick<PointsDrawing, 'factor'>): number => factor * Math.LN2

/** Probability of the event of a row with so many points. */
export const probabilityOf = ({ factor, offset }: Pick<PointsDrawing, 'factor' | 'offset'>, points: number): number =>
  1 / (1 + Math.exp((points - offset) / factor))

/** Fewest and most points that a row can have. */
export function reachOfPoints({ basePoints, columns, lines }: PointsDrawing): { least: number; most: number } {
  const own = columns.flatMap(({ feature, weight }) =>
    weight === null ? [] : [lines.filter((line) => line.feature === feature).map(({ points }) => points)]
  )
  const sum = (pick: (values: number[]) => number): number => own.reduce((total, points) => total + pick(points), basePoints)
  return { least: sum((points) => Math.min(...points)), most: sum((points) => Math.max(...points)) }
}
