import type { TargetValue } from '../../../../main/model/tasks'
import type { ModelSignature } from '../../../../main/model/training'

/** The values of the target that a model tells apart, of two the event first; none for an amount. */
export const targetValues = ({ task, target }: ModelSignature): TargetValue[] =>
  String(task) === 'regression'
    ? []
    : Object.entries(target).flatMap(([key, value]) => (key === 'name' ? [] : (value as TargetValue | TargetValue[])))
