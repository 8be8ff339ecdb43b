import { bundles } from './bundles'
import { datasets } from './datasets'
import { experiments } from './experiments'
import { features } from './features'
import { jobs } from './jobs'
import { models } from './models'
import { people } from './people'
import { pipelines } from './pipelines'
import { policies } from './policies'
import { quality } from './quality'
import { system } from './system'
import { workspace } from './workspace'

/** Everything the window can ask of the host, by feature and verb. */
export const contract = { system, workspace, people, datasets, quality, features, pipelines, jobs, experiments, policies, models, bundles }
export type DrydockContract = typeof contract
