import { WorkbenchError } from '../../../../model/errors'
import { defineStep } from '../../define-step'
import { sourceDefinition } from './definition'

export const sourceStep = defineStep(sourceDefinition, {
  run() {
    throw new WorkbenchError('INTERNAL', 'A dataset step has nothing to run.')
  }
})
