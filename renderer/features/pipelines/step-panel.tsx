import { ChevronDown, ChevronUp, CircleCheck, Play } from 'lucide-react'
import type { ReactNode } from 'react'
import type { PipelineProblem } from '../../../main/model/pipeline'
import type { StepRun } from '../../../main/model/pipeline-run'
import { EmptyState, IconButton, StatusIcon, Tabs, useRememberedChoice, type TabItem } from '../../ui'
import { MetricsTab } from './metrics-tab'
import type { Foldable } from './use-folds'
import { OutputTab } from './output-tab'
import { useRun, useStepRun } from './run-store'
import { StepLog } from './step-log'
import { StepProgress } from './step-progress'
import { StepsTable } from './steps-table'
import { AttemptsTab, WhyTab } from './why-tab'

const tabs = ['problems', 'output', 'log', 'metrics', 'why', 'attempts'] as const
export type PanelTab = (typeof tabs)[number]

export interface StepPanelProps extends Foldable {
  stepId: string | null
  onStep: (stepId: string) => void
  /** Without it there is no tab of problems (a run is frozen and has none). */
  problems?: readonly PipelineProblem[]
  onProblem?: (problem: PipelineProblem) => void
  /** Offered while nothing was run yet. */
  runAction?: ReactNode
  tab?: PanelTab
  onTab?: (tab: PanelTab) => void
}

/** Below the canvas: problems of the draft, and what the selected step did in the run that is shown. */
export function StepPanel({ stepId, onStep, problems, onProblem, runAction, tab, onTab, folded, onFold }: StepPanelProps) {
  const [remembered, remember] = useRememberedChoice('pipeline.panel', tabs, 'output')
  const chosen = tab ?? remembered
  const value = chosen === 'problems' && !problems ? 'output' : chosen
  const of = { stepId, onStep, runAction }
  const items: TabItem<PanelTab>[] = [
    ...(problems
      ? [
          {
            value: 'problems' as const,
            label: 'Problems',
            mark: problems.length || undefined,
            content: <ProblemList problems={problems} onProblem={onProblem} />
          }
        ]
      : []),
    { value: 'output', label: 'Output', content: <OfStep {...of} show="output" /> },
    { value: 'log', label: 'Log', content: <OfStep {...of} show="log" /> },
    { value: 'metrics', label: 'Metrics', content: <OfStep {...of} show="metrics" /> },
    { value: 'why', label: 'Why', content: <OfStep {...of} show="why" /> },
    { value: 'attempts', label: 'Attempts', content: <OfStep {...of} show="attempts" /> }
  ]
  return (
    <section
      aria-label="Step panel"
      data-panel
      tabIndex={-1}
      className="relative h-full bg-surface-1 outline-none"
      onClick={(event) => {
        if (folded && (event.target as HTMLElement).closest('[role="tab"]')) onFold(false)
      }}
    >
      <Tabs
        aria-label="About the step"
        className="h-full pr-9 [&>[role=tabpanel]]:-mr-9"
        value={value}
        onChange={(next) => {
          remember(next)
          onTab?.(next)
        }}
        items={folded ? items.map((item) => ({ ...item, content: null })) : items}
      />
      <div className="absolute top-0 right-0 flex h-8 w-9 items-center justify-center border-b bg-surface-1">
        <IconButton
          size="sm"
          icon={folded ? ChevronUp : ChevronDown}
          label={folded ? 'Show the step panel' : 'Fold the step panel'}
          onClick={() => onFold(!folded)}
        />
      </div>
    </section>
  )
}

function ProblemList({ problems, onProblem }: { problems: readonly PipelineProblem[]; onProblem?: (problem: PipelineProblem) => void }) {
  if (problems.length === 0) return <EmptyState icon={CircleCheck} title="No problems" text="The pipeline can run as it is." />
  return (
    <ul aria-label="Problems" className="py-1">
      {problems.map((problem, index) => (
        <li key={index}>
          <button
            type="button"
            onClick={() => onProblem?.(problem)}
            className="control-focus flex w-full items-start gap-2 px-3 py-1 text-left hover:bg-surface-2"
          >
            <StatusIcon status={problem.severity === 'error' ? 'error' : 'warn'} className="mt-0.75" />
            <span className="sr-only">{problem.severity === 'error' ? 'Error: ' : 'Warning: '}</span>
            <span className="min-w-0 flex-1">{problem.message}</span>
            <span className="shrink-0 font-mono text-caption text-muted">
              {problem.stepId ?? ''}
              {problem.line ? `  line ${problem.line}${problem.column ? `, column ${problem.column}` : ''}` : ''}
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}

interface OfStepProps {
  stepId: string | null
  onStep: (stepId: string) => void
  runAction: ReactNode
  show: Exclude<PanelTab, 'problems'>
}

function OfStep({ stepId, onStep, runAction, show }: OfStepProps) {
  const runId = useRun((state) => state.run?.id ?? null)
  const step = useStepRun(stepId)
  if (runId === null)
    return (
      <EmptyState
        icon={Play}
        title="Not run yet"
        text="What each step made, its log and its figures appear here with the first run."
        action={runAction}
      />
    )
  if (stepId === null) return <StepsTable onStep={onStep} />
  if (!step)
    return (
      <EmptyState
        icon={Play}
        title="Not part of this run"
        text={`The step "${stepId}" was not in the pipeline when it was run, or was not needed.`}
        action={runAction}
      />
    )
  return (
    <div className="flex h-full flex-col">
      {step.state === 'running' && <StepProgress step={step} />}
      <div className="min-h-0 flex-1 overflow-auto">
        <StepTab runId={runId} step={step} show={show} />
      </div>
    </div>
  )
}

function StepTab({ runId, step, show }: { runId: string; step: StepRun; show: Exclude<PanelTab, 'problems'> }) {
  switch (show) {
    case 'output':
      return <OutputTab runId={runId} step={step} />
    case 'log':
      return (
        <StepLog
          key={`${runId}/${step.stepId}/${step.attempts.length}`}
          runId={runId}
          stepId={step.stepId}
          hasAttempt={step.attempts.length > 0}
          cached={step.cached}
        />
      )
    case 'metrics':
      return <MetricsTab runId={runId} step={step} />
    case 'why':
      return <WhyTab step={step} />
    case 'attempts':
      return <AttemptsTab step={step} />
  }
}
