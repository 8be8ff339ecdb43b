export { trainModel, type MetricPoint, type TrainOptions } from './train-model'
export { evaluateModel, type EvaluateOptions } from './evaluate-model'
export { judgeScores, type Judgement, type JudgeOptions } from './judging/judge'
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
export { readFrame, selectRows, type CategoryColumn, type Column, type Frame, type NumericColumn } from './frame'
export { encodeFeatures, type EncodedTable, type FeatureEncoding } from './features'
export { nativeModelSchema, predictNative, readNativeModel, type NativeModel } from './native-model'
export { deriveTarget, type Target } from './target'
