import { useState } from 'react'
import type { RunDetail } from '../../../main/model/run'
import { useHostCommand, useHostQuery } from '../../host'
import { Button, Dialog, ErrorState, Field, navigate, Select, showToast, Skeleton } from '../../ui'

/** Chooses a policy and applies it to a run now. */
export function GateDialog({ run, onClose, onDone }: { run: RunDetail; onClose: () => void; onDone: () => void }) {
  const policies = useHostQuery('policies.list', {})
  const [chosen, setChosen] = useState<string | null>(null)
  const evaluate = useHostCommand('policies.evaluate', {
    inline: true,
    onSuccess: ({ report }) => {
      showToast({
        status: report.outcome === 'pass' ? 'ok' : 'warn',
        title: report.outcome === 'pass' ? 'The gate passed.' : 'The gate failed.',
        text: report.reason
      })
      onClose()
      onDone()
    }
  })
  const list = policies.data ?? []
  const name = chosen ?? list[0]?.name ?? null
  const policy = list.find((each) => each.name === name)
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Run a gate"
      description={`Checks the evidence of ${run.name} against a policy. The result is recorded and cannot be taken back.`}
      onSubmit={() => name && void evaluate.run({ policy: name, run: run.id })}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" loading={evaluate.busy} disabled={name === null}>
            Run the gate
          </Button>
        </>
      }
    >
      {evaluate.error ? <ErrorState compact className="mb-3" error={evaluate.error} /> : null}
      {policies.error ? (
        <ErrorState compact error={policies.error} onRetry={() => void policies.refetch()} />
      ) : policies.isPending ? (
        <Skeleton lines={2} />
      ) : list.length === 0 ? (
        <div className="flex items-center justify-between gap-3">
          <p className="text-muted">There is no policy in this workspace yet.</p>
          <Button onClick={() => navigate('models', ['policies'])}>Open the policies</Button>
        </div>
      ) : (
        <Field label="Policy" hint={policy && `${policy.rules} rules; ${policy.testsPassed} of ${policy.tests} of its own tests pass.`}>
          <Select
            value={name}
            onChange={setChosen}
            choices={list.map((each) => ({ value: each.name, label: each.title, hint: each.name }))}
          />
        </Field>
      )}
    </Dialog>
  )
}
