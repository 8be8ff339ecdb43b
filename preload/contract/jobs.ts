import { z } from 'zod'
import { jobShapes } from '../../main/model/commands/jobs'
import { Job, JobFilter, JobPage, LogPage } from '../../main/model/job'
import { command, query, stream } from '../wire/definitions'
import { JobId } from '../../main/model/reference'

/** Everything that takes time: pipeline runs, imports, exports, profiles. */
export const jobs = {
  /** Newest first. */
  list: query({ input: JobFilter, output: JobPage }),
  get: query({ input: z.object({ id: JobId }), output: Job }),
  /** The job now and after each change, until it is finished. */
  watch: stream({ input: z.object({ id: JobId }), item: Job, output: Job }),
  /** All unfinished jobs, now and after each change (at most four times a second); goes on until cancelled. */
  watchActive: stream({ input: z.object({}), item: z.array(Job), output: z.object({}) }),
  cancel: command(jobShapes.cancel),
  /** Without `from`, the last 64 KiB. */
  log: query({ input: z.object({ id: JobId, from: z.int().min(0).optional() }), output: LogPage }),
  followLog: stream({ input: z.object({ id: JobId }), item: LogPage, output: z.object({ size: z.number() }) })
}
