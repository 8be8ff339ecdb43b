import { ShieldOff } from 'lucide-react'
import { Badge } from '../ui'

export interface GateBadgeProps {
  /** Null when no policy was applied. */
  outcome: 'pass' | 'fail' | null
  /** The policy that decided, for the explanation. */
  policy?: string
  /** Something beside it says "gate" already. */
  short?: boolean
  /** Without an explanation, as in the rows of a table. */
  plain?: boolean
}

/** What a gate came to; over a run that is the newest result of every policy, and a failure among them decides. */
export function GateBadge({ outcome, policy, short, plain }: GateBadgeProps) {
  if (outcome === null)
    return short ? (
      <span className="text-muted">not run</span>
    ) : (
      <Badge
        status="neutral"
        icon={ShieldOff}
        tooltip={!plain && 'No policy was applied to its run. It cannot be approved or released before.'}
      >
        No gate
      </Badge>
    )
  return outcome === 'pass' ? (
    <Badge status="ok" tooltip={policy && `The newest result of every policy passed, ${policy} the last of them.`}>
      {short ? 'passed' : 'Gate passed'}
    </Badge>
  ) : (
    <Badge status="error" tooltip={policy && `The policy ${policy} failed. The Gate tab names the rules.`}>
      {short ? 'failed' : 'Gate failed'}
    </Badge>
  )
}
