import { useState } from 'react'
import type { Evaluation } from '../../../main/model/evaluation'
import type { RunDetail } from '../../../main/model/run'
import { taskOfMetrics } from '../../../main/model/tasks'
import {
  ApplyPolicyDialog,
  GlassBoxTab,
  glassBoxTitle,
  hasSettled,
  RefLink,
  RegisterDialog,
  SettledTab,
  settledTitle,
  usePrimaryMetric,
  WhyTab
} from '../../evidence'
import { useHostQuery } from '../../host'
import {
  Button,
  DurationText,
  ErrorState,
  HashChip,
  navigate,
  Page,
  PageHeader,
  PendingPage,
  Tabs,
  TimeText,
  useLocation,
  type TabItem
} from '../../ui'
import { estimateSentence, foldsSentence } from './evaluation-sentence'
import { RunEvaluation } from './run-evaluation'
import { RunFolds } from './run-folds'
import { RunArtifacts, RunCode, RunData, RunEnvironment, RunParameters } from './run-facts'
import { RunGates } from './run-gates'
import { BackToRuns, RunHeader } from './run-header'
import { RunNotes } from './run-notes'
import { RunTraining } from './run-training'
import { useRunActions, type RunTab } from './use-run-actions'

/** One run with everything that is known about it. */
export function RunPage({ id }: { id: string }) {
  const run = useHostQuery('experiments.run', { id })
  if (run.data) return <LoadedRun run={run.data} />
  return (
    <PendingPage
      header={<PageHeader title="Run" back={<BackToRuns />} />}
      query={run}
      action={<Button onClick={() => navigate('experiments')}>Show all runs</Button>}
    />
  )
}

function LoadedRun({ run }: { run: RunDetail }) {
  const { query } = useLocation()
  const [dialog, setDialog] = useState<'register' | 'gate' | null>(null)
  const evaluation = useHostQuery('experiments.evaluation', { id: run.id })
  const primary = usePrimaryMetric(run.experiment) ?? taskOfMetrics(run.metrics).primaryMetric
  const show = (next: RunTab) => navigate('experiments', ['runs', run.id], { tab: next }, { replace: true })
  const actions = useRunActions(run, { show, ask: setDialog })
  const glassBox = glassBoxTitle(run.algorithm)
  const hasFolds = run.artifacts.some(({ kind }) => kind === 'cross-validation')
  // A run of folds alone has no evaluation to begin with.
  const first: RunTab = hasFolds && !actions.hasModel ? 'folds' : 'evaluation'
  const items: TabItem<RunTab>[] = [
    { value: 'evaluation', label: 'Evaluation', content: <RunEvaluation run={run} primary={primary} query={evaluation} /> },
    { value: 'training', label: 'Training', content: <RunTraining run={run} /> },
    ...(hasSettled(run.artifacts) ? [{ value: 'settled' as const, label: settledTitle, content: <SettledTab run={run.id} /> }] : []),
    ...(hasFolds ? [{ value: 'folds' as const, label: 'Cross-validation', content: <RunFolds run={run.id} /> }] : []),
    ...(glassBox === null ? [] : [{ value: 'model' as const, label: glassBox, content: <GlassBoxTab run={run.id} /> }]),
    { value: 'why', label: 'Why', content: <WhyTab run={run.id} model={{ run: run.id }} hasModel={actions.hasModel} /> },
    { value: 'parameters', label: 'Parameters', mark: Object.keys(run.parameters).length, content: <RunParameters run={run} /> },
    { value: 'data', label: 'Data', mark: run.inputs.length, content: <RunData run={run} /> },
    { value: 'code', label: 'Code', content: <RunCode run={run} /> },
    { value: 'environment', label: 'Environment', content: <RunEnvironment run={run} /> },
    { value: 'artifacts', label: 'Artifacts', mark: run.artifacts.length, content: <RunArtifacts run={run} /> },
    { value: 'gates', label: 'Gates', content: <RunGates run={run.id} onRun={() => setDialog('gate')} /> },
    { value: 'notes', label: 'Notes', mark: Object.keys(run.tags).length || undefined, content: <RunNotes run={run} /> }
  ]
  return (
    <Page header={<RunHeader run={run} actions={actions} onAsk={setDialog} />}>
      <RunSummaryLine run={run} primary={primary} evaluation={evaluation} />
      {run.error !== null && <ErrorState compact className="mx-4 mb-2" error={new Error(run.error)} title="The run did not finish" />}
      <Tabs
        aria-label="Parts of the run"
        className="flex-1"
        items={items}
        value={items.find(({ value }) => value === query['tab'])?.value ?? first}
        onChange={show}
      />
      {dialog === 'register' && <RegisterDialog run={run} onClose={() => setDialog(null)} />}
      {dialog === 'gate' && <ApplyPolicyDialog run={run} onClose={() => setDialog(null)} onDone={() => show('gates')} />}
    </Page>
  )
}

interface RunSummaryLineProps {
  run: RunDetail
  primary: string
  evaluation: { data?: Evaluation | null; isPending: boolean }
}

/** The estimate that matters, and where the run comes from. */
function RunSummaryLine({ run, primary, evaluation }: RunSummaryLineProps) {
  const judged = evaluation.data
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2" data-testid="run-summary">
      <p className="font-medium" data-selectable>
        {judged
          ? estimateSentence(judged, primary)
          : evaluation.isPending
            ? ' '
            : (foldsSentence(run) ?? 'This run has no evaluation yet.')}
      </p>
      <span className="flex items-center gap-3 text-caption text-muted">
        <HashChip hash={run.id} label="Run" />
        <span>{run.algorithm}</span>
        <TimeText value={run.startedAt} />
        <DurationText seconds={run.duration} />
        <span>by {run.createdBy}</span>
        {run.pipeline && <RefLink reference={run.pipeline.includes(':') ? run.pipeline : `pipeline:${run.pipeline}`} />}
      </span>
    </div>
  )
}
