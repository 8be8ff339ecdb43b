/** What the host and a scoring process say to each other. Rows travel in chunks; texts as codes into a list. */
export type ScoreInput =
  | { name: string; tensor: 'float'; values: Float32Array }
  | { name: string; tensor: 'double'; values: Float64Array }
  | { name: string; tensor: 'string'; codes: Int32Array; texts: string[] }

/** What a model stated for a chunk of rows. */
export interface ChunkScores {
  /** Which of the outputs of the contract the model has. */
  output: 'probabilities' | 'prediction'
  /** Numbers for each row: 1 for the probability of the event of two outcomes, or an amount; else one for each class. */
  width: number
  /** Row-major [rows * width]. */
  scores: Float32Array | Float64Array
  /** 1 at a half and above, or the index of the class; empty for amounts. */
  labels: Uint16Array
}

export type ScoreRequest =
  | { id: number; kind: 'load'; model: string }
  | { id: number; kind: 'score'; rows: number; inputs: ScoreInput[] }
  | { id: number; kind: 'measure'; rows: number; inputs: ScoreInput[]; calls: number; warmUp: number; batchSeconds: number }
  /** All outputs as they come, to look at a model of which nothing is known yet. */
  | { id: number; kind: 'run'; rows: number; inputs: ScoreInput[] }
  | { id: number; kind: 'memory' }

export interface RawOutput {
  name: string
  type: string
  dimensions: readonly number[]
  data: ArrayLike<number | bigint | string>
}

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
  | ({ id: number; ok: true; kind: 'scored' } & ChunkScores)
  | { id: number; ok: true; kind: 'ran'; outputs: RawOutput[] }
  | { id: number; ok: true; kind: 'measured'; times: MeasuredTimes }
  | { id: number; ok: true; kind: 'memory'; peakBytes: number }
  | { id: number; ok: false; message: string }

/** A model at work, whatever it is: a graph in a process of its own, or a program that is started for each batch. */
export interface ModelScorer {
  /** Rows that it is best asked for at once; 4,096 where it does not say. */
  readonly chunkRows?: number
  /** Of a process that stays. */
  readonly processId?: number
  score(inputs: ScoreInput[], rows: number): Promise<ChunkScores>
  /** All outputs for one chunk of rows, as they come. */
  run(inputs: ScoreInput[], rows: number): Promise<RawOutput[]>
  measure(inputs: ScoreInput[], rows: number, calls: number, warmUp: number, batchSeconds: number): Promise<MeasuredTimes>
  /** Largest resident size so far, bytes. */
  peakMemory(): Promise<number>
  close(): Promise<void>
}
