export { collectDiagnosis } from './diagnostics/collect-diagnosis'
export { saveDiagnosis } from './diagnostics/save-diagnosis'
export { describeProgram } from './describe-program'
export { logPlace, type LogPlace } from './log-place'
