import { WorkbenchError } from '../../model/errors'
import { taskNameOf, type TaskName } from '../../model/tasks'
import { binaryTask } from './binary'
import { multiclassTask } from './multiclass'
import { regressionTask } from './regression'
import type { Task } from './task'

export { binaryTask } from './binary'
export { classesToWeigh, classWeightsOf, weighClasses } from './class-weights'
export type { Clusters } from './clusters'
export { judgedOutcomes, pickOutcomes, type Labels, type Outcomes } from './outcomes'
export { countSizes, heldRows, measureIntervals, probabilitiesAt, type AnsweredRows } from './intervals'
export { effectiveShare, kishRows, rareMeanInterval } from './resampling'
export { findSlices } from './slices'
export type {
  FiledRun,
  JudgingChoices,
  MeasuredFiles,
  OutcomeDescription,
  OutcomeObjective,
  RowComparison,
  RowsToJudge,
  ScoredRows,
  Target,
  TargetChoice,
  Task
} from './task'

const tasks: Partial<Record<TaskName, Task>> = { binary: binaryTask, multiclass: multiclassTask, regression: regressionTask }

/**
 * The task of a document by the name it carries; documents without one are binary.
 * @throws WorkbenchError UNSUPPORTED_VERSION for a task that this version does not know
 */
export function taskOf(document: { task?: string }): Task {
  const name = taskNameOf(document.task)
  const task = tasks[name]
  if (task) return task
  throw new WorkbenchError(
    'UNSUPPORTED_VERSION',
    `The task "${name}" cannot be judged by this version. Open the document with a newer one.`
  )
}
