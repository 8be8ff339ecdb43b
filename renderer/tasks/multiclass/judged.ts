import type { TargetValue } from '../../../main/model/tasks'
import type { ClassFairness, MulticlassFigures } from '../../../main/model/tasks/multiclass'

/** An evaluation with several classes, as far as these panels show it. */
export interface JudgedClasses extends MulticlassFigures {
  target: { name: string; classes: TargetValue[] }
  rows: { judged: number; classes: number[] }
  seed: number
  fairness: ClassFairness | null
}

export interface NamedRun {
  id: string
  name: string
}
