import { taskNameOf, type TaskName } from '../../main/model/tasks'
import { binaryPanels } from './binary'

export { ComparedPanels, type JudgedRun } from './binary'

const panels: Record<TaskName, typeof binaryPanels> = { binary: binaryPanels }

/** The panels for a document by the task it names; documents without one are binary. */
export const panelsOf = (document: { task?: string }): typeof binaryPanels => panels[taskNameOf(document.task)]
