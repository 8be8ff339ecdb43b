import type { StepRun } from '../../../main/model/pipeline-run'
import { StateBadge } from '../../evidence'
import { DurationText, VirtualTable, type Column } from '../../ui'
import { useRun } from './run-store'
import { useStepElapsed } from './step-elapsed'

function StepDuration({ step }: { step: StepRun }) {
  const seconds = useStepElapsed(step)
  return <DurationText seconds={step.cached ? null : seconds} />
}

const newsOf = (step: StepRun): string =>
  step.failure?.message ?? step.waitingFor ?? (step.state === 'running' ? step.progress.message : step.reason)

const columns: Column<StepRun>[] = [
  { id: 'title', header: 'Step', value: (row) => row.title, width: 190, grow: true, pinned: true },
  {
    id: 'state',
    header: 'State',
    value: (row) => row.state,
    cell: (row) => <StateBadge state={row.state} cached={row.cached} gate={row.gate} />,
    width: 115
  },
  {
    id: 'duration',
    header: 'Duration',
    value: (row) => row.duration,
    cell: (row) => <StepDuration step={row} />,
    numeric: true,
    width: 85
  },
  {
    id: 'what',
    header: 'What happens or happened',
    value: newsOf,
    cell: (row) => (
      <span title={newsOf(row)} className={row.state === 'failed' ? 'truncate text-error' : 'truncate text-muted'}>
        {newsOf(row)}
      </span>
    ),
    grow: true,
    width: 280
  }
]

/** All steps of the run that is shown, as rows: the same states as on the canvas. */
export function StepsTable({ onStep }: { onStep: (stepId: string) => void }) {
  const order = useRun((state) => state.order)
  const steps = useRun((state) => state.steps)
  return (
    <VirtualTable
      label="Steps of the run"
      name="run-steps"
      columns={columns}
      rows={order.flatMap((id) => steps[id] ?? [])}
      rowKey={(row) => row.stepId}
      onOpen={(row) => onStep(row.stepId)}
      empty={null}
    />
  )
}
