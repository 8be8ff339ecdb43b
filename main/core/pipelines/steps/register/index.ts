import { defineStep } from '../../define-step'
import { commit } from './commit'
import { registerDefinition } from './definition'
import { run } from './run'

export const registerStep = defineStep(registerDefinition, { run, commit })
