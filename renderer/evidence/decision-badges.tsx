import { CircleHelp, ThumbsDown, ThumbsUp } from 'lucide-react'
import type { HostOutput } from '../host'
import { useHostQuery } from '../host'
import { Badge } from '../ui'

export type Decided = Pick<HostOutput<'bundles.decisions'>[number], 'approvedBy' | 'rejectedBy' | 'unknown'>

const joined = (all: readonly Decided[]): Decided | null => {
  if (all.length === 0) return null
  const unique = (names: readonly string[]) => [...new Set(names)]
  return {
    approvedBy: unique(all.flatMap(({ approvedBy }) => approvedBy)),
    rejectedBy: unique(all.flatMap(({ rejectedBy }) => rejectedBy)),
    unknown: all.flatMap(({ unknown }) => unknown)
  }
}

/** What is known here of decisions about exports: of one export by its id, and of all exports of a version. */
export function useDecisions() {
  const { data = [] } = useHostQuery('bundles.decisions', {})
  return {
    ofExport: (id: string) => data.find((each) => each.id === id) ?? null,
    ofVersion: (model: string, version: number): Decided | null =>
      joined(data.filter((each) => each.model === model && each.version === version))
  }
}

/** Counts as a sentence: "approved by 2, rejected by 1; 1 unknown signer". */
export function decisionWords({ approvedBy, rejectedBy, unknown }: Decided): string {
  const counted = [
    ...(approvedBy.length > 0 ? [`approved by ${approvedBy.length}`] : []),
    ...(rejectedBy.length > 0 ? [`rejected by ${rejectedBy.length}`] : [])
  ].join(', ')
  const keys = new Set(unknown.map(({ keyFingerprint }) => keyFingerprint)).size
  const strangers = keys > 0 ? `${keys} unknown ${keys === 1 ? 'signer' : 'signers'}` : ''
  return [counted, strangers].filter(Boolean).join('; ')
}

/** Who decided about a bundle, by people of the workspace; unknown signers stand apart and in no count. */
export function DecisionBadges({ decided }: { decided: Decided | null }) {
  if (!decided) return <span className="text-muted">none</span>
  const { approvedBy, rejectedBy } = decided
  const strangers = new Set(decided.unknown.map(({ keyFingerprint }) => keyFingerprint)).size
  const words = decisionWords(decided)
  if (!words) return <span className="text-muted">none</span>
  return (
    <span className="inline-flex items-center gap-1" title={`${words[0]!.toUpperCase()}${words.slice(1)}`}>
      <span className="sr-only">{words}</span>
      <span aria-hidden className="inline-flex items-center gap-1">
        {rejectedBy.length > 0 && (
          <Badge status="error" icon={ThumbsDown}>
            {rejectedBy.length}
          </Badge>
        )}
        {approvedBy.length > 0 && (
          <Badge status="ok" icon={ThumbsUp}>
            {approvedBy.length}
          </Badge>
        )}
        {strangers > 0 && (
          <Badge status="neutral" icon={CircleHelp}>
            {strangers}
          </Badge>
        )}
      </span>
    </span>
  )
}
