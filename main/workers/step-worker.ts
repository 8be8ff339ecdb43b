import { runStepWorker } from '../core/pipelines/step-process'
import { stepRegistry } from '../core/pipelines/steps'

runStepWorker(stepRegistry)
