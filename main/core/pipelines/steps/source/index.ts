import { defineStep } from '../../define-step'
import { sourceDefinition } from './definition'

export const sourceStep = defineStep(sourceDefinition)
