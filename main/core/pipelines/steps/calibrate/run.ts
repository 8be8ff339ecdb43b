import { describeCalibration } from '../../../../model/calibration'
import type { RunOf, StepWork } from '../../define-step'
import { assertFresh } from '../fresh-rows'
import { filesOf, settledFiles } from '../settled-model'
import { weightOf } from '../settled-parameters'
import { readTrainingRecord } from '../training-record'
import type { calibrateDefinition } from './definition'

const load = async () => {
  const [{ calibrateModel }, { readSignature }] = await Promise.all([import('../../../calibration'), import('../../../training')])
  return { calibrateModel, readSignature }
}
export const prepare: StepWork['prepare'] = load

/** Fits the correction to rows that the model never saw and lays it behind its graph. */
export async function run(context: RunOf<typeof calibrateDefinition>, frozen: Record<string, unknown>): Promise<void> {
  const { calibrateModel, readSignature } = await load()
  const { parameters, inputs, progress, log, signal } = context
  const files = filesOf(inputs.model)
  progress(null, 'Comparing the rows with those of the training')
  const doubts = await assertFresh(context, frozen, await readSignature(files.model, files.signature), [])
  progress(null, 'Calibrating')
  const folder = context.path('model')
  const { record } = await calibrateModel({
    ...files,
    ...{ table: inputs.rows.path, tableSha256: inputs.rows.sha256, method: parameters.method },
    weight: weightOf(parameters, await readTrainingRecord(inputs.model.files['training.json']), frozen),
    doubts,
    folder,
    signal
  })
  for (const line of describeCalibration(record)) log(line)
  const settled = await settledFiles(inputs.model, folder, ['model.onnx', 'signature.json', 'calibration.json'])
  await context.outputFiles('model', settled.files, { algorithm: record.algorithm, target: record.target, ...settled.about })
  await context.outputJson('report', record)
}
