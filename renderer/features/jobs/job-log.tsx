import { useState } from 'react'
import { useHostQuery, useLogTail } from '../../host'
import { ErrorState, LogView, Select, Skeleton, type Choice } from '../../ui'

/** The log of a job that writes one itself: an import, an export, a profile. */
export function JobLog({ id }: { id: string }) {
  const log = useLogTail('jobs.followLog', { id })
  return <LogBox log={log} label="Log of the job" empty={log.live ? 'Nothing was written yet.' : 'This job wrote no log.'} />
}

/** The steps of a pipeline run each have a log; first comes the one that failed, or is running now. */
export function RunLog({ runId, isOpen }: { runId: string; isOpen: boolean }) {
  const run = useHostQuery('pipelines.getRun', { runId }, { refetchInterval: isOpen ? 1500 : undefined })
  const [wished, setWished] = useState<string | null>(null)
  if (run.error) return <ErrorState compact error={run.error} />
  if (!run.data) return <Skeleton lines={3} />
  const { steps } = run.data
  const byState = (state: string) => steps.find((step) => step.state === state)
  const chosen =
    steps.find((step) => step.stepId === wished) ??
    byState('failed') ??
    byState('running') ??
    byState('cancelled') ??
    steps.findLast((step) => step.attempts.length > 0) ??
    steps.at(-1)
  if (!chosen) return <p className="text-muted">The run has no steps.</p>
  const choices = steps.map((step): Choice => ({ value: step.stepId, label: `${step.title}, ${step.cached ? 'cached' : step.state}` }))
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-2">
      <Select aria-label="Step" value={chosen.stepId} onChange={setWished} choices={choices} />
      <StepLog
        key={`${chosen.stepId}/${chosen.attempts.length}`}
        runId={runId}
        stepId={chosen.stepId}
        hasAttempt={chosen.attempts.length > 0}
        cached={chosen.cached}
      />
    </div>
  )
}

function StepLog({ runId, stepId, hasAttempt, cached }: { runId: string; stepId: string; hasAttempt: boolean; cached: boolean }) {
  const log = useLogTail('pipelines.followLog', { runId, stepId }, hasAttempt)
  const empty = cached
    ? 'The result of an earlier run was taken, so there is no log.'
    : log.live
      ? 'The step has written nothing yet.'
      : hasAttempt
        ? 'The step wrote nothing.'
        : 'The step has not been started in this run.'
  return <LogBox log={log} label={`Log of ${stepId}`} empty={empty} />
}

function LogBox({ log, label, empty }: { log: ReturnType<typeof useLogTail>; label: string; empty: string }) {
  if (log.error) return <ErrorState compact error={log.error} />
  return (
    <div className="h-64 min-h-40 flex-1 overflow-hidden rounded-md border">
      <LogView text={log.text} label={label} live={log.live} empty={empty} />
    </div>
  )
}
