import { z } from 'zod'
import type { BundleFacts } from './bundle-facts'

/** From this version on the bytes of evaluation and quality report are those that the enclosed gate judged. */
export const HISTORY_AS_JUDGED = 2

export const gateHistory = z.object({ schema: z.literal('drydock.gate-history'), version: z.int() })

/** policy/history.json: every gate over the model, and how the enclosed one is held against the files; null where there was none. */
export function buildGateHistory({ gates, gate }: BundleFacts): unknown {
  if (gates.length === 0) return null
  const head = { schema: 'drydock.gate-history', version: gate?.subject ? HISTORY_AS_JUDGED : 1 }
  if (!gate?.subject) return { ...head, gates }
  return {
    ...head,
    rule: 'The subject of policy/results.json names by SHA-256 what the gate judged: model/model.onnx, evidence/evaluation.json, evidence/quality-report.json (null where it was held without) and policy/policy.yaml.',
    gates
  }
}
