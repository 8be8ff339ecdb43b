import type { QualityReport } from '../../model/quality'
import type { ModelSignature } from '../../model/training'
import { taskNameOf, taskOf, type TaskName } from '../../model/tasks'

/** What a model answers, and the columns it reads for that. */
export interface Learned {
  /** The name of its task; left out for a yes or no. */
  task?: string
  target: { name: string } | ModelSignature['target']
  features: readonly { name: string }[]
}

/** How many features of a model carry its outcome, or why a report does not tell: one that did not look says nothing of what it would have found. */
export type Leakage = { findings: number; behind: QualityReport['findings'] } | { unknown: string }

/** How a quality step is told of a question that the values of a target do not ask by themselves. */
const asTask = (task: TaskName): string => (task === 'binary' ? '' : ` with task: ${task}`)

/** Whether a finding is about this kind of question; one that names none is about any. */
const isOfTask = (tasks: unknown, task: TaskName): boolean => !Array.isArray(tasks) || tasks.includes(task)

/** Counts the leaks of a model that a quality report found, where it looked for leaks of this model's outcome in everything the model reads. */
export function leakageOf(quality: QualityReport, learned: Learned | null): Leakage {
  if (!learned) return { unknown: 'what the model predicts and reads is not on record, so no quality report can be held against it.' }
  const { target, features } = learned
  const task = taskNameOf(learned.task)
  const give = `Give the quality step the target "${target.name}"`
  const sought = quality.sought ?? (quality.target ? { column: quality.target.column, tasks: [taskNameOf(undefined)] } : null)
  if (sought?.column !== target.name) {
    const what = sought ? `looked for leakage of "${sought.column}"` : 'has no target, so it looked for no leakage'
    return { unknown: `the quality report ${what}, and the model predicts "${target.name}". ${give}${asTask(task)}.` }
  }
  if (!sought.tasks.includes(task)) {
    const words = sought.tasks.map((name) => taskOf({ task: name }).words).join(' or ')
    return {
      unknown: `the quality report looked for leaks of ${words} only, and the model answers ${taskOf(learned).words}. ${give}${asTask(task)}.`
    }
  }
  const elsewhere = taskOf(learned).whyNotReported(quality.target ?? {}, target)
  if (elsewhere !== null) return { unknown: `the quality report ${elsewhere.why}. ${give}${elsewhere.give}.` }
  const unseen = features.filter(({ name }) => !quality.features.includes(name)).map(({ name }) => `"${name}"`)
  if (unseen.length > 0)
    return {
      unknown: `the quality report did not look at ${unseen.slice(0, 10).join(', ')}${unseen.length > 10 ? ` and ${unseen.length - 10} more` : ''}, which the model reads. ${give} and these columns as features, or take them out of the model.`
    }
  const read = new Set(features.map(({ name }) => name))
  // One finding may be about several columns, and a number that ranks the outcome is a leak of its own kind: what counts is what the model reads.
  const leaks = quality.findings.filter(
    ({ kind, columns, evidence }) =>
      // What is known only afterwards is a leak whatever is asked.
      (kind === 'leakage-declared' || ((kind === 'leakage-suspected' || kind === 'outcome-order') && isOfTask(evidence.tasks, task))) &&
      columns.some((column) => read.has(column))
  )
  const leaking = leaks.flatMap(({ columns }) => columns.filter((column) => read.has(column)))
  return { findings: new Set(leaking).size, behind: leaks }
}
