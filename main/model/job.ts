import { z } from 'zod'
import { GateWord } from './gate-standing'
import { JobId } from './reference'

/** `interrupted`: the program ended (crash, power cut) while the job ran. */
export const jobStates = ['queued', 'running', 'succeeded', 'failed', 'cancelled', 'interrupted'] as const
export const JobState = z.enum(jobStates)
export type JobState = z.infer<typeof JobState>
export const isFinished = (state: JobState): boolean => state !== 'queued' && state !== 'running'

/** What a job is; pipeline runs carry their steps in the pipelines feature. */
export const JobKind = z.enum(['pipeline-run', 'import', 'export', 'profile', 'verify', 'training', 'sample', 'other'])
export type JobKind = z.infer<typeof JobKind>

export const Progress = z.object({
  /** 0..1, or null while it cannot be told. */
  fraction: z.number().min(0).max(1).nullable(),
  message: z.string(),
  /** Seconds left, from the rate so far; null while unknown. */
  etaSeconds: z.number().nullable()
})
export type Progress = z.infer<typeof Progress>

export const JobFailure = z.object({
  code: z.string(),
  message: z.string(),
  details: z.record(z.string(), z.unknown()).optional()
})
export type JobFailure = z.infer<typeof JobFailure>

export const Job = z.object({
  id: JobId,
  kind: JobKind,
  title: z.string(),
  state: JobState,
  /** What it works on or made, as a reference (`dataset:strikes@sha256:..`), or null. */
  subject: z.string().nullable(),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  progress: Progress,
  /** Why it waits ("waiting for a slot: 2 of 2 busy"); null when it does not. */
  waitingFor: z.string().nullable(),
  failure: JobFailure.nullable(),
  /** The result's reference when there is one. */
  result: z.string().nullable(),
  /** Of a pipeline run: the worst of what its gates decided, which is another thing than whether it ran to its end. */
  gate: GateWord.optional(),
  cancellable: z.boolean()
})
export type Job = z.infer<typeof Job>

export const JobFilter = z.object({
  kinds: z.array(JobKind).optional(),
  states: z.array(JobState).optional(),
  offset: z.int().min(0).default(0),
  limit: z.int().min(1).max(500).default(100)
})
export type JobFilter = z.infer<typeof JobFilter>

export const JobPage = z.object({ jobs: z.array(Job), total: z.number() })
export type JobPage = z.infer<typeof JobPage>

/** A piece of a log file. `next` is the byte to go on from; `size` the file's length now. */
export const LogPage = z.object({ text: z.string(), next: z.number(), size: z.number() })
export type LogPage = z.infer<typeof LogPage>
