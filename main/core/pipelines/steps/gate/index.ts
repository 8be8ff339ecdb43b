import { defineStep } from '../../define-step'
import { admit } from './admit'
import { commit, recall } from './commit'
import { gateDefinition } from './definition'
import { run } from './run'

export const gateStep = defineStep(gateDefinition, { run, admit, commit, recall })
