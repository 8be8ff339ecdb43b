import { defineStep } from '../../define-step'
import { commit, commitFailure } from './commit'
import { trainDefinition } from './definition'

export const trainStep = defineStep(trainDefinition, { commit, commitFailure })
