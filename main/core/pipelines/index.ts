export { cancelOnAbort } from './cancel-on-abort'
export { serialisePipeline } from './pipeline-document'
export { createPipelines, type Pipelines, type PipelinesWriter, type PipelinesOptions } from './pipelines'
export { manifest } from './manifest'
