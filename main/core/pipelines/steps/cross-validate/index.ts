import { defineStep } from '../../define-step'
import { commit, commitFailure } from './commit'
import { crossValidateDefinition } from './definition'

export const crossValidateStep = defineStep(crossValidateDefinition, { commit, commitFailure })
