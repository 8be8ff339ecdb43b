import { CircleCheck, PlugZap, WifiOff, X } from 'lucide-react'
import { useState } from 'react'
import { useConnectionState, useHostCommand, useHostQuery, type HostOutput } from '../host'
import { formatDuration, IconButton, Link, Progress, StatusIcon, Tooltip } from '../ui'

type Job = HostOutput<'jobs.get'>

const openedAt = new Date().toISOString()

/** What runs, what failed last since the window was opened, and that nothing leaves the machine. */
export function ActivityStrip({ active, hasWorkspace }: { active: readonly Job[]; hasWorkspace: boolean }) {
  const cancel = useHostCommand('jobs.cancel')
  const { status } = useConnectionState()
  const [first, ...others] = active
  return (
    <footer
      data-panel
      tabIndex={-1}
      aria-label="Activity"
      className="flex h-7 shrink-0 items-center gap-4 border-t bg-surface-0 px-3 text-caption text-muted outline-none"
    >
      <div className="flex min-w-0 flex-1 items-center gap-3 overflow-hidden">
        {first ? (
          <>
            <Link area="jobs" path={[first.id]} className="max-w-80 min-w-16 shrink truncate text-ink hover:underline">
              {first.title}
            </Link>
            <div className="flex w-36 shrink-0 items-center max-[900px]:w-16">
              <Progress bare value={first.progress.fraction} label={first.title} />
            </div>
            <span className="min-w-0 shrink-[9] truncate">
              {first.waitingFor ?? first.progress.message}
              {first.progress.etaSeconds !== null && ` \u00b7 ${formatDuration(first.progress.etaSeconds)} left`}
            </span>
            {first.cancellable && (
              <IconButton icon={X} size="sm" label={`Cancel ${first.title}`} onClick={() => void cancel.run({ id: first.id })} />
            )}
            {others.length > 0 && (
              <Link area="jobs" className="shrink-0 text-accent hover:underline">
                {others.length} more
              </Link>
            )}
          </>
        ) : status === 'running' ? (
          <span className="flex items-center gap-1.5">
            <CircleCheck aria-hidden className="size-3.5" /> No jobs running
          </span>
        ) : (
          <span className="flex items-center gap-1.5">
            <PlugZap aria-hidden className="size-3.5" /> The workbench is starting
          </span>
        )}
      </div>
      {hasWorkspace && <LastFailure />}
      <Tooltip content="Drydock makes no connection to any other machine.">
        <span tabIndex={0} className="flex shrink-0 items-center gap-1.5">
          <WifiOff aria-hidden className="size-3.5" /> Offline
        </span>
      </Tooltip>
    </footer>
  )
}

function LastFailure() {
  const failed = useHostQuery('jobs.list', { states: ['failed', 'interrupted'], limit: 1 })
  const [seen, setSeen] = useState('')
  const job = failed.data?.jobs[0]
  if (!job || job.id === seen || (job.finishedAt ?? '') < openedAt) return null
  return (
    <span className="flex min-w-0 shrink items-center gap-1.5">
      <StatusIcon status="error" />
      <Link area="jobs" path={[job.id]} className="max-w-90 truncate text-error hover:underline max-[900px]:max-w-44">
        {job.title}: {job.failure?.message ?? job.state}
      </Link>
      <IconButton icon={X} size="sm" label="Dismiss" onClick={() => setSeen(job.id)} />
    </span>
  )
}
