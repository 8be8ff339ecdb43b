export { trainModel, type MetricPoint, type TrainOptions } from './train-model'
export { evaluateModel, type EvaluateOptions } from './evaluate-model'
export {
  collectInputs,
  readSignature,
  scoreFrame,
  scoreTable,
  startScorer,
  type ScoreOptions,
  type TableScores
} from './scoring/score-table'
export { measureLatency, type LatencyOptions } from './scoring/measure-latency'
export { assertParity, parityLimit } from './scoring/parity'
export { Scorer } from './scoring/scorer'
export type { MeasuredTimes, ScoreInput, ScoreReply, ScoreRequest } from './scoring/protocol'
export { encodeFeatures, type EncodedTable, type FeatureEncoding } from './features'
export { nativeModelSchema, predictNative, readNativeModel, type NativeModel } from './native-model'
