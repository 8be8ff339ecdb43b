import { ArrowLeft, RefreshCw } from 'lucide-react'
import { useState } from 'react'
import type { PipelineRun } from '../../../main/model/pipeline-run'
import { RunId, runReference } from '../../../main/model/reference'
import { RefLink, StateBadge, unlessPassed } from '../../evidence'
import { useHostCommand, useHostQuery } from '../../host'
import {
  Button,
  DurationText,
  ErrorState,
  formatCount,
  HashChip,
  IconButton,
  KeyValueList,
  Link,
  navigate,
  Page,
  PageHeader,
  Progress,
  Skeleton,
  TimeText,
  useElapsed
} from '../../ui'
import { CancelRunButton } from './cancel-run-button'
import { FrozenPipeline } from './frozen-pipeline'
import { RunFollower } from './run-follower'
import { RunResult } from './run-result'
import { createRunStore, RunProvider, useRun } from './run-store'
import { ViewSelect } from './version-page'

export interface RunPageProps {
  name: string
  runId: string
  step?: string
  view: 'canvas' | 'yaml'
}

/** One run: the version that was frozen, how each step went, and what it made. */
export function RunPage(props: RunPageProps) {
  const [store] = useState(createRunStore)
  return (
    <RunProvider value={store}>
      <RunFollower key={props.runId} runId={props.runId} store={store} />
      <RunBody {...props} />
    </RunProvider>
  )
}

function RunBody({ name, runId, step, view }: RunPageProps) {
  const summary = useHostQuery('pipelines.getRun', { runId })
  const version = summary.data?.version
  const pipeline = summary.data?.pipeline ?? name
  const frozen = useHostQuery('pipelines.get', { name: pipeline, version: version ?? '' }, { enabled: version !== undefined })
  const newest = useHostQuery('pipelines.get', { name: pipeline }, { enabled: version !== undefined })
  const types = useHostQuery('pipelines.stepTypes', {})
  const live = useRun((state) => state.run)
  const run = live ?? summary.data
  const isRunning = run?.state === 'running' || run?.state === 'queued'
  const isNewest = version !== undefined && newest.data?.version === version
  const again = useHostCommand('pipelines.run', { onSuccess: (output) => navigate('pipelines', [pipeline, 'runs', output.runId]) })
  const error = summary.error ?? frozen.error ?? types.error
  return (
    <Page
      header={
        <PageHeader
          back={<IconButton icon={ArrowLeft} label="All runs of this pipeline" onClick={() => navigate('pipelines', [pipeline, 'runs'])} />}
          title={run?.title ?? 'Run'}
          status={
            run && (
              <>
                <StateBadge state={run.state} gate={unlessPassed(run.gate)} />
                <HashChip hash={run.id} label="Run" />
              </>
            )
          }
          actions={
            <>
              <ViewSelect name={name} path={['runs', runId]} view={view} views={['canvas', 'yaml']} />
              {newest.data?.automatic === false && (
                <Button onClick={() => navigate('pipelines', [pipeline], { step: step ?? null })}>Open the editor</Button>
              )}
            </>
          }
          primary={
            isRunning ? (
              <CancelRunButton runId={runId} />
            ) : (
              run &&
              isNewest && (
                <Button
                  variant="primary"
                  icon={RefreshCw}
                  loading={again.busy}
                  onClick={() => void again.run({ name: pipeline, parameters: run.parameters, targetStep: run.targetStep ?? undefined })}
                >
                  Run it again
                </Button>
              )
            )
          }
        />
      }
    >
      {error ? (
        <ErrorState error={error} title="This run cannot be shown" onRetry={() => void summary.refetch()} />
      ) : !frozen.data || !types.data || !run ? (
        <Skeleton lines={8} />
      ) : (
        <>
          {run.failure && <ErrorState compact className="m-2" error={run.failure} title="The run failed" />}
          {isRunning && <RunProgress />}
          {run.state === 'succeeded' && <RunResult runId={runId} />}
          <div className="min-h-0 flex-1">
            <FrozenPipeline
              check={frozen.data.check}
              yaml={frozen.data.yaml}
              types={types.data}
              view={view}
              withRun
              step={step}
              about={<RunFacts pipeline={pipeline} />}
            />
          </div>
        </>
      )}
    </Page>
  )
}

function RunProgress() {
  const counts = useRun((state) => {
    const steps = Object.values(state.steps)
    const done = steps.reduce(
      (sum, step) => sum + (['waiting', 'queued'].includes(step.state) ? 0 : step.state === 'running' ? (step.progress.fraction ?? 0) : 1),
      0
    )
    return steps.length ? done / steps.length : null
  })
  const running = useRun((state) =>
    state.order
      .filter((id) => state.steps[id]?.state === 'running')
      .map((id) => state.steps[id]?.title ?? id)
      .join(', ')
  )
  return <Progress className="px-4 py-1.5" value={counts} label={running ? `Running: ${running}` : 'Waiting for a slot'} />
}

function RunFacts({ pipeline }: { pipeline: string }) {
  const run = useRun((state) => state.run)
  const elapsed = useElapsed(run?.startedAt ?? null, run?.finishedAt ?? null)
  if (!run) return <Skeleton lines={4} />
  const parameters = Object.entries(run.parameters)
  return (
    <div className="flex flex-col gap-3">
      <p className="text-muted">Select a step to see what it was, why it was run, and what it made.</p>
      <KeyValueList
        items={[
          {
            label: 'Pipeline',
            value: (
              <Link area="pipelines" path={[pipeline]}>
                {pipeline}
              </Link>
            )
          },
          {
            label: 'Frozen version',
            value: (
              <span className="inline-flex items-center gap-2">
                <HashChip hash={run.version} label="Version" />
                <Link area="pipelines" path={[pipeline, run.version]}>
                  Show
                </Link>
              </span>
            )
          },
          { label: 'Asked for', value: <TimeText value={run.createdAt} /> },
          { label: 'Started', value: <TimeText value={run.startedAt} /> },
          { label: 'Finished', value: <TimeText value={run.finishedAt} /> },
          { label: 'Duration', value: <DurationText seconds={elapsed} /> },
          run.targetStep !== null && { label: 'Run to', value: run.targetStep, mono: true },
          { label: 'From the cache', value: formatCount(run.cachedSteps, 'step') },
          ...parameters.map(([key, value]) => ({
            label: <code className="font-mono">{key}</code>,
            value: <ParameterValue value={value} />,
            mono: true
          }))
        ]}
      />
    </div>
  )
}

/** A value as it was given; the id of a run leads to it. */
function ParameterValue({ value }: { value: PipelineRun['parameters'][string] }) {
  const run = RunId.safeParse(value)
  return run.success ? <RefLink reference={runReference(run.data)} /> : String(value)
}
