import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { WorkbenchError } from '../../model/errors'
import type { RunDetail } from '../../model/run'
import type { ModelVersionDetail } from '../../model/registry'
import type { Sha256 } from '../../model/reference'
import { modelSignatureSchema, type ModelSignature } from '../../model/training'
import { assertDigest } from '../../storage/objects/digest-check'
import type { Experiments } from '../experiments'
import type { Models } from '../models'
import type { WorkspaceContext } from '../workspace'
import { decisionOf, type ScoredModel } from './scored-model'
import { referenceOf } from './training-reference'

export interface ScoringSources {
  readonly models: Pick<Models, 'get'>
  readonly experiments: Pick<Experiments, 'run' | 'evaluation' | 'training'>
}

const artifactOf = (run: RunDetail, kind: string): Sha256 | undefined => run.artifacts.find((artifact) => artifact.kind === kind)?.sha256

/**
 * A registered version as it can score: its graph checked against its digest, and its training rows where the workspace has them.
 * @throws WorkbenchError NOT_FOUND, INVALID_INPUT for a version without a signature, DIGEST_MISMATCH
 */
export async function registeredModel(
  context: Pick<WorkspaceContext, 'directory' | 'objects'>,
  { models, experiments }: ScoringSources,
  { name, version }: { name: string; version: number },
  signal?: AbortSignal
): Promise<ScoredModel> {
  const found = models.get(name, version)
  const run = experiments.run(found.run)
  const signatureSha = artifactOf(run, 'signature')
  if (signatureSha === undefined)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `${name}@${version} has no signature.json, so its inputs are not known and it cannot score. Let the script that made it write one beside model.onnx, and register that run.`
    )
  const signature = modelSignatureSchema.parse(JSON.parse((await context.objects.read(signatureSha)).toString('utf8')))
  const path = context.objects.pathOf(found.modelSha256)
  await assertDigest(path, found.modelSha256, `The model of ${name}@${version}`, { signal })
  return {
    ...{ name: `${name}@${version}`, path, sha256: found.modelSha256, signature },
    decidesFrom: decisionOf(signature, await thresholdIn(experiments, found)),
    ...(await trainingRows(context, experiments, found, signature, signal))
  }
}

/** From which score on the evaluation of the version decides for the event. */
async function thresholdIn(experiments: ScoringSources['experiments'], { run }: ModelVersionDetail): Promise<number | null> {
  const evaluation = await experiments.evaluation(run)
  return evaluation && 'threshold' in evaluation ? evaluation.threshold : null
}

async function trainingRows(
  { directory }: Pick<WorkspaceContext, 'directory'>,
  experiments: ScoringSources['experiments'],
  { run }: ModelVersionDetail,
  signature: ModelSignature,
  signal: AbortSignal | undefined
): Promise<Pick<ScoredModel, 'reference' | 'training'>> {
  const sha256 = (await experiments.training(run))?.trainingTable?.sha256
  if (sha256 === undefined) return { reference: { why: 'It is not recorded which rows the model learned from.' } }
  const table = join(directory, 'data', `${sha256}.arrow`)
  if (!existsSync(table)) return { reference: { why: `The training table ${sha256.slice(0, 8)} is no longer in the workspace.` } }
  await assertDigest(table, sha256, `The training table ${sha256.slice(0, 8)}`, { signal })
  return { reference: await referenceOf(signature, table, signal), training: table }
}
