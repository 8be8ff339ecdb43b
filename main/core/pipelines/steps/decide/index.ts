import { defineStep } from '../../define-step'
import { commit, commitFailure } from './commit'
import { decideDefinition } from './definition'

export const decideStep = defineStep(decideDefinition, { commit, commitFailure })
