import { defineStep } from '../../define-step'
import { scriptDefinition } from './definition'
import { run } from './run'

export const scriptStep = defineStep(scriptDefinition, { run })
