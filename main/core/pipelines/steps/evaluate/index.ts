import { defineStep } from '../../define-step'
import { commit } from './commit'
import { evaluateDefinition } from './definition'

export const evaluateStep = defineStep(evaluateDefinition, { commit })
