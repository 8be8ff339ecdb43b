import { promises as fs } from 'node:fs'
import { countOf } from '../../../../model/count-of'
import { CROSS_VALIDATION, describeCrossValidation } from '../../../../model/cross-validation'
import { taskOf } from '../../../../model/tasks'
import { describeHeldOut, type HoldBack } from '../../../../model/training'
import type { RunOf, StepWork } from '../../define-step'
import { chooseFeatures } from './choose-features'
import { holdBackOf, readValidated, settingsOf } from './read-validated'
import type { trainDefinition } from './definition'

const shares = { read: [0, 0.1], fit: [0.1, 0.75], export: [0.85, 0.05], check: [0.9, 0.1] } as const

const loadTrainer = async () => (await import('../../../training')).trainModel
export const prepare: StepWork['prepare'] = (database) => Promise.all([database(), loadTrainer()])

/** Fits the model on the rows of "train", exports it and checks the export against the trainer. */
export async function run(context: RunOf<typeof trainDefinition>, frozen: Record<string, unknown>): Promise<void> {
  const trainModel = await loadTrainer()
  const { parameters: p, inputs, progress, metric, log, signal } = context
  const table = inputs.train
  const chosen = await chooseFeatures(context, table, frozen)
  const { features, leftOut, untold, weight, exposure } = chosen
  const validated = inputs.cross_validation && (await readValidated(context, inputs.cross_validation, chosen))
  const folder = context.path('model')
  const record = await trainModel({
    table: table.path,
    target: p.target,
    task: p.task,
    ...taskOf(p).asked.train(p),
    weight,
    exposure,
    classWeights: p.classWeights,
    features,
    algorithm: p.algorithm,
    parameters: { ...p.parameters, ...(validated && settingsOf(validated)) },
    validation: inputs.validation?.path,
    validationTableSha256: inputs.validation?.sha256,
    // A run that was frozen before the terms of the split were looked up holds random rows back.
    holdBack: (validated && holdBackOf(validated)) ?? (frozen.holdBack as HoldBack | undefined),
    seed: p.seed,
    outputDirectory: folder,
    trainingTableSha256: table.sha256,
    treeOperators: p.onnxMl === '5' ? 5 : 3,
    units: p.units,
    columnRoles: frozen.columnRoles ? { leftOut, unknown: untold } : undefined,
    signal,
    onProgress: (stage, share) =>
      progress(
        shares[stage][0] + shares[stage][1] * share,
        { read: 'Reading', fit: 'Fitting', export: 'Exporting', check: 'Checking the export' }[stage]
      ),
    onMetric: (point) => metric(point.name, point.value, point.step)
  })
  for (const warning of record.warnings) log(`warning: ${warning}`)
  if (record.heldOut) log(`${countOf(record.rows.validation, 'row')} watched the fit: ${describeHeldOut(record.heldOut)}`)
  log(
    `${countOf(record.rows.training, 'row')}, ${countOf(record.features.length, 'feature')}, ${countOf(record.bestIteration, 'iteration')}, parity ${record.parity.maxDifference.toExponential(2)} over ${countOf(record.parity.rows, 'row')}`
  )
  const files = Object.fromEntries(
    ['model.onnx', 'model.json', 'signature.json', 'training.json'].map((name) => [name, `${folder}/${name}`])
  )
  if (validated) {
    log(`final fit of a cross-validation: ${describeCrossValidation(validated)}`)
    files[CROSS_VALIDATION] = context.path(CROSS_VALIDATION)
    await fs.copyFile(inputs.cross_validation!.path, files[CROSS_VALIDATION])
  }
  await context.outputFiles('model', files, { algorithm: record.algorithm, target: record.target.name })
  await context.outputJson('report', record)
}
