export { runSample, type SampleProgress, type SampleResult } from './run-sample'
