/** What the host and a scoring process say to each other. Rows travel in chunks; texts as codes into a list. */
export type ScoreInput =
  | { name: string; tensor: 'float'; values: Float32Array }
  | { name: string; tensor: 'double'; values: Float64Array }
  | { name: string; tensor: 'string'; codes: Int32Array; texts: string[] }

export type ScoreRequest =
  | { id: number; kind: 'load'; model: string }
  | { id: number; kind: 'score'; rows: number; inputs: ScoreInput[] }
  | { id: number; kind: 'measure'; rows: number; inputs: ScoreInput[]; calls: number; warmUp: number; batchSeconds: number }
  | { id: number; kind: 'memory' }

export interface MeasuredTimes {
  calls: number
  p50: number
  p99: number
  mean: number
  batchRows: number
  rowsPerSecond: number
}

export type ScoreReply =
  | { id: number; ok: true; kind: 'loaded'; inputs: string[]; outputs: string[] }
  | { id: number; ok: true; kind: 'scored'; probabilities: Float32Array; labels: Uint8Array }
  | { id: number; ok: true; kind: 'measured'; times: MeasuredTimes }
  | { id: number; ok: true; kind: 'memory'; peakBytes: number }
  | { id: number; ok: false; message: string }
