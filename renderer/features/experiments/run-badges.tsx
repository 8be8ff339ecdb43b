import { LoaderCircle } from 'lucide-react'
import type { RunStatus } from '../../../main/model/run'
import { Badge, type Status } from '../../ui'

const statuses: Record<RunStatus, Status> = { finished: 'ok', failed: 'error', running: 'info', cancelled: 'neutral' }

export function RunStatusBadge({ status, error }: { status: RunStatus; error?: string | null }) {
  const running = status === 'running'
  return (
    <Badge status={statuses[status]} icon={running ? LoaderCircle : undefined} spin={running} tooltip={error}>
      {status}
    </Badge>
  )
}
