import { ArrowRight, PackageCheck } from 'lucide-react'
import { useState } from 'react'
import { runOfImport } from '../../../../main/model/model-import'
import { runReference } from '../../../../main/model/reference'
import type { RunDetail } from '../../../../main/model/run'
import { taskOfMetrics } from '../../../../main/model/tasks'
import { GateBadge, KeyFigures, RefLink, RegisterDialog } from '../../../evidence'
import { useHostQuery } from '../../../host'
import { Button, ErrorState, formatCount, navigate, Page, PageHeader, Panel, Progress } from '../../../ui'
import { MetricsTable } from '../metrics-table'
import { OriginPanel } from '../origin-panel'
import type { ImportForm } from './form-type'

interface TakenProps {
  taken: NonNullable<ImportForm['taken']>
  onAnother: () => void
  onLeave: () => void
}

/** The run that takes the model in, what it found, and the registration. */
export function TakenModel({ taken: { pipeline, runId }, onAnother, onLeave }: TakenProps) {
  const made = useHostQuery('pipelines.getRun', { runId })
  const isOver = made.data !== undefined && made.data.finishedAt !== null
  const id = isOver ? runOfImport(made.data) : null
  const run = useHostQuery('experiments.run', { id: id ?? '' }, { enabled: id !== null }).data
  const [registering, setRegistering] = useState(false)
  const running = made.data?.steps.find(({ state }) => state === 'running')
  const failed = made.data?.steps.find(({ failure }) => failure)
  return (
    <Page
      scroll
      header={
        <PageHeader
          title={
            isOver
              ? made.data?.state === 'succeeded'
                ? 'The model is taken in'
                : 'The model was not taken in'
              : 'The model is being taken in'
          }
          actions={
            <>
              <Button onClick={() => navigate('pipelines', [pipeline, 'runs', runId])}>Show the pipeline run</Button>
              <Button onClick={onAnother}>Import another</Button>
              <Button onClick={onLeave}>Done</Button>
            </>
          }
          primary={
            made.data?.state === 'succeeded' &&
            run?.status === 'finished' && (
              <Button variant="primary" icon={PackageCheck} onClick={() => setRegistering(true)}>
                Register
              </Button>
            )
          }
        />
      }
    >
      <div className="flex flex-col gap-4 p-4">
        {!isOver && <Progress value={null} label={running ? running.title : 'Starting'} />}
        {failed?.failure && (
          <ErrorState
            compact
            error={failed.failure}
            title={`${failed.title} failed. Nothing was registered`}
            action={
              <Button size="sm" icon={ArrowRight} onClick={onAnother}>
                Choose another file
              </Button>
            }
          />
        )}
        {run && isOver && <Taken run={run} />}
      </div>
      {registering && run && <RegisterDialog run={run} onClose={() => setRegistering(false)} />}
    </Page>
  )
}

function Taken({ run }: { run: RunDetail }) {
  const origin = useHostQuery('experiments.origin', { id: run.id }).data
  const count = Object.keys(run.metrics).length
  return (
    <>
      <p className="flex flex-wrap items-center gap-2">
        The run <RefLink reference={runReference(run.id)} /> keeps it. Nothing is registered yet.
        {run.gate && <GateBadge gate={{ outcome: run.gate, shortfall: run.gateShortfall }} />}
      </p>
      <OriginPanel origin={origin} />
      <Panel title="First test">
        {count === 0 ? (
          <p className="text-muted">It was not tested. Add an evaluate step to the pipeline, or register it and test it on new data.</p>
        ) : (
          <KeyFigures
            metrics={run.metrics}
            primary={taskOfMetrics(run.metrics).primaryMetric}
            label={`All ${formatCount(count, 'metric')}`}
          >
            <MetricsTable metrics={run.metrics} />
          </KeyFigures>
        )}
      </Panel>
    </>
  )
}
