import { promises as fs } from 'node:fs'
import { z } from 'zod'
import { WorkbenchError } from '../../../../model/errors'
import { taskOf } from '../../../../model/tasks'
import { trainedModelSchema } from '../../../../model/training'
import type { RunOf } from '../../define-step'
import type { evaluateDefinition } from './definition'

const shares = { read: [0, 0.05], score: [0.05, 0.25], latency: [0.3, 0.1], bootstrap: [0.4, 0.6] } as const

/** Scores the rows of "test" in a process of its own and judges the model by them. */
export async function run(context: RunOf<typeof evaluateDefinition>): Promise<void> {
  const { evaluateModel } = await import('../../../training')
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
