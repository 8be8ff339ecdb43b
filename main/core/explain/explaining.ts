import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ExplainedFile } from '../../model/explanation'
import { assertDigest } from '../../storage/objects/digest-check'
import { registeredModel, type ScoringSources } from '../scoring'
import type { WorkspaceContext } from '../workspace'
import { explainFile, type ExplainFileOptions } from './explain-file'

/** The file of a workspace that holds the team's reason codes. */
export const reasonCodesFile = 'reason-codes.yaml'

/** Registered models explained. */
export interface Explaining {
  /** Throws what `explainFile` does, and NOT_FOUND. */
  explain(model: { name: string; version: number }, options: Omit<ExplainFileOptions, 'temporary' | 'training'>): Promise<ExplainedFile>
}

export const createExplaining = (context: WorkspaceContext, sources: ScoringSources): Explaining => ({
  async explain(model, options) {
    options.onProgress?.({ fraction: null, message: 'Looking at the model' })
    const known = await registeredModel(context, sources, model, options.signal)
    const own = join(context.directory, reasonCodesFile)
    return explainFile(known, {
      ...options,
      reasons: options.reasons ?? (existsSync(own) ? own : undefined),
      temporary: join(context.directory, 'tmp'),
      training: await trainingRows(context, sources, model, options.signal)
    })
  }
})

/** The table that the version learned from; undefined where it is not known or no longer there. */
async function trainingRows(
  { directory }: WorkspaceContext,
  { models, experiments }: ScoringSources,
  { name, version }: { name: string; version: number },
  signal: AbortSignal | undefined
): Promise<string | undefined> {
  const sha256 = (await experiments.training(models.get(name, version).run))?.trainingTable?.sha256
  const table = sha256 && join(directory, 'data', `${sha256}.arrow`)
  if (!table || !existsSync(table)) return undefined
  await assertDigest(table, sha256, `The training table ${sha256.slice(0, 8)}`, { signal })
  return table
}
