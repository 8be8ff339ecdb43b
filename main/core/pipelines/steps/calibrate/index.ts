import { defineStep } from '../../define-step'
import { commit, commitFailure } from './commit'
import { calibrateDefinition } from './definition'

export const calibrateStep = defineStep(calibrateDefinition, { commit, commitFailure })
