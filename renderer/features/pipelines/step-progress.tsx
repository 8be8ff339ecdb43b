import type { StepRun } from '../../../main/model/pipeline-run'
import { formatDuration, Progress } from '../../ui'
import { useStepElapsed } from './step-elapsed'

/** How far the running step is: what it does, for how long, and for how long still. */
export function StepProgress({ step }: { step: StepRun }) {
  const elapsed = useStepElapsed(step)
  const { fraction, message, etaSeconds } = step.progress
  const times = [elapsed !== null && `${formatDuration(elapsed)} so far`, etaSeconds !== null && `about ${formatDuration(etaSeconds)} left`]
  return (
    <Progress
      className="border-b px-3 py-1.5"
      value={fraction}
      label={message || 'Running'}
      detail={<span className="tabular-nums">{times.filter(Boolean).join(', ')}</span>}
    />
  )
}
