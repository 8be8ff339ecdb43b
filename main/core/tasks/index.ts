import { taskNameOf, type TaskName } from '../../model/tasks'
import { binaryTask } from './binary'

export { pickOutcomes, type Labels, type Outcomes } from './outcomes'
export type { FiledRun, JudgingChoices, MeasuredFiles, RowComparison, RowScores, Target, TargetChoice } from './binary'

/** What the core does differently for each kind of prediction. */
export type Task = typeof binaryTask

const tasks: Record<TaskName, Task> = { binary: binaryTask }

/** The task of a document by the name it carries; documents without one are binary. */
export const taskOf = (document: { task?: string }): Task => tasks[taskNameOf(document.task)]
