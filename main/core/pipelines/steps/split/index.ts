import { defineStep } from '../../define-step'
import { splitDefinition } from './definition'

export const splitStep = defineStep(splitDefinition)
