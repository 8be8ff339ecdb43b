import { useState } from 'react'
import type { GateReport } from '../../main/model/policy'
import { useHostCommand, useHostQuery } from '../host'
import { Button, Combobox, Dialog, ErrorState, Field, formatUtc, Select, showToast, Skeleton } from '../ui'
import { GateReportDialog } from './gate-report-dialog'
import { WritePolicy } from './write-policy'

export interface ApplyPolicyDialogProps {
  /** Null lets the person choose one. */
  run: { id: string; name: string } | null
  /** Chosen at first. */
  policy?: string | null
  /** The text in an editor is not what is applied. */
  hasUnsavedText?: boolean
  onClose: () => void
  /** Shows the report in its own place; without it the dialog does. */
  onDone?: () => void
}

/** Applies a saved policy to a run now; the outcome is recorded with the run. */
export function ApplyPolicyDialog({ run, policy = null, hasUnsavedText, onClose, onDone }: ApplyPolicyDialogProps) {
  const policies = useHostQuery('policies.list', {})
  const [chosenRun, setChosenRun] = useState<string | null>(null)
  const [chosenPolicy, setChosenPolicy] = useState(policy)
  const [report, setReport] = useState<GateReport>()
  const evaluate = useHostCommand('policies.evaluate', {
    inline: true,
    onSuccess: (result) => {
      if (!onDone) return setReport(result.report)
      const passed = result.report.outcome === 'pass'
      showToast({ status: passed ? 'ok' : 'warn', title: passed ? 'The gate passed.' : 'The gate failed.', text: result.report.reason })
      onClose()
      onDone()
    }
  })
  if (report) return <GateReportDialog report={report} onClose={onClose} />
  const list = policies.data ?? []
  const on = run?.id ?? chosenRun
  const by = list.find((each) => each.name === chosenPolicy) ?? list.at(0)
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Run a gate"
      description={`Checks the evidence of ${run?.name ?? 'a run'} against a saved policy. The result is recorded and cannot be taken back; of each policy the newest counts.`}
      onSubmit={() => on && by && void evaluate.run({ policy: by.name, run: on })}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={!on || !by} loading={evaluate.busy}>
            Run the gate
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {hasUnsavedText && (
          <p className="rounded-md bg-warn-soft p-2">The text in the editor is not saved; the saved version is applied.</p>
        )}
        {policies.error ? (
          <ErrorState compact error={policies.error} onRetry={() => void policies.refetch()} />
        ) : policies.isPending ? (
          <Skeleton lines={2} className="p-0" />
        ) : !by ? (
          <WritePolicy onWritten={setChosenPolicy} />
        ) : (
          <Field label="Policy" hint={`${by.rules} rules; ${by.testsPassed} of ${by.tests} of its own tests pass.`}>
            <Select
              value={by.name}
              onChange={setChosenPolicy}
              choices={list.map((each) => ({ value: each.name, label: each.title, hint: each.name }))}
            />
          </Field>
        )}
        {run === null && <RunField value={chosenRun} onChange={setChosenRun} />}
        {evaluate.error ? <ErrorState compact error={evaluate.error} /> : null}
      </div>
    </Dialog>
  )
}

function RunField({ value, onChange }: { value: string | null; onChange: (run: string | null) => void }) {
  const runs = useHostQuery('experiments.runs', { limit: 1000, filter: "status = 'finished'" })
  const total = runs.data?.total ?? 0
  return (
    <>
      <Field
        label="Run"
        hint={
          total > 1000
            ? `The newest 1,000 of ${total.toLocaleString('en-US')} finished runs. For an older one, open the run and run the gate there.`
            : 'Finished runs, newest first.'
        }
      >
        <Combobox
          value={value}
          onChange={onChange}
          placeholder="Type the name of a run"
          emptyText="No finished run matches."
          choices={(runs.data?.runs ?? []).map((each) => ({
            value: each.id,
            label: `${each.name} (${each.id.slice(0, 8)})`,
            hint: `${each.algorithm}, ${formatUtc(each.startedAt)}`
          }))}
        />
      </Field>
      {runs.error ? <ErrorState compact error={runs.error} onRetry={() => void runs.refetch()} /> : null}
    </>
  )
}
