import { z } from 'zod'
import { gateReport } from '../policy'
import { shape } from './shape'
import { RunId, Sha256, GateResultId } from '../reference'

export const PolicySummary = z.object({
  name: z.string(),
  title: z.string(),
  sha256: Sha256,
  rules: z.number(),
  /** Rules that can refuse; without one it is no gate. */
  blocking: z.number(),
  tests: z.number(),
  testsPassed: z.number(),
  updatedAt: z.string(),
  /** Why its text cannot be read, where that is lost or was changed; what counts rules and tests is 0 then. */
  lost: z.string().optional()
})
export type PolicySummary = z.infer<typeof PolicySummary>

export const policyShapes = {
  save: shape(z.object({ text: z.string().max(1_000_000) }), PolicySummary, ['policies']),
  /** Applies a saved policy to a run now, by a pipeline of one gate step, and waits for the result. */
  evaluate: shape(z.object({ policy: z.string(), run: RunId }), z.object({ id: GateResultId, report: gateReport }), [
    'policies',
    'experiments',
    'models',
    'pipelines',
    'jobs'
  ])
}
