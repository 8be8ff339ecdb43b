import { defineStep } from '../../define-step'
import { scoreDefinition } from './definition'

export const scoreStep = defineStep(scoreDefinition)
