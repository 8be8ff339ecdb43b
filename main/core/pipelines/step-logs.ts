import { isSettled } from '../../model/pipeline-run'
import { followLogFile, readLogPage } from '../jobs'
import type { WorkspaceContext } from '../workspace/context'
import type { RunViews } from './run-view'
import { attemptLog } from './workspace-files'
import type { PipelineRunId } from '../../model/reference'

/** What the attempts of steps wrote down; the newest attempt when none is named. */
export function createStepLogs(context: WorkspaceContext, views: RunViews) {
  const latestAttempt = (runId: PipelineRunId, stepId: string): number => views.step(runId, stepId).attempts.at(-1)?.number ?? 1
  const logPath = (runId: PipelineRunId, stepId: string, attempt?: number): string =>
    attemptLog(context.directory, views.summary(runId).id, views.step(runId, stepId).stepId, attempt ?? latestAttempt(runId, stepId))
  return {
    async log(runId: PipelineRunId, stepId: string, attempt?: number, from?: number) {
      return readLogPage(logPath(runId, stepId, attempt), from)
    },
    followLog(runId: PipelineRunId, stepId: string, attempt: number | undefined, signal: AbortSignal) {
      const number = attempt ?? latestAttempt(runId, stepId)
      const isOver = (): boolean => {
        const step = views.step(runId, stepId)
        const own = step.attempts.find((item) => item.number === number)
        return own ? own.outcome !== 'started' : isSettled(step.state)
      }
      return followLogFile(logPath(runId, stepId, number), isOver, signal)
    }
  }
}
