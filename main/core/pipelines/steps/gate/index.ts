import { defineStep } from '../../define-step'
import { admit } from './admit'
import { commit, recall } from './commit'
import { gateDefinition } from './definition'

export const gateStep = defineStep(gateDefinition, { admit, commit, recall })
