import { defineStep } from '../../define-step'
import { commit, commitFailure } from './commit'
import { conformDefinition } from './definition'

export const conformStep = defineStep(conformDefinition, { commit, commitFailure })
