import { defineStep } from '../../define-step'
import { admit } from './admit'
import { commit } from './commit'
import { registerDefinition } from './definition'
import { run } from './run'

export const registerStep = defineStep(registerDefinition, { run, admit, commit })
