import { defineStep } from '../../define-step'
import { commit, commitFailure } from './commit'
import { importModelDefinition } from './definition'

export const importModelStep = defineStep(importModelDefinition, { commit, commitFailure })
