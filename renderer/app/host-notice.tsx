import { RotateCw, X } from 'lucide-react'
import { useConnection, useConnectionState } from '../host'
import { Button, IconButton, StatusIcon } from '../ui'

/** Says when the host process died, is coming back, is back, or stays away. It is back once the workspace is open again. */
export function HostNotice({ reopening }: { reopening: boolean }) {
  const connection = useConnection()
  const { status, restarted } = useConnectionState()
  if (status === 'failed')
    return (
      <Bar status="error">
        <span className="flex-1">
          The workbench process stopped several times within a minute. Nothing that was finished is lost, but nothing works until it runs
          again.
        </span>
        <Button size="sm" icon={RotateCw} onClick={() => void connection.os.restartHost()}>
          Start it again
        </Button>
      </Bar>
    )
  if (status === 'restarting' || reopening)
    return <Bar status="warn">The workbench process stopped unexpectedly and is being started again. Finished work is kept.</Bar>
  if (!restarted) return null
  return (
    <Bar status="info">
      <span className="flex-1">
        The workbench process was restarted after it stopped unexpectedly. Finished steps are kept. Pipeline runs go on where they stood;
        other jobs that were running are marked as interrupted.
      </span>
      <IconButton icon={X} size="sm" label="Dismiss" onClick={() => connection.dismissRestartNotice()} />
    </Bar>
  )
}

/** A line across the window, under its title. */
export function Bar({ status, children }: { status: 'error' | 'warn' | 'info'; children: React.ReactNode }) {
  return (
    <div role="status" className="flex shrink-0 items-center gap-2 border-b bg-surface-2 px-3 py-1">
      <StatusIcon status={status} />
      {children}
    </div>
  )
}
