import type { Algorithm, HoldBack, TrainedModel } from '../../model/training'
import type { TaskName } from '../../model/tasks'
import type { ClassWeights } from '../../model/class-weights'
import type { Sha256 } from '../../model/reference'
import type { TargetChoice } from '../tasks'

export interface MetricPoint {
  name: 'training_loss' | 'validation_loss'
  step: number
  value: number
}

export interface TrainOptions extends TargetChoice {
  /** What is predicted; `binary` when left out. */
  task?: TaskName
  /** Path of an Arrow file. */
  table: string
  target: string
  /** Every usable column but the target when left out. */
  features?: readonly string[]
  /** What each class counts in the fit; the same for all when left out. */
  classWeights?: ClassWeights
  algorithm: Algorithm
  /** Hyper-parameters that differ from the defaults. */
  parameters?: unknown
  /** Path of an Arrow file whose rows only watch the fit: they stop it early and say what it is worth. */
  validation?: string
  validationTableSha256?: Sha256
  /** How rows are held back from the table when there is no such file; random ones when left out. */
  holdBack?: HoldBack
  seed: number
  /** Made if it does not exist. */
  outputDirectory: string
  /** Name of the ONNX graph. */
  name?: string
  /** SHA-256 of the table, recorded in the model. */
  trainingTableSha256?: Sha256
  /** Version of ai.onnx.ml that trees are exported for; 3 when left out. */
  treeOperators?: 3 | 5
  units?: Readonly<Record<string, string>>
  /** What the roles of the columns decided, for the record. */
  columnRoles?: TrainedModel['columnRoles']
  signal?: AbortSignal
  onProgress?: (stage: 'read' | 'fit' | 'export' | 'check', share: number) => void
  onMetric?: (point: MetricPoint) => void
}
