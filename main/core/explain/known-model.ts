import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { WorkbenchError } from '../../model/errors'
import { printReference, type RunId, type Sha256 } from '../../model/reference'
import { modelSignatureSchema, type ModelSignature } from '../../model/training'
import type { ExplainedModel } from '../../model/what-if'
import { assertDigest } from '../../storage/objects/digest-check'
import { decisionOf, type ScoringSources } from '../scored-models'
import type { WorkspaceContext } from '../workspace'

/** A model of the workspace, with the tables that say what is usual and what it was judged on. */
export interface KnownModel {
  /** NAME@VERSION, or the reference of the run. */
  name: string
  run: RunId
  /** Path of model.onnx. */
  path: string
  sha256: Sha256
  signature: ModelSignature
  /** Arrow file of the rows that it learned from, where they are known and still there, and its digest. */
  training?: string
  trainingTable?: Sha256
  /** Arrow file of the rows that it was judged on, what they are called, and its digest. */
  judged?: { table: string; split: string; sha256: Sha256 }
  /** Column with what each row counted in training. */
  weight?: string
  /** How the judged rows belong together: its evaluation drew them so for the intervals. */
  clusters?: { by: 'group' | 'time'; column: string }
  /** From which score on it decides for the event: as it was decided, else as its evaluation says. */
  decidesFrom: number | null
}

/**
 * The model of a run or of a registered version, its graph held against its digest.
 * @throws WorkbenchError NOT_FOUND, INVALID_INPUT where it has no model.onnx with a signature.json, DIGEST_MISMATCH
 */
export async function knownModel(
  context: Pick<WorkspaceContext, 'directory' | 'objects'>,
  { models, experiments }: ScoringSources,
  asked: ExplainedModel,
  signal?: AbortSignal
): Promise<KnownModel> {
  const run = experiments.run('run' in asked ? asked.run : models.get(asked.name, asked.version).run)
  const name = 'run' in asked ? printReference({ kind: 'run', id: run.id }) : `${asked.name}@${asked.version}`
  const shaOf = (kind: string): Sha256 | undefined => run.artifacts.find((artifact) => artifact.kind === kind)?.sha256
  const [model, signature] = [shaOf('model'), shaOf('signature')]
  if (!model || !signature)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `${name} has no model.onnx with a signature.json, so nothing can be asked of it. Train it here, import it, or let the script that made it write both files.`
    )
  const path = context.objects.pathOf(model)
  await assertDigest(path, model, `The model of ${name}`, { signal })
  const [training, evaluation] = await Promise.all([experiments.training(run.id), experiments.evaluation(run.id)])
  const judged = await tableOf(context.directory, evaluation?.subject?.rows, signal)
  const signed = modelSignatureSchema.parse(JSON.parse((await context.objects.read(signature)).toString('utf8')))
  const clusters = evaluation?.bootstrap.clusters
  return {
    ...{ name, run: run.id, path, sha256: model },
    signature: signed,
    training: await tableOf(context.directory, training?.trainingTable?.sha256, signal),
    trainingTable: training?.trainingTable?.sha256,
    judged: judged === undefined ? undefined : { table: judged, split: evaluation!.split, sha256: evaluation!.subject!.rows },
    ...(training?.weight !== undefined && { weight: training.weight }),
    ...(judged !== undefined && clusters && { clusters: { by: clusters.by, column: clusters.column } }),
    decidesFrom: decisionOf(signed, evaluation && 'threshold' in evaluation ? evaluation.threshold : null)
  }
}

/** A table by its digest; undefined where it is not known or no longer in the workspace. */
export async function tableOf(directory: string, sha256: Sha256 | undefined, signal?: AbortSignal): Promise<string | undefined> {
  const table = sha256 && join(directory, 'data', `${sha256}.arrow`)
  if (!table || !existsSync(table)) return undefined
  await assertDigest(table, sha256, `The table ${sha256.slice(0, 8)}`, { signal })
  return table
}

/**
 * The table to explain rows of, and that which says what is usual.
 * @throws WorkbenchError INVALID_INPUT where neither the judged nor the training rows are known
 */
export function tablesOf({ name, judged, training, trainingTable }: KnownModel): {
  rows: NonNullable<KnownModel['judged']>
  background: string
} {
  const learned = training === undefined ? undefined : { table: training, split: 'training', sha256: trainingTable! }
  const rows = judged && judged.sha256 !== trainingTable ? judged : (learned ?? judged)
  if (rows) return { rows, background: training ?? rows.table }
  throw new WorkbenchError(
    'INVALID_INPUT',
    `It is not known which rows ${name} learned from or was judged on, so nothing says what is usual. Evaluate it first, by an evaluate step after the one that made it.`
  )
}
