import { defineStep } from '../../define-step'
import { splitDefinition } from './definition'
import { run } from './run'

export const splitStep = defineStep(splitDefinition, { run })
