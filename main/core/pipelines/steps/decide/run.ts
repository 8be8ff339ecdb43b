import { describeDecision } from '../../../../model/decision'
import type { AskedRule } from '../../../decisions'
import type { RunOf, StepWork } from '../../define-step'
import { assertFresh } from '../fresh-rows'
import { filesOf, settledFiles } from '../settled-model'
import { weightOf } from '../settled-parameters'
import { readTrainingRecord } from '../training-record'
import type { DecideParameters, decideDefinition } from './definition'

const load = async () => {
  const [{ decideModel }, { readSignature }] = await Promise.all([import('../../../decisions'), import('../../../training')])
  return { decideModel, readSignature }
}
export const prepare: StepWork['prepare'] = load

/** Chooses the threshold on rows that the model did not learn from. */
export async function run(context: RunOf<typeof decideDefinition>, frozen: Record<string, unknown>): Promise<void> {
  const { decideModel, readSignature } = await load()
  const { parameters, inputs, progress, log, signal } = context
  const files = filesOf(inputs.model)
  const signature = await readSignature(files.model, files.signature)
  const training = await readTrainingRecord(inputs.model.files['training.json'])
  progress(null, 'Comparing the rows with those of the training')
  // Rows that only stopped the training, or corrected the probabilities, move a threshold little.
  const watched = [training?.heldOut?.table, signature.calibration?.table]
  const doubts = await assertFresh(context, frozen, signature, watched)
  if (watched.includes(inputs.rows.sha256))
    doubts.push('These rows stopped the training or calibrated the model before, so the rates on them are a little too good.')
  progress(null, 'Choosing the threshold')
  const folder = context.path('model')
  const { record } = await decideModel({
    ...files,
    ...{ table: inputs.rows.path, tableSha256: inputs.rows.sha256, rule: ruleOf(parameters) },
    weight: weightOf(parameters, training, frozen),
    doubts,
    folder,
    signal
  })
  for (const line of describeDecision(record)) log(line)
  const settled = await settledFiles(inputs.model, folder, ['model.onnx', 'signature.json', 'decision.json'])
  await context.outputFiles('model', settled.files, { algorithm: record.algorithm, target: record.target, ...settled.about })
  await context.outputJson('report', record)
}

/** The definition has checked that what the rule needs is there. */
function ruleOf(p: DecideParameters): AskedRule {
  switch (p.by) {
    case 'cost':
      if (p.costs) return { by: 'class-costs', costs: p.costs }
      return { by: 'cost', costs: { falseAlarm: p.falseAlarm!, missed: p.missed!, found: p.found ?? 0, left: p.left ?? 0 } }
    case 'capacity':
      return { by: 'capacity', rows: p.capacity!, of: p.of, ...(p.period !== undefined && { period: p.period }) }
    case 'constraint':
      return { by: 'constraint', rate: p.rate!, atLeast: p.atLeast! }
    case 'given':
      return { by: 'given', threshold: p.threshold! }
  }
}
