import { ShieldAlert, ShieldCheck, ShieldOff, ShieldQuestion } from 'lucide-react'
import { Badge, type Status } from '../ui'

/** What verification said about a signed thing. */
export type TrustState = 'signed' | 'changed' | 'unsigned' | 'unverifiable'

const states = {
  signed: { status: 'ok', icon: ShieldCheck, word: 'Signed' },
  changed: { status: 'error', icon: ShieldAlert, word: 'Changed since signing' },
  unsigned: { status: 'neutral', icon: ShieldOff, word: 'Unsigned' },
  unverifiable: { status: 'warn', icon: ShieldQuestion, word: 'Cannot be verified' }
} satisfies Record<TrustState, { status: Status; icon: typeof ShieldCheck; word: string }>

/** Icon, word and, in the tooltip, the reason for it: who signed, or what is wrong. */
export function TrustBadge({ state, reason }: { state: TrustState; reason: string }) {
  const { status, icon, word } = states[state]
  return (
    <Badge status={status} icon={icon} tooltip={reason}>
      {word}
    </Badge>
  )
}
