import { setWorkerDirectory } from '../core/jobs'
import { runStepWorker } from '../core/pipelines/step-process'
import { stepWork } from '../core/pipelines/steps/work'
import { installLoopbackGuard } from '../offline/loopback-guard'

installLoopbackGuard((attempt) => process.stderr.write(`refused a connection outside this machine (${attempt})\n`))

// A step that scores starts a worker of its own; the built program finds it beside this file.
if (__filename.endsWith('.js')) setWorkerDirectory(__dirname)

runStepWorker(stepWork, process.argv[2])
