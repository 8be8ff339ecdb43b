import { isDeepStrictEqual } from 'node:util'
import { rulesBehind } from '../../model/depends-on-rules'
import { evaluationSchema } from '../../model/evaluation'
import type { Sha256 } from '../../model/reference'
import type { RunDetail } from '../../model/run'
import { taskOf } from '../tasks'
import type { WorkspaceContext } from '../workspace'

/** What a run was judged by besides its rows, and what its task asks of it to compare single rows. */
export interface JudgedBy {
  task: string | undefined
  rows: number
  asked: { costs?: unknown; groups?: unknown }
}

export const digestOf = (run: RunDetail, kind: string): Sha256 | undefined =>
  run.artifacts.find((artifact) => artifact.kind === kind)?.sha256

/** Reads it from the evaluation of a run; null without one. @throws WorkbenchError where the document is gone or was changed */
export async function judgedBy(objects: WorkspaceContext['objects'], run: RunDetail): Promise<JudgedBy | null> {
  const sha256 = digestOf(run, 'evaluation')
  if (sha256 === undefined) return null
  const evaluation = evaluationSchema.parse(JSON.parse((await objects.read(sha256)).toString('utf8')))
  const { task, rows } = evaluation
  return { task, rows: rows.judged, asked: taskOf({ task }).paired.asked(evaluation) }
}

/**
 * Why a figure of two runs answers two questions, on whatever rows: their decisions were counted by other costs, or other groups were compared.
 * Null where it does not, and where nothing is known of one of them.
 */
export function whyApart(key: string, one: JudgedBy | null | undefined, other: JudgedBy | null | undefined): string | null {
  const rules = rulesBehind(key)
  if (!rules || !one || !other) return null
  const [own, others] = [one.asked[rules], other.asked[rules]]
  if (own === undefined || others === undefined || isDeepStrictEqual(own, others)) return null
  return rules === 'costs' ? 'counted by other costs' : 'other groups were compared'
}
