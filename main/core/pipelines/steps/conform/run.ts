import { describeIntervals } from '../../../../model/conformal'
import type { RunOf, StepWork } from '../../define-step'
import { assertFresh } from '../fresh-rows'
import { filesOf, settledFiles } from '../settled-model'
import { weightOf } from '../settled-parameters'
import { declaredTrainingTable, readTrainingRecord } from '../training-record'
import type { conformDefinition } from './definition'

const load = async () => {
  const [{ conformModel }, { readSignature }] = await Promise.all([import('../../../conformal'), import('../../../training')])
  return { conformModel, readSignature }
}
export const prepare: StepWork['prepare'] = load

/** Measures how far answers are off on rows that the model never saw. */
export async function run(context: RunOf<typeof conformDefinition>, frozen: Record<string, unknown>): Promise<void> {
  const { conformModel, readSignature } = await load()
  const { parameters, inputs, progress, log, signal } = context
  const files = filesOf(inputs.model)
  const signature = await readSignature(files.model, files.signature)
  progress(null, 'Comparing the rows with those of the training')
  // A threshold does not move what is measured here; a calibration does, and so do the rows of the training and those that stopped it.
  const { calibration, decision } = signature
  const training = inputs.model.files['training.json']
  const record = await readTrainingRecord(training)
  const moving = [calibration?.table, record?.heldOut?.table, await declaredTrainingTable(training)]
  const harmless = decision && !moving.includes(decision.table) ? [decision.table] : []
  const doubts = await assertFresh(context, frozen, signature, harmless)
  if (harmless.includes(inputs.rows.sha256))
    doubts.push(
      `${'threshold' in decision! ? 'The threshold was chosen' : 'What decisions cost was measured'} on these rows before. That moves no probability, so what is measured here still holds.`
    )
  progress(null, 'Measuring')
  const folder = context.path('model')
  const { coverage, score, power } = parameters
  const { record: measured } = await conformModel({
    ...files,
    ...{ table: inputs.rows.path, tableSha256: inputs.rows.sha256, coverage, score, power },
    weight: weightOf(parameters, record, frozen),
    doubts,
    folder,
    signal
  })
  for (const line of describeIntervals(measured)) log(line)
  const settled = await settledFiles(inputs.model, folder, ['signature.json', 'intervals.json'])
  await context.outputFiles('model', settled.files, { algorithm: measured.algorithm, target: measured.target, ...settled.about })
  await context.outputJson('report', measured)
}
