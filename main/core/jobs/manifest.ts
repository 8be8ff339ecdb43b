import { opened, type Manifest } from '../manifest'
import { jobCommands } from './commands'
import { createJobs, type Jobs, type JobsWriter } from './jobs'
import { jobTables } from './tables'

export const manifest = {
  tables: jobTables,
  commands: jobCommands,
  open(context) {
    const jobs = createJobs(context)
    // What was not taken up again by who drives it was interrupted.
    return opened<Jobs, JobsWriter, JobsWriter>(jobs, { start: () => jobs.recover(), close: () => jobs.close() })
  }
} satisfies Manifest
