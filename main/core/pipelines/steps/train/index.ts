import { defineStep } from '../../define-step'
import { commit, commitFailure } from './commit'
import { trainDefinition } from './definition'
import { run } from './run'

export const trainStep = defineStep(trainDefinition, { run, commit, commitFailure })
