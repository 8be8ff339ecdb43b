import { GitCompare } from 'lucide-react'
import { useMemo, type ReactNode } from 'react'
import type { PipelineDetail } from '../../../main/model/pipeline'
import { useHostQuery } from '../../host'
import { diffLines, EmptyState, ErrorState, formatCount, Select, shortHash, Skeleton, TextDiff } from '../../ui'
import { collectDocumentChanges, type DocumentChanges } from './document-changes'

export interface VersionChangesProps {
  /** The version that is looked at. */
  version: PipelineDetail
  sha256: string
  /** What it is compared with: a digest, or `draft`. */
  other: string | null
  onOther: (other: string) => void
}

/** Two states of a pipeline, the older first: what became of its steps, and the text line by line. */
export function VersionChanges({ version, sha256, other, onOther }: VersionChangesProps) {
  const { name, history } = version
  // The newest stands first.
  const index = history.findIndex((each) => each.sha256 === sha256)
  const chosen = other ?? history[index + 1]?.sha256 ?? (version.hasDraft ? 'draft' : (history[index - 1]?.sha256 ?? null))
  const second = useHostQuery('pipelines.get', { name, ...(chosen !== 'draft' && { version: chosen ?? '' }) }, { enabled: chosen !== null })
  const choices = [
    ...(version.hasDraft ? [{ value: 'draft', label: 'the draft' }] : []),
    ...history
      .filter((each) => each.sha256 !== sha256)
      .map((each) => ({ value: each.sha256, label: `${shortHash(each.sha256)}, ${each.createdAt.slice(0, 16).replace('T', ' ')}Z` }))
  ]
  if (chosen === null)
    return (
      <EmptyState icon={GitCompare} title="Nothing to compare with" text="This is the only version, and there is no draft beside it." />
    )
  if (second.error) return <ErrorState error={second.error} onRetry={() => void second.refetch()} />
  if (!second.data) return <Skeleton lines={8} />
  const isOtherNewer = chosen === 'draft' || history.findIndex((each) => each.sha256 === chosen) < index
  const [before, after] = isOtherNewer ? [version, second.data] : [second.data, version]
  return (
    <div className="flex h-full flex-col">
      <div className="flex min-h-10 shrink-0 flex-wrap items-center gap-2 border-b px-4 py-1.5">
        <span>{isOtherNewer ? `From ${shortHash(sha256)} to` : `To ${shortHash(sha256)} from`}</span>
        <div className="w-60">
          <Select aria-label="Compare with" value={chosen} onChange={onOther} choices={choices} />
        </div>
      </div>
      <Comparison before={before} after={after} />
    </div>
  )
}

function Comparison({ before, after }: { before: PipelineDetail; after: PipelineDetail }) {
  const lines = useMemo(() => diffLines(before.yaml, after.yaml), [before.yaml, after.yaml])
  const [a, b] = [before.check.document, after.check.document]
  const changes = useMemo(() => a && b && collectDocumentChanges(a, b), [a, b])
  const [added, removed] = (['added', 'removed'] as const).map((kind) => lines.filter((line) => line.kind === kind).length)
  if (added + removed === 0)
    return <EmptyState icon={GitCompare} title="No difference" text="Both texts are the same to the last character." />
  return (
    <div className="min-h-0 flex-1 overflow-auto p-4" data-selectable>
      <div className="mb-3 flex flex-col gap-0.5">
        {changes ? <ChangeList changes={changes} /> : <p className="text-muted">One of the texts cannot be read as a pipeline.</p>}
        <p className="text-caption text-muted">
          {formatCount(added, 'line')} added, {formatCount(removed, 'line')} removed
        </p>
      </div>
      <div role="region" aria-label="Changed lines" tabIndex={0} className="control-focus overflow-x-auto rounded-md border">
        <TextDiff lines={lines} />
      </div>
    </div>
  )
}

function ChangeList({ changes }: { changes: DocumentChanges }) {
  const { added, removed, changed, moved, pipeline } = changes
  const rows: [string, ReactNode][] = [
    ['Steps added', added.join(', ')],
    ['Steps removed', removed.join(', ')],
    ['Steps changed', changed.map((each) => `${each.stepId} (${each.parts.join(', ')})`).join(', ')],
    ['Steps moved', moved.join(', ')],
    ['Pipeline', pipeline.join(', ')]
  ]
  const told = rows.filter(([, text]) => text !== '')
  if (told.length === 0) return <p>Only comments and the layout of the text differ; both do the same.</p>
  return told.map(([label, text]) => (
    <p key={label}>
      <span className="inline-block w-32 text-muted">{label}</span>
      <span className="font-mono text-caption">{text}</span>
    </p>
  ))
}
