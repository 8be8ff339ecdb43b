import { useState } from 'react'
import { GateReportView } from '../../../evidence'
import { useHostCommand, useHostQuery } from '../../../host'
import { Button, Combobox, Dialog, ErrorState, Field, formatUtc, navigate, Select, Skeleton } from '../../../ui'

export interface EvaluateDialogProps {
  /** A given run is not to choose. */
  run: string | null
  policy: string | null
  /** The text in the editor is not what is applied. */
  hasUnsavedText?: boolean
  onClose: () => void
}

/** Applies a saved policy to a run now; the outcome is recorded with the run. */
export function EvaluateDialog({ run, policy, hasUnsavedText, onClose }: EvaluateDialogProps) {
  const policies = useHostQuery('policies.list', {})
  const runs = useHostQuery('experiments.runs', { limit: 1000, filter: "status = 'finished'" }, { enabled: run === null })
  const [chosenRun, setChosenRun] = useState<string | null>(null)
  const [chosenPolicy, setChosenPolicy] = useState<string | null>(policy)
  const evaluate = useHostCommand('policies.evaluate', { inline: true })
  const [report, setReport] = useState<Awaited<ReturnType<typeof evaluate.run>>>()
  const on = run ?? chosenRun
  const by = chosenPolicy ?? policies.data?.[0]?.name ?? null
  const submit = async () => {
    if (!on || !by) return
    const result = await evaluate.run({ policy: by, run: on })
    if (result) setReport(result)
  }
  if (report)
    return (
      <Dialog
        open
        onOpenChange={(open) => !open && onClose()}
        title="Gate report"
        size="xl"
        footer={<Button onClick={onClose}>Close</Button>}
      >
        <GateReportView report={report.report} />
      </Dialog>
    )
  const problem = policies.error ?? runs.error ?? evaluate.error
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Apply a policy"
      description="The facts of the run are held against the saved rules. The outcome is recorded; of each policy the newest counts."
      onSubmit={() => void submit()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={!on || !by} loading={evaluate.busy}>
            Apply the policy
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {hasUnsavedText && (
          <p className="rounded-md bg-warn-soft p-2">The text in the editor is not saved; the saved version is applied.</p>
        )}
        {policies.isPending ? (
          <Skeleton lines={2} className="p-0" />
        ) : policies.data?.length === 0 ? (
          <div className="flex items-center gap-3">
            <p className="flex-1 text-muted">There is no policy in this workspace yet.</p>
            <Button onClick={() => navigate('models', ['policies'], { view: 'new' })}>Write a policy</Button>
          </div>
        ) : (
          <Field label="Policy">
            <Select
              value={by}
              onChange={setChosenPolicy}
              choices={(policies.data ?? []).map((each) => ({ value: each.name, label: each.title, hint: each.name }))}
            />
          </Field>
        )}
        {run === null && (
          <Field
            label="Run"
            hint={
              (runs.data?.total ?? 0) > 1000
                ? `The newest 1,000 of ${runs.data?.total.toLocaleString('en-US')} finished runs. For an older one, open the run and run the gate there.`
                : 'Finished runs, newest first.'
            }
          >
            <Combobox
              value={chosenRun}
              onChange={setChosenRun}
              placeholder="Type the name of a run"
              emptyText="No finished run matches."
              choices={(runs.data?.runs ?? []).map((each) => ({
                value: each.id,
                label: `${each.name} (${each.id.slice(0, 8)})`,
                hint: `${each.algorithm}, ${formatUtc(each.startedAt)}`
              }))}
            />
          </Field>
        )}
        {problem ? <ErrorState compact error={problem} /> : null}
      </div>
    </Dialog>
  )
}
