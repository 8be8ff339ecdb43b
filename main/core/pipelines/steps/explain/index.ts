import { defineStep } from '../../define-step'
import { commit } from './commit'
import { explainDefinition } from './definition'

export const explainStep = defineStep(explainDefinition, { commit })
