import { defineStep } from '../../define-step'
import { sqlDefinition } from './definition'

export const sqlStep = defineStep(sqlDefinition)
