import { z } from 'zod'
import { count, estimateSchema, gainSchema, share, clustersSchema } from '../estimate'
import { regressionFairnessSchema } from './fairness'
import { quantileSchema, regressionObjectiveSchema } from './objective'

/** Rows of one bin of predictions, of a tenth of the weight each as far as equal predictions allow; bounds are 95% intervals of `observed`. */
const calibrationBin = z.object({
  /** Least and largest prediction inside. */
  from: z.number(),
  to: z.number(),
  count,
  /** Mean prediction. */
  predicted: z.number(),
  /** What the model states, of the outcomes inside: their mean, median or quantile. */
  observed: z.number(),
  lower: z.number().nullable(),
  upper: z.number().nullable()
})
export type AmountBin = z.infer<typeof calibrationBin>

/** Outcomes minus predictions of the rows of one bin. */
const residualBin = z.object({
  /** The bin in words: a range, a text, or that the value is missing. */
  label: z.string(),
  /** Ends of a range; absent for texts and missing values. */
  from: z.number().optional(),
  to: z.number().optional(),
  count,
  mean: z.number(),
  /** 95% interval of the mean; null for a single row. */
  lower: z.number().nullable(),
  upper: z.number().nullable(),
  /** Nine of ten residuals are between these. */
  low: z.number(),
  high: z.number()
})
export type ResidualBin = z.infer<typeof residualBin>

/** How far predictions can be taken at their word. */
export const regressionReliabilitySchema = z.object({
  /** Mean prediction minus mean outcome: above zero the model expects too much. */
  bias: estimateSchema,
  /** Straight line of the outcomes over the predictions: 1 and 0 are calibrated. Absent for medians and quantiles, which say nothing of means. */
  slope: estimateSchema.optional(),
  intercept: estimateSchema.optional()
})
export type RegressionReliability = z.infer<typeof regressionReliabilitySchema>

/** The model beside one amount for every row; the gain is the mean loss of the objective saved, over all judged rows. */
export const regressionBaselineSchema = z.object({
  /** What is stated for every row, and in which rows it was found. */
  amount: z.number(),
  statistic: z.enum(['mean', 'median', 'quantile']),
  of: z.enum(['training rows', 'judged rows']),
  /** Loss of stating it for every row. */
  loss: z.number(),
  gain: gainSchema,
  verdict: z.enum(['better', 'worse', 'cannot be told'])
})
export type RegressionBaseline = z.infer<typeof regressionBaselineSchema>

/** How the rows were drawn again for the intervals. */
export const regressionBootstrapSchema = z.object({
  samples: count,
  level: share,
  method: z.literal('studentised'),
  /** Where the split kept groups or times apart, whole clusters of rows were drawn. */
  clusters: clustersSchema.optional()
})

/** The parts of an evaluation that are this task's own, in the order of the document. */
export const regressionEvaluation = {
  target: z.object({
    name: z.string(),
    objective: regressionObjectiveSchema,
    quantile: quantileSchema.optional(),
    exposure: z.string().optional()
  }),
  /** The outcomes of the judged rows, weighted; `weight` is the sum of the sample weights where there are any. */
  counts: {
    mean: z.number(),
    deviation: z.number(),
    minimum: z.number(),
    maximum: z.number(),
    weight: z.number().optional()
  },
  figures: {
    metrics: z.object({
      rmse: estimateSchema,
      mae: estimateSchema,
      median_absolute_error: estimateSchema,
      r2: estimateSchema,
      /** Of the squared, Poisson and gamma objectives. */
      deviance: estimateSchema.optional(),
      /** Share of the loss of the objective that is saved against the best constant of the judged rows. */
      d2: estimateSchema,
      /** Of the quantile objective. */
      pinball: estimateSchema.optional(),
      coverage: estimateSchema.optional()
    }),
    baseline: regressionBaselineSchema.optional(),
    bootstrap: regressionBootstrapSchema,
    calibration: z.array(calibrationBin).max(10),
    reliability: regressionReliabilitySchema,
    /** Residuals by prediction, and by the values of each feature. */
    residuals: z.object({
      predicted: z.array(residualBin).max(20),
      features: z.array(z.object({ feature: z.string(), bins: z.array(residualBin).max(20) })).max(100),
      /** Features beyond the listed ones. */
      unlisted: count
    }),
    /** Residuals in bins of equal width; those beyond the outermost bins are counted apart. */
    errors: z.object({ bins: z.array(z.object({ from: z.number(), to: z.number(), count })).max(60), below: count, above: count }),
    /** Outcomes and predictions in the same bins of equal width; what lies beyond is in the outermost bins. */
    amounts: z.array(z.object({ from: z.number(), to: z.number(), observed: count, predicted: count })).max(60),
    /** What predictions are to be expected, for whoever operates the model: of the judged rows a share lies at or below a value, and `above` above it. */
    predictions: z.array(z.object({ share, value: z.number(), above: share })).max(20)
  },
  fairness: regressionFairnessSchema
}

const figuresSchema = z.object(regressionEvaluation.figures)
export type RegressionFigures = z.infer<typeof figuresSchema>
export type RegressionMetric = keyof RegressionFigures['metrics']
