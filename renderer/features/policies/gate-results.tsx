import { useState } from 'react'
import { runReference } from '../../../main/model/reference'
import { GateBadge, GateReportDialog, RefLink } from '../../evidence'
import { useHostQuery } from '../../host'
import { Button, ErrorState, Skeleton, TimeText } from '../../ui'

/** The recorded gates of one policy, newest first. */
export function GateResults({ policy }: { policy: string }) {
  const gates = useHostQuery('policies.gates', {})
  const [shown, setShown] = useState<string | null>(null)
  if (gates.error) return <ErrorState compact error={gates.error} onRetry={() => void gates.refetch()} />
  if (!gates.data) return <Skeleton lines={4} className="p-0" />
  const own = gates.data.filter((gate) => gate.policy === policy)
  if (own.length === 0) return <p className="text-muted">It was not applied to any run yet.</p>
  return (
    <>
      <ul className="flex flex-col gap-2">
        {own.slice(0, 200).map((gate) => (
          <li key={gate.id} className="flex flex-col gap-1 rounded-md border bg-surface-1 p-2">
            <span className="flex items-center gap-2">
              <GateBadge short gate={gate} />
              <TimeText value={gate.at} relative />
              <Button size="sm" variant="ghost" className="ml-auto" onClick={() => setShown(gate.id)}>
                Report
              </Button>
            </span>
            <RefLink reference={runReference(gate.run)} />
          </li>
        ))}
        {own.length > 200 && <li className="text-caption text-muted">The newest 200 of {own.length} are listed.</li>}
      </ul>
      {shown && <ShownReport id={shown} onClose={() => setShown(null)} />}
    </>
  )
}

function ShownReport({ id, onClose }: { id: string; onClose: () => void }) {
  const { data, error, refetch } = useHostQuery('policies.gate', { id })
  return <GateReportDialog report={data} error={error} onRetry={() => void refetch()} onClose={onClose} />
}
