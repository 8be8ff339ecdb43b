import type { PipelineCheck } from '../../model/pipeline'
import { checkPipelineWithRoles } from './column-roles'
import { stepRegistry } from './steps'

/** Checks a text without a workspace: what its datasets are is not known then, and no query is looked into. */
export const checkAlone = (yaml: string): Promise<PipelineCheck> =>
  checkPipelineWithRoles(yaml, stepRegistry, { dataset: () => undefined, parse: async () => undefined })
