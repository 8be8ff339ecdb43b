import { z } from 'zod'
import { gateShortfall } from './gate-standing'
import { gateOutcome } from './policy'
import { RunId } from './reference'
import { RunRank } from './run-rank'
import { AuditEvent } from './workspace'

export const NextStep = z.object({
  id: z.enum(['import', 'quality', 'pipeline', 'run', 'gate', 'mend', 'export', 'done']),
  title: z.string(),
  text: z.string(),
  /** Route of the screen where the step is done, such as `/data`. */
  route: z.string(),
  /** A second way to the same. */
  other: z.object({ title: z.string(), route: z.string() }).optional()
})
export type NextStep = z.infer<typeof NextStep>

/** What is in a workspace, and the next steps of the main job. */
export const Overview = z.object({
  counts: z.object({
    datasets: z.number(),
    features: z.number(),
    pipelines: z.number(),
    runs: z.number(),
    models: z.number(),
    bundles: z.number(),
    runningJobs: z.number()
  }),
  nextSteps: z.array(NextStep),
  /** The run with the best figure that says something about new rows; `rank` tells whether it is the best beyond chance. */
  bestRun: z
    .object({
      id: RunId,
      name: z.string(),
      metric: z.string(),
      value: z.number(),
      low: z.number().nullable().optional(),
      high: z.number().nullable().optional(),
      rank: RunRank.optional(),
      gate: gateOutcome.nullable().optional(),
      gateShortfall: gateShortfall.optional()
    })
    .nullable(),
  /** `stage` in words: a draft that no gate let in is called so. */
  latestModel: z.object({ name: z.string(), version: z.number(), stage: z.string() }).nullable(),
  latestQuality: z.object({ dataset: z.string(), errors: z.number(), warnings: z.number() }).nullable(),
  events: z.array(AuditEvent)
})
export type Overview = z.infer<typeof Overview>
