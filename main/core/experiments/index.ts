export { runCommands } from './commands'
export { createExperiments, type Experiments, type ExperimentsWriter } from './experiments'
export { runMetricsOf, type EvaluationRecord, type RunRecords, type TrainingRecord } from './run-records'
export { manifest } from './manifest'
