import { setWorkerDirectory } from '../core/jobs'
import { runStepWorker } from '../core/pipelines/step-process'
import { stepRegistry } from '../core/pipelines/steps'

// A step that scores starts a worker of its own; the built program finds it beside this file.
if (__filename.endsWith('.js')) setWorkerDirectory(__dirname)

runStepWorker(stepRegistry)
