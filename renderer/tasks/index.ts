import { taskNameOf, type TaskName } from '../../main/model/tasks'
import { binaryPanels } from './binary'
import { multiclassPanels } from './multiclass'
import { regressionPanels } from './regression'
import type { Panels } from './task'

export type { BesideNaive, JudgedRun, Panels } from './task'

const panels: Partial<Record<TaskName, Panels>> = { binary: binaryPanels, multiclass: multiclassPanels, regression: regressionPanels }

/** The panels for a document by the task it names; documents without one are binary. */
export function panelsOf(document: { task?: string }): Panels {
  const name = taskNameOf(document.task)
  const own = panels[name]
  if (!own) throw new Error(`The task "${name}" has no panels here.`)
  return own
}
