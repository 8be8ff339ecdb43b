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
import { useEffect, useState } from 'react'
import type { StepRun } from '../../../main/model/pipeline-run'
import { Badge, type Status } from '../../ui'

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

/** Icon, word and status of a run, step or attempt; each state has a word and a shape of its own. */
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

/** Seconds that something took, or takes up to now. */
export function useElapsed(startedAt: string | null, finishedAt: string | null): number | null {
  const isRunning = startedAt !== null && finishedAt === null
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (!isRunning) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [isRunning])
  if (startedAt === null) return null
  return Math.max(0, ((finishedAt === null ? now : Date.parse(finishedAt)) - Date.parse(startedAt)) / 1000)
}

export function useStepElapsed(step: StepRun | null): number | null {
  const isRunning = step?.state === 'running'
  const elapsed = useElapsed(isRunning ? step.startedAt : null, null)
  return isRunning ? elapsed : (step?.duration ?? null)
}
