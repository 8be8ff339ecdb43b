import { z } from 'zod'
import { experimentShapes } from '../../main/model/commands/experiments'
import { glassBoxSchema } from '../../main/model/glass-box'
import { crossValidationSchema } from '../../main/model/cross-validation'
import { evaluationSchema } from '../../main/model/evaluation'
import { Experiment, MOST_COMPARED, RunComparison, RunDetail, TradeOff } from '../../main/model/run'
import { ListedRun } from '../../main/model/run-rank'
import { modelOriginSchema } from '../../main/model/parity'
import { settledSchema } from '../../main/model/settled'
import { trainedModelSchema } from '../../main/model/training'
import { command, query } from '../wire/definitions'
import { RunId, Sha256 } from '../../main/model/reference'

export const RunQuery = z.object({
  experiment: z.string().optional(),
  /** Expression such as `metrics.auc > 0.8 and params.algorithm = 'gradient-boosting'`. */
  filter: z.string().max(4000).default(''),
  /** A column: `startedAt`, `name`, `duration`, `metrics.auc`, `params.trees`. */
  sort: z.string().default('startedAt'),
  descending: z.boolean().default(true),
  /** Key of the metric by which each run gets its place among all that match. */
  rankBy: z.string().max(250).optional(),
  /** The runs in the trash instead of those outside it. */
  trashed: z.boolean().default(false),
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(1000).default(200)
})

export const experiments = {
  list: query({ input: z.object({}), output: z.array(Experiment) }),
  update: command(experimentShapes.update),
  runs: query({
    input: RunQuery,
    output: z.object({
      total: z.number(),
      /** Runs before the filter. */
      all: z.number(),
      runs: z.array(ListedRun),
      metricKeys: z.array(z.string()),
      parameterKeys: z.array(z.string()),
      /** Smallest and largest bound of each metric over all matching runs, so that interval bars keep one scale while scrolling. */
      ranges: z.record(z.string(), z.object({ low: z.number(), high: z.number() })),
      /** What the filter names that no run has. */
      notes: z.array(z.string())
    })
  }),
  /** The ids of all matching runs, for what is done with all of them. */
  runIds: query({ input: RunQuery.pick({ experiment: true, filter: true, trashed: true }), output: z.array(RunId) }),
  /** All matching runs between two metrics, and which of them others leave behind by the verdict; without `rows` what the values say comes at once. */
  tradeOff: query({
    input: z.object({
      experiment: z.string().optional(),
      filter: z.string().max(4000).default(''),
      x: z.string().max(250),
      y: z.string().max(250),
      rows: z.boolean().default(true)
    }),
    output: TradeOff
  }),
  run: query({ input: z.object({ id: RunId }), output: RunDetail }),
  /** The one run whose id begins so. */
  find: query({ input: z.object({ prefix: z.string().max(200) }), output: RunDetail }),
  /** The whole evaluation with curves; null when the run did not get that far. */
  evaluation: query({ input: z.object({ id: RunId }), output: evaluationSchema.nullable() }),
  /** The record of the training: loss history, importances, rows, durations; null when the run kept none. */
  training: query({ input: z.object({ id: RunId }), output: trainedModelSchema.nullable() }),
  /** The whole model as people read it, its shapes or its table of points; null for models without such a form. */
  glassBox: query({ input: z.object({ id: RunId }), output: glassBoxSchema.nullable() }),
  /** The folds that a way to train was judged by, with spread and intervals; null where there are none. */
  crossValidation: query({ input: z.object({ id: RunId }), output: crossValidationSchema.nullable() }),
  /** Calibration, decision and intervals of the model with their records, and how the intervals fared on the judged rows. */
  settled: query({ input: z.object({ id: RunId }), output: settledSchema }),
  /** Where a model that was made elsewhere comes from, and how it answers beside the original. */
  origin: query({ input: z.object({ id: RunId }), output: modelOriginSchema }),
  /** Named training curves, thinned to at most 1,000 points each with extremes kept. */
  curves: query({
    input: z.object({ ids: z.array(RunId).min(1).max(100) }),
    output: z.array(
      z.object({
        run: RunId,
        name: z.string(),
        exact: z.boolean(),
        points: z.array(z.object({ step: z.number(), value: z.number() }))
      })
    )
  }),
  /** Runs side by side. Verdicts need the single rows, which may take seconds for many runs; without `rows` the rest comes at once. */
  compare: query({
    input: z.object({ ids: z.array(RunId).min(1).max(MOST_COMPARED), baseline: RunId.optional(), rows: z.boolean().default(true) }),
    output: RunComparison
  }),
  /** The frozen pipeline document of a run. */
  code: query({ input: z.object({ id: RunId }), output: z.object({ sha256: Sha256.nullable(), text: z.string() }) }),
  annotate: command(experimentShapes.annotate),
  setTag: command(experimentShapes.setTag),
  trash: command(experimentShapes.trash),
  restore: command(experimentShapes.restore)
}
