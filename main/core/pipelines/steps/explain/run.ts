import { promises as fs } from 'node:fs'
import { WorkbenchError } from '../../../../model/errors'
import { modelManifest, modelOf } from '../../../../model/model-manifest'
import type { RunOf, StepWork } from '../../define-step'
import { CONTRIBUTIONS } from './contributions'
import type { explainDefinition } from './definition'

const loadExplain = () => import('../../../explain')
export const prepare: StepWork['prepare'] = loadExplain

/** Explains a sample of the rows by the exported file, in the process of the attempt; the model itself answers in another. */
export async function run(context: RunOf<typeof explainDefinition>): Promise<void> {
  const { explainTable } = await loadExplain()
  const { parameters, inputs, progress, log, signal } = context
  const { 'model.onnx': model, 'signature.json': signature } = inputs.model.files
  const sha256 = modelOf(modelManifest.parse(JSON.parse(await fs.readFile(inputs.model.path, 'utf8'))))
  if (!model || !signature || !sha256)
    throw new WorkbenchError(
      'INVALID_INPUT',
      'The model has no model.onnx with a signature.json, so it cannot be explained. Connect the model of a train step, or let the script write both files.'
    )
  const out = context.path(CONTRIBUTIONS)
  const explanation = await explainTable({
    ...{ model, signature, sha256, table: inputs.rows.path, background: inputs.background?.path, ...parameters, out, signal },
    onProgress: (share) => progress(share, 'Explaining')
  })
  for (const line of explanation.narrative) log(line)
  await context.outputJson('explanation', explanation, { [CONTRIBUTIONS]: out })
}
