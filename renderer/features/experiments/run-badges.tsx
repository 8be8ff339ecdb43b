import { LoaderCircle } from 'lucide-react'
import type { RunStatus } from '../../../main/model/run'
import { Badge, type Status } from '../../ui'

const statuses: Record<RunStatus, Status> = { finished: 'ok', failed: 'error', running: 'info', cancelled: 'neutral' }

/** What is said of a run with the best figure whose gate did not let it in. */
export const refusedWords = 'Its gate did not pass: it cannot be approved as it is.'

export function RunStatusBadge({ status, error }: { status: RunStatus; error?: string | null }) {
  const running = status === 'running'
  return (
    <Badge status={statuses[status]} icon={running ? LoaderCircle : undefined} spin={running} tooltip={error}>
      {status}
    </Badge>
  )
}
