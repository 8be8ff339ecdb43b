import type { StepRun } from '../../../main/model/pipeline-run'
import { useElapsed } from '../../ui'

/** Seconds that a step took, or takes up to now; null before its start. */
export function useStepElapsed(step: StepRun | null): number | null {
  const isRunning = step?.state === 'running'
  const elapsed = useElapsed(isRunning ? step.startedAt : null, null)
  return isRunning ? elapsed : (step?.duration ?? null)
}
