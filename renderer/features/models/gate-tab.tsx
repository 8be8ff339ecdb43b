import { Scale } from 'lucide-react'
import { useState } from 'react'
import type { ModelVersionDetail } from '../../../main/model/registry'
import { ApplyPolicyDialog, GateReportView } from '../../evidence'
import { useHostQuery } from '../../host'
import { Button, EmptyState, ErrorState, Skeleton } from '../../ui'

/** The gate that decides over the version, rule by rule. */
export function GateTab({ model }: { model: ModelVersionDetail }) {
  const report = useHostQuery('models.gateReport', { name: model.name, version: model.version })
  const [evaluating, setEvaluating] = useState(false)
  const dialog = evaluating && (
    <ApplyPolicyDialog run={{ id: model.run, name: model.runName }} policy={model.gate?.policy} onClose={() => setEvaluating(false)} />
  )
  if (report.error) return <ErrorState error={report.error} onRetry={() => void report.refetch()} />
  if (report.isPending) return <Skeleton lines={8} />
  if (!report.data)
    return (
      <>
        <EmptyState
          icon={Scale}
          title="No policy was applied to this version"
          text="A gate holds the figures of the run against the rules of a policy and records the outcome. Without one that passes the version cannot be approved."
          action={
            <Button variant="primary" icon={Scale} onClick={() => setEvaluating(true)}>
              Apply a policy
            </Button>
          }
        />
        {dialog}
      </>
    )
  return (
    <div className="p-4">
      <GateReportView
        report={report.data}
        actions={
          <Button size="sm" icon={Scale} onClick={() => setEvaluating(true)}>
            Apply a policy again
          </Button>
        }
      />
      {dialog}
    </div>
  )
}
