import { defineStep } from '../../define-step'
import { qualityCheckDefinition } from './definition'

export const qualityCheckStep = defineStep(qualityCheckDefinition)
