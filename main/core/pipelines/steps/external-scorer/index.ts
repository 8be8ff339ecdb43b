import { defineStep } from '../../define-step'
import { commit, commitFailure } from './commit'
import { externalScorerDefinition } from './definition'

export const externalScorerStep = defineStep(externalScorerDefinition, { commit, commitFailure })
