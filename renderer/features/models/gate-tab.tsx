import { Scale } from 'lucide-react'
import { useState } from 'react'
import { describeChange } from '../../../main/model/gate-standing'
import type { ModelVersionDetail } from '../../../main/model/registry'
import { ApplyPolicyDialog, GateReportView } from '../../evidence'
import { useHostQuery } from '../../host'
import { Button, EmptyState, ErrorState, Skeleton, StatusIcon } from '../../ui'

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
    <div className="flex flex-col gap-3 p-4">
      {model.gate?.changed && (
        <div className="mx-auto flex w-full max-w-260 items-start gap-2 rounded-md bg-warn-soft p-2">
          <StatusIcon status="warn" className="mt-0.5" />
          <p data-selectable>
            The text of the policy was changed: {describeChange(model.gate.changed)}.{' '}
            {model.gate.outcome === 'fail'
              ? 'What failed under one text stays failed, also for the same model trained once more. Change data, features or parameters, and register the model that comes of it as the next version.'
              : 'The text before could not be decided.'}
          </p>
        </div>
      )}
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
