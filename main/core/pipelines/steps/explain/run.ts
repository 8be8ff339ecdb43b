import { promises as fs } from 'node:fs'
import { WorkbenchError } from '../../../../model/errors'
import { modelManifest, modelOf, programsOf, scoringFileOf } from '../../../../model/model-manifest'
import type { clustersOf } from '../../column-roles/split-roles'
import type { RunOf, StepWork } from '../../define-step'
import { readTrainingRecord } from '../training-record'
import { CONTRIBUTIONS } from './contributions'
import type { explainDefinition } from './definition'

const loadExplain = () => import('../../../explain')
export const prepare: StepWork['prepare'] = loadExplain

/** Explains a sample of the rows by the exported file, in the process of the attempt; the model itself answers in another. */
export async function run(context: RunOf<typeof explainDefinition>, frozen: Record<string, unknown>): Promise<void> {
  const { explainTable } = await loadExplain()
  const { parameters, inputs, progress, log, signal } = context
  const { 'signature.json': signature, 'training.json': training } = inputs.model.files
  const model = scoringFileOf(inputs.model.files)
  const sha256 = modelOf(modelManifest.parse(JSON.parse(await fs.readFile(inputs.model.path, 'utf8'))))
  if (!model || !signature || !sha256)
    throw new WorkbenchError(
      'INVALID_INPUT',
      'The model has no model.onnx with a signature.json, so it cannot be explained. Connect the model of a train step, or let the script write both files.'
    )
  const out = context.path(CONTRIBUTIONS)
  const record = await readTrainingRecord(training)
  const isTraining = record?.trainingTable?.sha256 === inputs.rows.sha256
  const { explanation, dependence } = await explainTable({
    ...{ model, signature, sha256, table: inputs.rows.path, background: inputs.background?.path, ...parameters, out, signal },
    explained: { table: inputs.rows.sha256, ...(isTraining && { split: 'training' }) },
    weight: record?.weight,
    clusters: frozen.clusters as ReturnType<typeof clustersOf>,
    // The pipeline that made it was seen with its programs.
    programs: programsOf(inputs.model.files),
    onProgress: (share) => progress(share, 'Explaining')
  })
  for (const line of [...explanation.narrative, ...dependence.narrative]) log(line)
  await context.outputJson('explanation', explanation, { [CONTRIBUTIONS]: out })
  await context.outputJson('dependence', dependence)
}
