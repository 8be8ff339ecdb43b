import { promises as fs } from 'node:fs'
import { basename, join } from 'node:path'
import { describeImport } from '../../../../model/imported-model'
import { describeParity } from '../../../../model/parity'
import { sha256 } from '../../../../storage/objects/durable-files'
import type { RunOf, StepWork } from '../../define-step'
import type { FrozenFiles, importModelDefinition } from './definition'
import { certify } from './certify'

const loadImport = async () => {
  const [{ importModel }, { readFrame }] = await Promise.all([import('../../../imported-models'), import('../../../frames')])
  return { importModel, readFrame }
}
export const prepare: StepWork['prepare'] = loadImport

/** Drafts, adapts and checks the model, and holds it against the predictions of the original where there are some. */
export async function run(context: RunOf<typeof importModelDefinition>, frozen: FrozenFiles): Promise<void> {
  const { importModel, readFrame } = await loadImport()
  const { parameters: p, inputs, log, progress, signal } = context
  const { file, learned, predictions, threshold, ...choices } = p
  const folder = context.path('model')
  progress(null, 'Reading')
  const path = frozen.file ? context.objectPath(frozen.file.sha256) : inputs.file!.path
  const frame = await readFrame(inputs.rows.path, undefined, signal)
  progress(null, 'Checking')
  const { signature, record, files } = await importModel({
    name: file === undefined ? 'the connected file' : basename(file),
    bytes: await fs.readFile(path),
    frame,
    table: inputs.rows.sha256,
    choices,
    folder,
    signal
  })
  for (const line of describeImport(record)) log(line)
  const parts = Object.fromEntries(files.map((name) => [name, join(folder, name)]))
  if (learned) {
    parts['training.json'] = join(folder, 'training.json')
    await fs.writeFile(parts['training.json'], JSON.stringify({ trainingTable: { sha256: inputs.rows.sha256 } }))
  }
  const given = frozen.predictions
    ? { name: basename(predictions!), path: context.objectPath(frozen.predictions.sha256), sha256: frozen.predictions.sha256 }
    : inputs.predictions && { name: 'predictions', path: inputs.predictions.path, sha256: inputs.predictions.sha256 }
  if (given) {
    progress(null, 'Comparing with the original')
    const parity = await certify(context, { model: parts['model.onnx']!, signature, frame, threshold }, given, {
      model: sha256(await fs.readFile(parts['model.onnx']!)),
      original: record.adapted.length > 0 ? record.original.sha256 : null,
      table: { input: 'rows', sha256: inputs.rows.sha256 }
    })
    parts['parity.json'] = join(folder, 'parity.json')
    await fs.writeFile(parts['parity.json'], `${JSON.stringify(parity, null, 2)}\n`)
    log(describeParity(parity))
  }
  await context.outputFiles('model', parts, { target: signature.target.name })
  await context.outputJson('report', record)
}
