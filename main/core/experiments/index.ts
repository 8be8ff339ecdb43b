export { createExperiments, type Experiments } from './experiments'
export { runMetricsOf, type EvaluationRecord, type RunRecords, type TrainingRecord } from './run-records'
