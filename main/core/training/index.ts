export { trainModel, type MetricPoint } from './train-model'
export { evaluateModel } from './evaluate-model'
export { readSignature, scoreTable } from './scoring/score-table'
export type { ChunkScores, MeasuredTimes, ScoreInput, ScoreReply, ScoreRequest } from './scoring/protocol'
