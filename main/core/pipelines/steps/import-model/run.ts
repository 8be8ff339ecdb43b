import { promises as fs } from 'node:fs'
import { basename } from 'node:path'
import type { RunOf, StepWork } from '../../define-step'
import { loadImport, takeInModel } from '../take-in-model'
import type { FrozenFiles, importModelDefinition } from './definition'

export const prepare: StepWork['prepare'] = loadImport

/** Drafts, adapts and checks the model, and holds it against the predictions of the original where there are some. */
export async function run(context: RunOf<typeof importModelDefinition>, frozen: FrozenFiles): Promise<void> {
  const { readFrame } = await loadImport()
  const { parameters: p, inputs, progress, signal } = context
  const { file, learned, predictions, threshold, ...choices } = p
  progress(null, 'Reading')
  const path = frozen.file ? context.objectPath(frozen.file.sha256) : inputs.file!.path
  const given = frozen.predictions
    ? { name: basename(predictions!), path: context.objectPath(frozen.predictions.sha256), sha256: frozen.predictions.sha256 }
    : inputs.predictions && { name: 'predictions', path: inputs.predictions.path, sha256: inputs.predictions.sha256 }
  const { signature, record, parts } = await takeInModel(context, {
    name: file === undefined ? 'the connected file' : basename(file),
    bytes: await fs.readFile(path),
    folder: context.path('model'),
    choices,
    rows: { input: 'rows', frame: await readFrame(inputs.rows.path, undefined, signal), sha256: inputs.rows.sha256 },
    learned,
    threshold,
    ...(given && { predictions: given })
  })
  await context.outputFiles('model', parts, { target: signature.target.name })
  await context.outputJson('report', record)
}
