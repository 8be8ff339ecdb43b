import { existsSync, promises as fs } from 'node:fs'
import { assertDigest } from '../../../../storage/objects/digest-check'
import { WorkbenchError } from '../../../../model/errors'
import { modelManifest, modelOf, programsOf, scoringFileOf } from '../../../../model/model-manifest'
import type { RunOf, StepWork } from '../../define-step'
import { registeredIn } from '../named-model'
import { declaredTrainingTable } from '../training-record'
import type { scoreDefinition } from './definition'

const loadScoring = () => import('../../../scoring')
export const prepare: StepWork['prepare'] = loadScoring

/** Scores the rows batch by batch; the model answers in a process of its own. */
export async function run(context: RunOf<typeof scoreDefinition>, frozen: Record<string, unknown>): Promise<void> {
  const { scoreTableFile } = await loadScoring()
  const { parameters, inputs, progress, log, signal } = context
  const { 'signature.json': signature } = inputs.model.files
  const model = scoringFileOf(inputs.model.files)
  const sha256 = modelOf(modelManifest.parse(JSON.parse(await fs.readFile(inputs.model.path, 'utf8'))))
  if (!model || !signature || !sha256)
    throw new WorkbenchError(
      'INVALID_INPUT',
      'The model has no model.onnx with a signature.json, so it cannot score. Use the model of a train step, or let the script write both files.'
    )
  const registered = registeredIn(frozen)
  const name = registered ? `${registered.name}@${registered.version}` : 'the connected model'
  const out = context.path('scores.arrow')
  const report = await scoreTableFile({
    ...{ model, signature, name, sha256, out, signal, keep: parameters.keep, strict: parameters.strict, explain: parameters.explain },
    decidesFrom: registered?.decidesFrom ?? null,
    table: { path: inputs.rows.path, sha256: inputs.rows.sha256, name: 'rows' },
    training: await trainingRows(context),
    temporary: context.directory,
    // The pipeline that made it, or names it, was seen with its programs.
    programs: programsOf(inputs.model.files),
    onProgress: ({ fraction, message }) => progress(fraction, message)
  })
  log(`${name} scored ${report.rows} rows; ${report.rowsWithFindings} of them have values that training did not know.`)
  context.output('scores', out, { rows: report.rows })
  await context.outputJson('report', report)
}

/** The table that the model says it learned from, where the workspace has it. */
async function trainingRows({ inputs, tablePath }: RunOf<typeof scoreDefinition>): Promise<string | { why: string }> {
  const sha256 = await declaredTrainingTable(inputs.model.files['training.json'])
  if (sha256 === null) return { why: 'It is not recorded which rows the model learned from.' }
  const path = tablePath(sha256)
  if (!existsSync(path)) return { why: `The training table ${sha256.slice(0, 8)} is no longer in the workspace.` }
  await assertDigest(path, sha256, `The training table ${sha256.slice(0, 8)}`)
  return path
}
