import type { jobs as contract } from '../../../preload/contract/jobs'
import type { Handlers } from '../../../preload/wire/definitions'
import { commands } from '../../core/all-commands'
import type { Application } from '../../core/application'
import { bindCommands } from '../bind-commands'

/** Binds the jobs contract to the open workspace. */
export const jobsHandlers: Handlers<{ jobs: typeof contract }, Application>['jobs'] = {
  ...bindCommands(commands.jobs),
  list: (filter, { workbench }) => workbench.jobs.list(filter),
  get: ({ id }, { workbench }) => workbench.jobs.get(id),
  watch: ({ id }, { workbench, signal }) => workbench.jobs.watch(id, signal),
  async *watchActive(_, { workbench, signal }) {
    yield* workbench.jobs.watchActive(signal)
    return {}
  },
  log: ({ id, from }, { workbench }) => workbench.jobs.log(id, from),
  followLog: ({ id }, { workbench, signal }) => workbench.jobs.followLog(id, signal)
}
