import { join } from 'node:path'
import type { ScoredFile } from '../../model/scoring'
import type { WorkspaceContext } from '../workspace'
import { registeredModel, type ScoringSources } from '../scored-models'
import { scoreFile, type ScoreFileOptions } from './score-file'

export type { ScoringSources }

/** Registered models at work on new data. */
export interface Scoring {
  /** Scores a file with a registered version. Throws what `scoreFile` does, and NOT_FOUND. */
  score(model: { name: string; version: number }, options: Omit<ScoreFileOptions, 'temporary'>): Promise<ScoredFile>
}

export const createScoring = (context: WorkspaceContext, sources: ScoringSources): Scoring => ({
  async score(model, options) {
    options.onProgress?.({ fraction: null, message: 'Looking at the training rows' })
    const scored = await registeredModel(context, sources, model, options.signal)
    return scoreFile(scored, { ...options, temporary: join(context.directory, 'tmp') })
  }
})
