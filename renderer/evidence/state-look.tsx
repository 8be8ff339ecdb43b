import {
  Ban,
  CheckCircle2,
  CircleDashed,
  Clock,
  CornerDownRight,
  LoaderCircle,
  OctagonAlert,
  PlugZap,
  Recycle,
  type LucideIcon
} from 'lucide-react'
import { Badge, type Status } from '../ui'

interface Look {
  word: string
  icon: LucideIcon
  status: Status
}
const looks: Record<string, Look> = {
  waiting: { word: 'Waiting', icon: CircleDashed, status: 'neutral' },
  queued: { word: 'Queued', icon: Clock, status: 'neutral' },
  running: { word: 'Running', icon: LoaderCircle, status: 'info' },
  succeeded: { word: 'Succeeded', icon: CheckCircle2, status: 'ok' },
  cached: { word: 'Cached', icon: Recycle, status: 'ok' },
  failed: { word: 'Failed', icon: OctagonAlert, status: 'error' },
  skipped: { word: 'Skipped', icon: CornerDownRight, status: 'neutral' },
  cancelled: { word: 'Cancelled', icon: Ban, status: 'warn' },
  interrupted: { word: 'Interrupted', icon: PlugZap, status: 'warn' },
  started: { word: 'Running', icon: LoaderCircle, status: 'info' },
  'timed-out': { word: 'Timed out', icon: Clock, status: 'error' },
  'out-of-memory': { word: 'Out of memory', icon: OctagonAlert, status: 'error' }
}

/** Icon, word and status of a job, run, step or attempt; each state has a word and a shape of its own. */
export const lookOfState = (state: string, cached = false): Look =>
  looks[cached && state === 'succeeded' ? 'cached' : state] ?? { word: state, icon: CircleDashed, status: 'neutral' }

export function StateBadge({ state, cached, tooltip }: { state: string; cached?: boolean; tooltip?: string }) {
  const { word, icon, status } = lookOfState(state, cached)
  return (
    <Badge status={status} icon={icon} spin={state === 'running' || state === 'started'} tooltip={tooltip}>
      {word}
    </Badge>
  )
}
