import type { RunEvidence } from '../../run-evidence'

/** The evidence of a run that was named, as it was when the gate started. */
export const evidenceIn = (frozen: Record<string, unknown>): RunEvidence | undefined => frozen.evidence as RunEvidence | undefined
