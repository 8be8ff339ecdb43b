import { defineStep } from '../../define-step'
import { commit } from './commit'
import { gateDefinition } from './definition'
import { run } from './run'

export const gateStep = defineStep(gateDefinition, { run, commit })
