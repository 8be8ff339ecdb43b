import type { DrydockContract } from '../../../preload/contract'
import type { Handlers } from '../../../preload/wire/definitions'
import type { Application } from '../../core/application'
import { bundlesHandlers } from './bundles'
import { datasetsHandlers } from './datasets'
import { experimentsHandlers } from './experiments'
import { featuresHandlers } from './features'
import { jobsHandlers } from './jobs'
import { modelsHandlers } from './models'
import { peopleHandlers } from './people'
import { pipelinesHandlers } from './pipelines'
import { policiesHandlers } from './policies'
import { qualityHandlers } from './quality'
import { systemHandlers } from './system'
import { workspaceHandlers } from './workspace'

/** One handler for every path of the contract; the type fails to compile when one is missing. */
export const handlers: Handlers<DrydockContract, Application> = {
  system: systemHandlers,
  workspace: workspaceHandlers,
  people: peopleHandlers,
  datasets: datasetsHandlers,
  quality: qualityHandlers,
  features: featuresHandlers,
  pipelines: pipelinesHandlers,
  jobs: jobsHandlers,
  experiments: experimentsHandlers,
  policies: policiesHandlers,
  models: modelsHandlers,
  bundles: bundlesHandlers
}
