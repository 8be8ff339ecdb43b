import type { z } from 'zod'
import type { Coefficient } from '../../model/coefficients'
import type { GlassBox } from '../../model/glass-box'
import type { Algorithm, HoldBack, ModelSignature, TrainedModel, TrainingIteration } from '../../model/training'
import type { EncodedTable, FeatureEncoding } from './features'
import type { LabelledRows } from './learning-rows'
import type { Objective } from './objective'
import type { GraphBuilder } from './onnx/graph-builder'

/** What the signature says of the outcome. */
export type Outcome = ModelSignature['target']

export interface FitProgress {
  signal?: AbortSignal
  onIteration?: (iteration: TrainingIteration, share: number) => void
}

export interface LearnRequest<P> {
  objective: Objective
  /** Hyper-parameters, defaults filled in. */
  parameters: P
  /** What was asked for before the defaults: what nobody asked for may be settled otherwise. */
  given: unknown
  seed: number
  features: readonly string[]
  /** Every row that has an outcome. */
  rows: LabelledRows
  /** Rows of another table that only watch the fit. */
  validation: LabelledRows | null
  /** How rows are held back where there are none. */
  holdBack: HoldBack
  /** What whoever reads the record should know is added here. */
  warnings: string[]
  progress: FitProgress
}

export interface Learned<M> {
  /** The hyper-parameters as they were settled, where rows or what was asked for changed some; those of the request else. */
  parameters?: object
  features: FeatureEncoding[]
  model: M
  history: TrainingIteration[]
  iterations: number
  bestIteration: number
  stopped: TrainedModel['stopped']
  /** Loss reduction or spread by feature, and number of splits or weights. */
  amounts: Float64Array
  uses: Int32Array
  training: LabelledRows
  validation: LabelledRows | null
  /**
   * What is stated of the encoded validation rows with these places by the parts of the model that did not learn from them. Absent where no part
   * learned from any validation row.
   */
  stated?: (table: EncodedTable, rows: Uint32Array) => Float64Array
  heldOut: NonNullable<TrainedModel['heldOut']> | null
  /** Of a linear model: its terms on the scale of the data. */
  coefficients?: Coefficient[]
}

/**
 * A way to fit models. Same rows, parameters and seed give the same model, bit for bit, on every platform and whatever the number of threads.
 * Whoever calls it applies the link, exports, checks the export, and measures.
 */
export interface Trainer<P = unknown, M = unknown> {
  name: Algorithm
  objectives: readonly Objective['name'][]
  parameters: z.ZodType<P>
  /** What model.json holds of the model itself. */
  model: z.ZodType<M>
  /** @throws WorkbenchError INVALID_INPUT for rows that it cannot learn from, CANCELLED */
  learn(request: LearnRequest<P>): Promise<Learned<M>>
  /** Margins of encoded rows, row-major [rows * width]. */
  predict(model: M, features: readonly FeatureEncoding[], table: EncodedTable, objective: Objective): Float64Array
  /** How many steps one row takes through the model: it bounds how many rows are scored to measure columns. */
  stepsPerRow(model: M): number
  /** @throws Error with the reason where model and features do not fit each other: a file may hold anything */
  check(model: M, features: readonly FeatureEncoding[], objective: Objective): void
  /** Adds nodes to the graph and returns the name of the margin, double [N, width]. */
  exportMargin(graph: GraphBuilder, features: readonly FeatureEncoding[], model: M, objective: Objective): string
  /** The whole model as people read it; only of trainers whose drawing or table is the model. */
  glassBox?(model: M, features: readonly FeatureEncoding[], objective: Objective, target: Outcome): GlassBox
}
