import type { jobs as contract } from '../../../preload/contract/jobs'
import type { Handlers } from '../../../preload/wire/definitions'
import type { Jobs } from '../../core/jobs'

/** Binds the jobs contract to the open workspace. */
export const jobsHandlers: Handlers<{ jobs: typeof contract }, { jobs: Jobs }>['jobs'] = {
  list: (filter, { workbench }) => workbench.jobs.list(filter),
  get: ({ id }, { workbench }) => workbench.jobs.get(id),
  watch: ({ id }, { workbench, signal }) => workbench.jobs.watch(id, signal),
  async *watchActive(_, { workbench, signal }) {
    yield* workbench.jobs.watchActive(signal)
    return {}
  },
  async cancel({ id }, { workbench }) {
    await workbench.jobs.cancel(id)
    return {}
  },
  log: ({ id, from }, { workbench }) => workbench.jobs.log(id, from),
  followLog: ({ id }, { workbench, signal }) => workbench.jobs.followLog(id, signal)
}
