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
import type { GateWord } from '../../main/model/gate-standing'
import { Badge, type Status } from '../ui'
import { lookOfGate } from './gate-badge'

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

/**
 * Icon, word and status of a job, run, step or attempt; each state has a word and a shape of its own. Of a gate that ended it is what it
 * decided that counts, and of a run a decision that is no pass.
 */
export const lookOfState = (state: string, cached = false, gate?: GateWord): Look =>
  (gate && state === 'succeeded' ? lookOfGate(gate) : undefined) ??
  looks[cached && state === 'succeeded' ? 'cached' : state] ?? { word: state, icon: CircleDashed, status: 'neutral' }

interface StateBadgeProps {
  state: string
  cached?: boolean
  gate?: GateWord
  tooltip?: string
}

export function StateBadge({ state, cached, gate, tooltip }: StateBadgeProps) {
  const { word, icon, status } = lookOfState(state, cached, gate)
  return (
    <Badge status={status} icon={icon} spin={state === 'running' || state === 'started'} tooltip={tooltip}>
      {word}
    </Badge>
  )
}

/** What a run or its job shows of its gates: a pass is no news, and it ran to its end. */
export const unlessPassed = (gate: GateWord | undefined): GateWord | undefined => (gate === 'passed' ? undefined : gate)
