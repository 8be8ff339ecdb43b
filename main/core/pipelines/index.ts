export { cancelOnAbort } from './cancel-on-abort'
export { checkAlone } from './check-alone'
export { createPipelines, type Pipelines, type PipelinesWriter, type PipelinesOptions } from './pipelines'
export { manifest } from './manifest'
