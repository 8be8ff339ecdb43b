import { defineStep } from '../../define-step'
import { scriptDefinition } from './definition'

export const scriptStep = defineStep(scriptDefinition)
