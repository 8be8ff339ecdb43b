import { defineStep } from '../../define-step'
import { sqlDefinition } from './definition'
import { run } from './run'

export const sqlStep = defineStep(sqlDefinition, { run })
