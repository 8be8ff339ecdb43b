import { useState } from 'react'
import { useHostQuery } from '../../host'
import { Button, ErrorState, Panel, Skeleton, StatusIcon } from '../../ui'
import { CountersignForm } from './countersign-form'
import { MakeKeyDialog } from './make-key-dialog'
import type { Asked } from './asked'
import type { Reviewed } from './use-review'
import { collectFileProblems, describeVerdict } from './verdict'

export interface CountersignTabProps {
  reviewed: Reviewed
  asked: Asked
  /** With the bundle that carries the decision: this one, or a copy elsewhere. */
  onSigned: (path: string) => void
  onShowChecks: () => void
}

/** The reviewer's own decision; refused for a bundle that does not verify. */
export function CountersignTab({ reviewed, asked, onSigned, onShowChecks }: CountersignTabProps) {
  const keys = useHostQuery('bundles.keys', {})
  const [making, setMaking] = useState(false)
  if (reviewed.report.verdict === 'altered') return <Refused reviewed={reviewed} onShowChecks={onShowChecks} />
  if (keys.error) return <ErrorState error={keys.error} onRetry={() => void keys.refetch()} />
  if (!keys.data) return <Skeleton lines={6} />
  return (
    <>
      <CountersignForm reviewed={reviewed} asked={asked} keys={keys.data} onSigned={onSigned} onMakeKey={() => setMaking(true)} />
      {making && <MakeKeyDialog bundle={reviewed.path} onClose={() => setMaking(false)} />}
    </>
  )
}

const refusals = {
  changed: 'A decision stands for exactly what was signed, and this bundle is not that any more.',
  unsigned: 'A decision is bound to the signature of the bundle, and this one has none.',
  unverifiable: 'A decision stands for what a known signature covers, and this signature cannot be established.',
  signed: ''
} as const

function Refused({ reviewed, onShowChecks }: { reviewed: Reviewed; onShowChecks: () => void }) {
  const problems = collectFileProblems(reviewed.report)
  return (
    <div className="mx-auto max-w-180 p-4">
      <Panel title="This bundle cannot be countersigned">
        <div className="flex items-start gap-3" data-selectable>
          <StatusIcon status="error" className="mt-0.5 size-5" />
          <div className="min-w-0 flex-1">
            <p>
              {refusals[describeVerdict(reviewed.report).trust]} {reviewed.report.summary}
            </p>
            {problems.length > 0 && (
              <p className="mt-1 font-mono text-caption">
                {problems
                  .slice(0, 5)
                  .map((file) => file.name)
                  .join(', ')}
              </p>
            )}
            <p className="mt-1">Nothing can be signed here. The checks say what to ask the sender for.</p>
          </div>
          <Button onClick={onShowChecks}>Show the checks</Button>
        </div>
      </Panel>
    </div>
  )
}
