import { opened, type Manifest } from '../manifest'
import { jobCommands } from './commands'
import { createJobs, type Jobs, type JobsWriter } from './jobs'
import { jobTables } from './tables'

export const manifest = {
  tables: jobTables,
  commands: jobCommands,
  open(context, { unfinishedRuns }: { readonly unfinishedRuns: 'requeue' | 'mark' | 'leave' }) {
    const jobs = createJobs(context)
    return opened<Jobs, JobsWriter, JobsWriter>(jobs, {
      // What was not taken up again by who drives it was interrupted; who only looks leaves it as it stands.
      start: () => (unfinishedRuns === 'requeue' ? jobs.recover() : 0),
      close: () => jobs.close()
    })
  }
} satisfies Manifest
