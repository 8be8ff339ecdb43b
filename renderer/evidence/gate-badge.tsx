import { CircleHelp, ShieldCheck, ShieldOff, ShieldX, type LucideIcon } from 'lucide-react'
import { describeChange, gateWord, type GateShortfall, type GateWord, type PolicyChange } from '../../main/model/gate-standing'
import { Badge, type Status } from '../ui'

export interface GateBadgeProps {
  /** Null when no policy was applied. */
  gate: { outcome: 'pass' | 'fail'; shortfall?: GateShortfall; policy?: string; changed?: PolicyChange } | null
  /** Something beside it says "gate" already. */
  short?: boolean
  /** Without an explanation, as in the rows of a table; that its policy was changed is said all the same. */
  plain?: boolean
}

interface Look {
  status: Status
  icon: LucideIcon
  long: string
  explain: (policy: string) => string
}
const looks: Record<GateWord, Look> = {
  passed: {
    status: 'ok',
    icon: ShieldCheck,
    long: 'Gate passed',
    explain: (policy) => `The newest result of every policy passed, ${policy} the last of them.`
  },
  failed: {
    status: 'error',
    icon: ShieldX,
    long: 'Gate failed',
    explain: (policy) => `The policy ${policy} failed. The Gate tab names the rules.`
  },
  undecided: {
    status: 'error',
    icon: CircleHelp,
    long: 'Gate undecided',
    explain: (policy) => `A rule of the policy ${policy} could not be decided, which counts as failed. The Gate tab says why.`
  },
  'no gate': {
    status: 'error',
    icon: ShieldOff,
    long: 'No gate',
    explain: (policy) => `No rule of the policy ${policy} blocks, so it is no gate and nothing passes it.`
  }
}

/** How a gate step looks that ended: by what it decided, which is not what became of the step. */
export const lookOfGate = (gate: GateWord): { word: string; status: Status; icon: LucideIcon } => ({
  ...looks[gate],
  word: looks[gate].long
})

/** What a gate came to; over a run that is the newest result of every policy, and a failure among them decides. */
export function GateBadge({ gate, short, plain }: GateBadgeProps) {
  if (gate === null)
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
  const word = gateWord(gate)
  const { status, icon, long, explain } = looks[word]
  const change = gate.changed && `The text of its policy was changed: ${describeChange(gate.changed)}.`
  return (
    <Badge
      status={gate.changed && status === 'ok' ? 'warn' : status}
      icon={icon}
      tooltip={change ?? (!plain && gate.policy && explain(gate.policy))}
    >
      {short ? word : plain && change ? long.replace('Gate ', '') : long}
      {change && ', text changed'}
    </Badge>
  )
}
