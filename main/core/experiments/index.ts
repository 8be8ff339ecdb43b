export { runCommands } from './commands'
export { createExperiments, type Experiments, type ExperimentsWriter } from './experiments'
export type { RunRecords, TrainingRecord } from './run-records'
export { manifest } from './manifest'
