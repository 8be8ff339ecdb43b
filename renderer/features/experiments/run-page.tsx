import { usualTask } from '../../../main/model/tasks'
import { ArrowLeft, BadgeCheck, FlaskConical, GitCompareArrows, Pin, PinOff, RotateCcw, ShieldCheck, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { RunDetail } from '../../../main/model/run'
import { ApplyPolicyDialog, RefLink } from '../../evidence'
import { useHostCommand, useHostQuery } from '../../host'
import {
  Badge,
  Button,
  DurationText,
  EmptyState,
  ErrorState,
  HashChip,
  IconButton,
  KeyHint,
  navigate,
  Page,
  PageHeader,
  showToast,
  Skeleton,
  Tabs,
  TimeText,
  useActions,
  useLocation,
  type TabItem
} from '../../ui'
import { openComparison } from './addresses'
import { estimateSentence } from './evaluation-sentence'
import { RegisterDialog } from './register-dialog'
import { GateBadge, RunStatusBadge } from './run-badges'
import { RunEvaluation } from './run-evaluation'
import { RunArtifacts, RunCode, RunData, RunEnvironment, RunParameters } from './run-facts'
import { RunGates } from './run-gates'
import { RunNotes } from './run-notes'
import { RunTraining } from './run-training'
import { useBaseline } from './use-runs'
import { chooseBaseline, useRunsView } from './view-store'

const tabs = ['evaluation', 'training', 'parameters', 'data', 'code', 'environment', 'artifacts', 'gates', 'notes'] as const
type RunTab = (typeof tabs)[number]

/** One run with everything that is known about it. */
export function RunPage({ id }: { id: string }) {
  const run = useHostQuery('experiments.run', { id })
  if (run.error && !run.data)
    return (
      <Page header={<PageHeader title="Run" back={<Back />} />}>
        <ErrorState
          error={run.error}
          onRetry={() => void run.refetch()}
          action={<Button onClick={() => navigate('experiments')}>Show all runs</Button>}
        />
      </Page>
    )
  if (!run.data)
    return (
      <Page header={<PageHeader title="Run" back={<Back />} />}>
        <Skeleton lines={8} />
      </Page>
    )
  return <LoadedRun run={run.data} />
}

const Back = () => <IconButton icon={ArrowLeft} label="Back to the runs" onClick={() => navigate('experiments')} />

function LoadedRun({ run }: { run: RunDetail }) {
  const { query } = useLocation()
  const tab = tabs.find((known) => known === query['tab']) ?? 'evaluation'
  const [dialog, setDialog] = useState<'register' | 'gate' | null>(null)
  const experiments = useHostQuery('experiments.list', {})
  const evaluation = useHostQuery('experiments.evaluation', { id: run.id })
  const baseline = useBaseline()
  const pinned = useRunsView((view) => view.baseline) === run.id
  const hasModel = run.artifacts.some((artifact) => artifact.kind === 'model')
  const comparable = baseline !== null && baseline.id !== run.id
  const restore = useHostCommand('experiments.restore', { success: 'The run was restored.' })
  const trash = useHostCommand('experiments.trash', {
    onSuccess: (_output, { ids }) =>
      showToast({ status: 'ok', title: 'The run was moved to the trash.', action: { label: 'Undo', run: () => void restore.run({ ids }) } })
  })
  const show = (next: RunTab) => navigate('experiments', ['runs', run.id], { tab: next }, { replace: true })
  const compare = () => baseline && openComparison([baseline.id, run.id])
  const togglePin = () => chooseBaseline(pinned ? null : run.id)
  const toggleTrash = () => void (run.trashedAt ? restore : trash).run({ ids: [run.id] })
  const group = 'Run'
  useActions([
    {
      id: 'run.register',
      title: 'Register as model',
      group,
      icon: BadgeCheck,
      isAvailable: () => hasModel,
      run: () => setDialog('register')
    },
    { id: 'run.gate', title: 'Run a gate over this run', group, icon: ShieldCheck, keys: 'G', run: () => setDialog('gate') },
    {
      id: 'run.compare',
      title: 'Compare with the baseline',
      group,
      icon: GitCompareArrows,
      keys: 'X',
      isAvailable: () => comparable,
      run: () => void compare()
    },
    { id: 'run.pin', title: pinned ? 'Unpin the baseline' : 'Pin this run as baseline', group, icon: Pin, keys: 'B', run: togglePin },
    {
      id: 'run.trash',
      title: run.trashedAt ? 'Restore this run' : 'Move this run to the trash',
      group,
      icon: Trash2,
      keys: 'Delete',
      run: toggleTrash
    },
    { id: 'run.back', title: 'Back to the runs', group, icon: ArrowLeft, run: () => navigate('experiments') },
    ...tabs.map((name) => ({ id: `run.tab.${name}`, title: `Show ${name} of the run`, group, run: () => show(name) }))
  ])
  const primary = experiments.data?.find((each) => each.name === run.experiment)?.primaryMetric ?? usualTask.primaryMetric
  const judged = evaluation.data
  const items: TabItem<RunTab>[] = [
    { value: 'evaluation', label: 'Evaluation', content: <RunEvaluation run={run} query={evaluation} /> },
    { value: 'training', label: 'Training', content: <RunTraining run={run} /> },
    { value: 'parameters', label: 'Parameters', mark: Object.keys(run.parameters).length, content: <RunParameters run={run} /> },
    { value: 'data', label: 'Data', mark: run.inputs.length, content: <RunData run={run} /> },
    { value: 'code', label: 'Code', content: <RunCode run={run} /> },
    { value: 'environment', label: 'Environment', content: <RunEnvironment run={run} /> },
    { value: 'artifacts', label: 'Artifacts', mark: run.artifacts.length, content: <RunArtifacts run={run} /> },
    { value: 'gates', label: 'Gates', content: <RunGates run={run.id} onRun={() => setDialog('gate')} /> },
    { value: 'notes', label: 'Notes', mark: Object.keys(run.tags).length || undefined, content: <RunNotes run={run} /> }
  ]
  return (
    <Page
      header={
        <PageHeader
          back={<Back />}
          title={run.name}
          status={
            <>
              <RunStatusBadge status={run.status} error={run.error} />
              {run.gate !== null && (
                <span className="flex items-center gap-1 text-caption">
                  gate <GateBadge gate={run.gate} />
                </span>
              )}
              {run.registered.map((version) => (
                <RefLink key={version} reference={`model:${version}`} />
              ))}
              {run.trashedAt !== null && (
                <Badge status="warn" icon={Trash2}>
                  in the trash
                </Badge>
              )}
            </>
          }
          actions={
            <>
              <IconButton
                icon={pinned ? PinOff : Pin}
                label={pinned ? 'Unpin the baseline' : 'Pin as baseline'}
                hint={<KeyHint keys="B" />}
                pressed={pinned}
                onClick={togglePin}
              />
              <IconButton
                icon={run.trashedAt ? RotateCcw : Trash2}
                label={run.trashedAt ? 'Restore the run' : 'Move to trash'}
                hint={<KeyHint keys="Delete" />}
                onClick={toggleTrash}
              />
              <Button icon={GitCompareArrows} disabled={!comparable} onClick={() => void compare()}>
                Compare with baseline
              </Button>
              <Button icon={ShieldCheck} onClick={() => setDialog('gate')}>
                Run gate
              </Button>
            </>
          }
          primary={
            <Button variant="primary" icon={BadgeCheck} disabled={!hasModel} onClick={() => setDialog('register')}>
              Register as model
            </Button>
          }
        />
      }
    >
      <div className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2" data-testid="run-summary">
        <p className="font-medium" data-selectable>
          {judged ? estimateSentence(judged, primary) : evaluation.isPending ? ' ' : 'This run has no evaluation yet.'}
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
      {run.error !== null && <ErrorState compact className="mx-4 mb-2" error={new Error(run.error)} title="The run did not finish" />}
      <Tabs aria-label="Parts of the run" className="flex-1" items={items} value={tab} onChange={show} />
      {dialog === 'register' && <RegisterDialog run={run} onClose={() => setDialog(null)} />}
      {dialog === 'gate' && <ApplyPolicyDialog run={run} onClose={() => setDialog(null)} onDone={() => show('gates')} />}
    </Page>
  )
}

/** Shown by the tabs of a run that did not get that far. */
export function NotReached({ title, text }: { title: string; text: string }) {
  return (
    <EmptyState
      icon={FlaskConical}
      title={title}
      text={text}
      action={<Button onClick={() => navigate('pipelines')}>Open the pipelines</Button>}
    />
  )
}
