import { Archive, BadgeCheck, Eye, PencilLine, Rocket, type LucideIcon } from 'lucide-react'
import type { ModelStage } from '../../../main/model/registry'
import { Badge, type Status } from '../../ui'

const stages: Record<ModelStage, { status: Status; icon: LucideIcon; word: string; meaning: string }> = {
  draft: { status: 'neutral', icon: PencilLine, word: 'Draft', meaning: 'Registered; its description can be changed.' },
  'in review': { status: 'info', icon: Eye, word: 'In review', meaning: 'Somebody judges it now.' },
  approved: { status: 'ok', icon: BadgeCheck, word: 'Approved', meaning: 'Its description is frozen; it may be released.' },
  released: { status: 'ok', icon: Rocket, word: 'Released', meaning: 'In use outside of this workspace.' },
  retired: { status: 'neutral', icon: Archive, word: 'Retired', meaning: 'No longer to be used. This is final.' }
}

export const stageWord = (stage: ModelStage): string => stages[stage].word
export const stageIcon = (stage: ModelStage): LucideIcon => stages[stage].icon
export const stageMeaning = (stage: ModelStage): string => stages[stage].meaning

/** A draft that no gate let in looks like one wherever it is shown. */
const withoutGateLook = {
  ...stages.draft,
  status: 'warn' as const,
  word: 'Draft without gate',
  meaning: 'Registered although no gate passed over its run. It cannot be approved before one does.'
}

export function StageBadge({ stage, withoutGate, plain }: { stage: ModelStage; withoutGate?: true; plain?: boolean }) {
  const { status, icon, word, meaning } = withoutGate ? withoutGateLook : stages[stage]
  return (
    <Badge status={status} icon={icon} tooltip={plain ? undefined : meaning}>
      {word}
    </Badge>
  )
}
