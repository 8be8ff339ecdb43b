import { promises as fs } from 'node:fs'
import { z } from 'zod'
import { WorkbenchError } from '../../../model/errors'
import { taskOf } from '../../../model/tasks'
import { trainedModelSchema } from '../../../model/training'
import { defineStep, type StepContext } from '../define-step'

const parameters = z.strictObject({
  threshold: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .meta({ title: 'Threshold', description: 'Probability from which a row counts as positive.' }),
  groupColumn: z.string().max(500).optional().meta({ title: 'Groups', description: 'Column whose groups are compared for fairness.' }),
  minimumGroupSize: z
    .int()
    .min(1)
    .default(30)
    .meta({ title: 'Smallest group', description: 'Smaller groups are listed but not compared.' }),
  bootstrapSamples: z
    .int()
    .min(0)
    .max(100_000)
    .default(2000)
    .meta({ title: 'Resamples', description: 'For the confidence intervals; 0 leaves them out.' }),
  latencyCalls: z
    .int()
    .min(1)
    .max(100_000)
    .default(1000)
    .meta({ title: 'Timed calls', description: 'Single rows scored to measure the latency.' }),
  split: z.string().min(1).max(100).default('test').meta({ title: 'Name of the split', description: 'What the judged rows are called.' }),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(42)
    .meta({ title: 'Seed', description: 'Of the resampling.' })
})
type Parameters = z.output<typeof parameters>
const shares = { read: [0, 0.05], score: [0.05, 0.25], latency: [0.3, 0.1], bootstrap: [0.4, 0.6] } as const

export const evaluateStep = defineStep({
  type: 'evaluate',
  version: 1,
  title: 'Evaluate',
  help: 'Scores rows with known outcomes with the ONNX model in a process of its own: quality with confidence intervals, calibration, groups, latency and memory. Adds to the run that trained the model.',
  icon: 'gauge',
  category: 'training',
  parameters,
  inputs: {
    model: { types: ['Model'], help: 'The model to judge.' },
    test: { types: ['Table', 'FeatureSet'], help: 'Rows that it has not seen.' }
  },
  outputs: {
    evaluation: { type: 'Report', help: 'Everything that was measured.' },
    metrics: { type: 'Metrics', help: 'The figures by name.' }
  },
  run,
  commit: (context) => context.commits.experiments?.evaluated(context)
})

async function run(context: StepContext<Parameters>): Promise<void> {
  const { evaluateModel } = await import('../../training')
  const { parameters: p, inputs, progress, metric, log, signal } = context
  const { 'model.onnx': model, 'signature.json': signature, 'training.json': training } = inputs.model.files
  if (!model || !signature)
    throw new WorkbenchError(
      'INVALID_INPUT',
      'The model has no model.onnx with a signature.json, so it cannot be scored. Connect the model of a train step, or let the script write both files.'
    )
  const trainingSeconds = training ? await readTrainingSeconds(training) : undefined
  const evaluation = await evaluateModel({
    model,
    signature,
    table: inputs.test.path,
    threshold: p.threshold,
    groupColumn: p.groupColumn,
    minimumGroupSize: p.minimumGroupSize,
    bootstrapSamples: p.bootstrapSamples,
    latencyCalls: p.latencyCalls,
    split: p.split,
    seed: p.seed,
    trainingSeconds,
    signal,
    onProgress: (stage, share) =>
      progress(
        shares[stage][0] + shares[stage][1] * share,
        { read: 'Reading', score: 'Scoring', latency: 'Timing', bootstrap: 'Resampling' }[stage]
      )
  })
  for (const warning of evaluation.warnings) log(`warning: ${warning}`)
  const metrics = taskOf(evaluation).metricsOf(evaluation)
  for (const [name, value] of Object.entries(metrics)) metric(name, value)
  await context.outputJson('evaluation', evaluation)
  await context.outputJson('metrics', metrics)
}

/** Seconds of the fit; undefined for a record of another form, such as a script's own. */
async function readTrainingSeconds(path: string): Promise<number | undefined> {
  try {
    return trainedModelSchema.parse(JSON.parse(await fs.readFile(path, 'utf8'))).durations.fit
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined
    throw error
  }
}
