import { promises as fs } from 'node:fs'
import { countOf } from '../../../../model/count-of'
import { describeCrossValidation, OUT_OF_FOLD } from '../../../../model/cross-validation'
import { WorkbenchError } from '../../../../model/errors'
import { taskOf } from '../../../../model/tasks'
import type { HoldBack } from '../../../../model/training'
import type { RunOf, StepWork } from '../../define-step'
import { chooseFeatures } from '../train/choose-features'
import type { crossValidateDefinition } from './definition'

const loadEngine = async () => (await import('../../../cross-validation')).crossValidate
export const prepare: StepWork['prepare'] = (database) => Promise.all([database(), loadEngine()])

/** Fits and judges the folds, several at once, and writes the document and the out-of-fold scores. */
export async function run(context: RunOf<typeof crossValidateDefinition>, frozen: Record<string, unknown>): Promise<void> {
  const crossValidate = await loadEngine()
  const { parameters: p, inputs, progress, metric, log, signal } = context
  const { features, weight, exposure } = await chooseFeatures(context, inputs.table, frozen)
  const holdBack = frozen.holdBack as HoldBack
  const scores = context.path(OUT_OF_FOLD)
  const document = await crossValidate(
    {
      ...{ table: inputs.table.path, tableSha256: inputs.table.sha256, task: p.task, target: p.target },
      ...taskOf(p).asked.train(p),
      ...{ weight, exposure, features, classWeights: p.classWeights, algorithm: p.algorithm, parameters: p.parameters },
      ...{ candidates: p.candidates, innerFolds: p.innerFolds, metric: p.metric, holdBack, seed: p.seed },
      design: { ...dividedBy(p, holdBack), folds: p.folds, repeats: p.repeats, gap: p.gap, history: p.history ?? null }
    },
    { scores, memory: context.memory, signal, onProgress: (share) => progress(share, 'Fitting folds') }
  )
  for (const warning of document.warnings) log(`warning: ${warning}`)
  for (const [at, { metrics }] of document.folds.entries())
    for (const [name, value] of Object.entries(metrics)) if (value !== null) metric(`fold_${name}`, value, at + 1)
  if (document.chosen) log(`chosen for a final fit: candidate ${document.chosen.candidate} of ${p.candidates.length}`)
  log(`${describeCrossValidation(document)} ${countOf(document.outOfFold.rows, 'row')} scored out of fold.`)
  // The scores are an output of their own for the steps after this one, and belong to the document for whoever opens the run.
  const table = context.path('scores.arrow')
  await fs.copyFile(scores, table)
  context.output('scores', table, { rows: document.outOfFold.rows })
  await context.outputJson('report', document, { [OUT_OF_FOLD]: scores })
}

/** How the rows are divided, with what the roles of the columns decide. */
function dividedBy(p: RunOf<typeof crossValidateDefinition>['parameters'], { by, column }: HoldBack) {
  if (p.by !== 'roles') return { by: p.by, column: p.by === 'group' || p.by === 'time' ? (p.column ?? null) : null }
  const divided = column === null || by === 'random' ? { by: 'stratified' as const, column: null } : { by, column }
  const asked = p.gap === '0' ? (p.history === undefined ? null : 'history') : 'gap'
  if (divided.by !== 'time' && asked !== null)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `A ${asked} goes with folds by time, and by the roles of the columns these are ${divided.by === 'group' ? `by groups of "${column}"` : 'stratified'}. Set by: time and the column, or take the ${asked} out.`,
      { details: { [asked]: p[asked] } }
    )
  if (divided.by === 'time' && p.repeats > 1)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `By the roles of the columns the folds are windows of "${column}", which come out the same each time. Take the repeats out.`
    )
  return divided
}
