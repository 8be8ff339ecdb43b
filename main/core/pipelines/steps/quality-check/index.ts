import { defineStep } from '../../define-step'
import { qualityCheckDefinition } from './definition'
import { run } from './run'

export const qualityCheckStep = defineStep(qualityCheckDefinition, { run })
