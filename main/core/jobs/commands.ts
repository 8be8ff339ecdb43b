import { jobShapes } from '../../model/commands/jobs'
import { isFinished, type Job } from '../../model/job'
import { anybody, commandsOn } from '../commands'
import type { JobsWriter } from './jobs'

const { task } = commandsOn<{ jobs: JobsWriter }>()

export const jobCommands = {
  cancel: task({
    ...jobShapes.cancel,
    name: 'jobs.cancel',
    allow: anybody,
    event: 'job.cancelled',
    async work({ jobs }, { id }, { commit }) {
      const { state, title } = jobs.get(id)
      await jobs.cancel(id)
      commit(() => ({ state, title }))
      return {}
    },
    tell: ({ state, title }: Pick<Job, 'state' | 'title'>, { id }) =>
      isFinished(state) ? null : { subject: `job:${id}`, before: { state }, after: { state: 'cancelled' }, detail: { name: title } }
  })
}
