import { defineStep } from '../../define-step'
import { commit } from './commit'
import { evaluateDefinition } from './definition'
import { run } from './run'

export const evaluateStep = defineStep(evaluateDefinition, { run, commit })
