import { ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import { GateBadge, GateReportView } from '../../evidence'
import { useHostQuery } from '../../host'
import { Button, classNames, EmptyState, ErrorState, Skeleton, TimeText } from '../../ui'

/** Every gate that was run over a run, the newest first, with its report. */
export function RunGates({ run, onRun }: { run: string; onRun: () => void }) {
  const gates = useHostQuery('policies.gates', { run })
  const [chosen, setChosen] = useState<string | null>(null)
  const list = [...(gates.data ?? [])].sort((a, b) => (a.at < b.at ? 1 : -1))
  const id = list.find((gate) => gate.id === chosen)?.id ?? list[0]?.id
  const report = useHostQuery('policies.gate', { id: id ?? '' }, { enabled: id !== undefined })
  if (gates.error) return <ErrorState error={gates.error} onRetry={() => void gates.refetch()} />
  if (!gates.data) return <Skeleton lines={5} />
  if (list.length === 0)
    return (
      <EmptyState
        icon={ShieldCheck}
        title="No gate has been run"
        text="A gate checks the evidence of this run against a policy, rule by rule, and keeps the result."
        action={
          <Button variant="primary" icon={ShieldCheck} onClick={onRun}>
            Run a gate
          </Button>
        }
      />
    )
  return (
    <div className="flex min-h-full flex-wrap">
      <ul aria-label="Gates of this run" className="w-64 shrink-0 border-r">
        {list.map((gate) => (
          <li key={gate.id}>
            <button
              type="button"
              aria-current={gate.id === id || undefined}
              onClick={() => setChosen(gate.id)}
              className={classNames(
                'flex w-full flex-col gap-0.5 border-b px-3 py-2 text-left',
                gate.id === id ? 'bg-accent-soft' : 'hover:bg-surface-0'
              )}
            >
              <span className="flex items-center justify-between gap-2">
                <span className="truncate font-medium">{gate.policy}</span>
                <GateBadge short gate={gate} />
              </span>
              <span className="text-caption text-muted">
                <TimeText value={gate.at} />
              </span>
            </button>
          </li>
        ))}
      </ul>
      <div className="min-w-100 flex-1 p-4">
        {report.error ? (
          <ErrorState error={report.error} onRetry={() => void report.refetch()} />
        ) : report.data ? (
          <GateReportView report={report.data} />
        ) : (
          <Skeleton lines={6} />
        )}
      </div>
    </div>
  )
}
