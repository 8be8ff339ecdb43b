import { useState } from 'react'
import type { PipelineRunId } from '../../main/model/reference'
import { isSettled } from '../../main/model/pipeline-run'
import { useHostCommand, useHostQuery } from '../host'
import { Button, Dialog, ErrorState, Skeleton, TimeText } from '../ui'
import { Bar } from './host-notice'

/** Says that the workspace is not trusted here, shows what would run in it, and asks for trust. */
export function RestrictedNotice({ directory }: { directory: string }) {
  const [shown, setShown] = useState(false)
  return (
    <Bar status="warn">
      <span className="flex-1">
        This workspace is restricted: nothing in it runs or goes on, because you have not trusted it on this machine. Reading, exporting and
        reviewing work.
      </span>
      <Button size="sm" onClick={() => setShown(true)}>
        Show what would run
      </Button>
      {shown && <TrustDialog directory={directory} onClose={() => setShown(false)} />}
    </Bar>
  )
}

function TrustDialog({ directory, onClose }: { directory: string; onClose: () => void }) {
  const unfinished = useHostQuery('pipelines.runs', { states: ['queued', 'running'] })
  const trust = useHostCommand('workspace.setTrust', { success: 'The workspace is trusted.', onSuccess: onClose })
  return (
    <Dialog
      open
      size="lg"
      onOpenChange={(open) => open || onClose()}
      title="Trust this workspace?"
      description={
        <>
          The pipelines in <span className="font-mono">{directory}</span> may then run programs with your rights, and what is unfinished
          goes on at once. Trust it only when you know where it comes from. It holds for this folder and for you; a copy is asked anew.
        </>
      }
      footer={
        <>
          <Button onClick={onClose}>Keep it restricted</Button>
          <Button variant="primary" loading={trust.busy} onClick={() => void trust.run({ directory: 'workspace:', trusted: true })}>
            Trust this workspace
          </Button>
        </>
      }
    >
      {unfinished.isError ? (
        <ErrorState error={unfinished.error} onRetry={() => void unfinished.refetch()} />
      ) : !unfinished.data ? (
        <Skeleton lines={3} />
      ) : unfinished.data.total === 0 ? (
        <p>No run is unfinished, so nothing would start by itself.</p>
      ) : (
        <ul className="flex flex-col gap-3">
          {unfinished.data.runs.map(({ id }) => (
            <UnfinishedRun key={id} runId={id} />
          ))}
        </ul>
      )}
    </Dialog>
  )
}

/** A run that would go on, with what its open steps would do. */
function UnfinishedRun({ runId }: { runId: PipelineRunId }) {
  const run = useHostQuery('pipelines.getRun', { runId })
  const cancel = useHostCommand('pipelines.cancel', { success: 'The run was cancelled.' })
  if (run.isError) return <ErrorState error={run.error} onRetry={() => void run.refetch()} />
  if (!run.data) return <Skeleton lines={2} />
  const { title, createdAt, steps, document } = run.data
  const open = new Set(steps.filter(({ state }) => !isSettled(state)).map(({ stepId }) => stepId))
  return (
    <li className="rounded-md border p-3">
      <div className="flex items-center gap-2">
        <span className="flex-1 font-semibold">{title}</span>
        <span className="text-muted">
          started <TimeText value={createdAt} />
        </span>
        <Button size="sm" loading={cancel.busy} onClick={() => void cancel.run({ runId })}>
          Cancel this run
        </Button>
      </div>
      <ul className="mt-2 flex flex-col gap-1">
        {document.steps
          .filter(({ id }) => open.has(id))
          .map(({ id, type, parameters }) => (
            <li key={id}>
              {id} ({type})
              <pre
                tabIndex={0}
                role="region"
                aria-label={`Parameters of ${id}`}
                className="max-h-40 overflow-auto rounded-sm bg-surface-2 p-2 font-mono text-caption whitespace-pre-wrap"
              >
                {JSON.stringify(parameters, null, 2)}
              </pre>
            </li>
          ))}
      </ul>
    </li>
  )
}
