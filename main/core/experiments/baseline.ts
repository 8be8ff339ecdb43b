import { WorkbenchError } from '../../model/errors'
import type { Baseline, RunSummary } from '../../model/run'
import type { RunId } from '../../model/reference'

/**
 * The run that others are held against. The one that somebody chose; else one that is registered as a model; else the one that was started
 * first. Runs that finished and were judged come before others, for nothing can be held against a run without figures.
 * @throws WorkbenchError INVALID_INPUT when the chosen one is not among the runs
 */
export function findBaseline(runs: readonly RunSummary[], chosen: RunId | undefined): Baseline {
  if (chosen !== undefined) {
    if (runs.some(({ id }) => id === chosen)) return { run: chosen, reason: 'chosen' }
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The baseline ${chosen} is not among the runs that are compared. Name one of these, or add it.`
    )
  }
  const judged = runs.filter((run) => run.status === 'finished' && run.testData !== null)
  const able = judged.length > 0 ? judged : runs
  const registered = able.filter((run) => run.registered.length > 0)
  const first = [...(registered.length > 0 ? registered : able)].sort((a, b) =>
    a.startedAt === b.startedAt ? (a.id < b.id ? -1 : 1) : a.startedAt < b.startedAt ? -1 : 1
  )[0]!
  return { run: first.id, reason: registered.length > 0 ? 'registered' : 'first' }
}
