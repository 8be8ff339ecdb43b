import { defineStep } from '../../define-step'
import { admit } from './admit'
import { commit } from './commit'
import { registerDefinition } from './definition'

export const registerStep = defineStep(registerDefinition, { admit, commit })
