import { existsSync, promises as fs } from 'node:fs'
import { join } from 'node:path'
import { WorkbenchError } from '../../../../model/errors'
import { CROSS_VALIDATION } from '../../../../model/cross-validation'
import { claimedName } from '../../../../model/model-manifest'
import { sha256File } from '../../../../storage/objects/durable-files'
import type { StepContext } from '../../define-step'
import { declaredTrainingTable, readTrainingRecord } from '../training-record'
import type { Parameters } from './definition'

const isTable = (type: string): boolean => type === 'Table' || type === 'FeatureSet'
const predictionFiles = ['predictions.csv', 'predictions.arrow', 'predictions.parquet']

/** Records that steps of this workbench write beside a model; what follows takes them as measured here. */
const ownRecords = ['training.json', CROSS_VALIDATION, 'import.json', 'parity.json', 'calibration.json', 'decision.json', 'intervals.json']

/**
 * The files of a model with the records that only steps of this workbench write under names that say whose they are: nobody measured here
 * what a script says of itself. Of a record of a training the table stays, which a program may declare.
 */
async function asClaims(context: StepContext<Parameters>, port: string, files: Record<string, string>): Promise<Record<string, string>> {
  const kept = { ...files }
  for (const name of ownRecords) {
    const path = files[name]
    if (path === undefined || (name === 'training.json' && (await readTrainingRecord(path)) === null)) continue
    const claim = claimedName(name)
    delete kept[name]
    kept[claim] = path
    context.log(
      `The model "${port}" came with ${name}, which steps of Drydock write. It is kept as what the script claims (${claim}); no gate takes it as measured.`
    )
    const sha256 = name === 'training.json' ? await declaredTrainingTable(path) : null
    if (sha256 === null) continue
    kept[name] = context.path(`declared-${port}.json`)
    await fs.writeFile(kept[name], JSON.stringify({ trainingTable: { sha256 } }))
  }
  return kept
}

/**
 * Makes a model of this workbench out of what a script left in the folder of an output, where the step says what it predicts: its signature is
 * drafted, or held against graph, rows and answers where the script wrote one. Predictions that lie beside it are compared with its answers.
 * @throws WorkbenchError INVALID_INPUT, JOB_TIMEOUT, CANCELLED
 */
export async function takeModel(
  context: StepContext<Parameters>,
  port: string,
  left: Record<string, string>
): Promise<Record<string, string>> {
  const files = await asClaims(context, port, left)
  const { models = {}, outputs } = context.parameters
  const about = Object.hasOwn(models, port) ? models[port] : undefined
  if (!about) {
    if (!files['signature.json'])
      context.log(
        `The model "${port}" has no signature.json, so it can be kept but not judged, explained or used. Write "models: { ${port}: { target: COLUMN } }" into the step, and its signature is drafted.`
      )
    return files
  }
  if (outputs[port] !== 'Model') return files
  const { rows: named, learned, threshold, ...choices } = about
  const input = named ?? Object.keys(context.inputs).find((each) => isTable(context.inputs[each]!.type))
  const table = input === undefined ? undefined : context.inputs[input]
  if (input === undefined || !table || !isTable(table.type))
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The rows on which the model "${port}" is tried are ${named === undefined ? 'at no input of the script' : `to be at its input "${named}", and there is no table`}. Connect a table with the target "${choices.target}".`
    )
  // Loaded on demand: most scripts make no model.
  const { loadImport, takeInBrought, takeInModel } = await import('../take-in-model')
  const { readFrame } = await loadImport()
  const rows = { input, frame: await readFrame(table.path, undefined, context.signal), sha256: table.sha256 }
  const predictions = predictionFiles.find((name) => files[name])
  const more = {
    choices,
    rows,
    learned,
    threshold,
    ...(predictions && { predictions: { name: predictions, path: files[predictions]!, sha256: await sha256File(files[predictions]!) } })
  }
  const folder = context.path(`model-${port}`)
  await fs.mkdir(folder, { recursive: true })
  const { parts } = files['signature.json']
    ? await takeInBrought(context, { folder: await copyInto(folder, files, ['model.onnx', 'signature.json']), ...more })
    : await takeInModel(context, { name: `${port}/model.onnx`, bytes: await fs.readFile(files['model.onnx']!), folder, ...more })
  return { ...files, ...parts }
}

/** The script's own folder stays as the script left it. */
async function copyInto(folder: string, files: Record<string, string>, names: readonly string[]): Promise<string> {
  for (const name of names) if (existsSync(files[name]!)) await fs.copyFile(files[name]!, join(folder, name))
  return folder
}
