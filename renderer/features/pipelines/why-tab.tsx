import type { Attempt, KeyChange, StepRun } from '../../../main/model/pipeline-run'
import { isSha256 } from '../../../main/model/reference'
import { StateBadge } from '../../evidence'
import {
  DurationText,
  EmptyState,
  HashChip,
  KeyValueList,
  Section,
  shortHash,
  SizeText,
  StatusIcon,
  TimeText,
  VirtualTable,
  type Column
} from '../../ui'
import { RotateCcw } from 'lucide-react'
import { InputSource } from './input-source'

/** Why the step was run again or taken from the cache: what its content key is made of and what in it changed. */
export function WhyTab({ step }: { step: StepRun }) {
  return (
    <div className="flex flex-col gap-4 p-3">
      <p className="flex items-start gap-2" data-selectable>
        <StatusIcon status="info" className="mt-0.5" />
        {step.waitingFor ? `${step.waitingFor}.` : step.reason || 'Nothing is known yet; the reason is written when the step starts.'}
      </p>
      {step.changes.length > 0 && (
        <Section title="What changed since it last succeeded">
          <table className="w-full border-collapse text-caption">
            <thead>
              <tr className="text-left text-muted">
                <th scope="col" className="border-b py-1 pr-3 font-medium">
                  Part
                </th>
                <th scope="col" className="border-b py-1 pr-3 font-medium">
                  Before
                </th>
                <th scope="col" className="border-b py-1 font-medium">
                  Now
                </th>
              </tr>
            </thead>
            <tbody>
              {step.changes.map((change) => (
                <ChangeRow key={change.part} change={change} />
              ))}
            </tbody>
          </table>
        </Section>
      )}
      <KeyValueList
        items={[
          { label: 'Content key', value: step.cacheKey ? <HashChip hash={step.cacheKey} label="Content key" /> : 'not computed yet' },
          ...step.inputs.map((input) => ({
            label: `Input ${input.port}`,
            value: <InputSource input={input} />
          })),
          ...environmentItems(step)
        ]}
      />
    </div>
  )
}

/** What the program of a script found to work with. */
function environmentItems({ environment }: StepRun) {
  if (!environment) return []
  const { interpreter, virtual, packages, unchecked, sha256 } = environment
  const kind = { python: 'Python', r: 'R', node: 'Node', other: '' }[interpreter.kind]
  return [
    { label: 'Program', value: [kind, interpreter.version, interpreter.path ?? 'not on this computer'].filter(Boolean).join(' ') },
    ...(virtual ? [{ label: 'pyvenv.cfg', value: virtual.path }] : []),
    { label: 'Packages', value: unchecked.length ? `${packages}; not checked: ${unchecked.join('; ')}` : String(packages) },
    { label: 'Environment', value: <HashChip hash={sha256} label="Environment" /> }
  ]
}

function ChangeRow({ change }: { change: KeyChange }) {
  return (
    <tr className="align-top">
      <th scope="row" className="border-b py-1 pr-3 text-left font-mono font-normal">
        {change.part}
      </th>
      {change.detail ? (
        <td colSpan={2} className="border-b py-1 [overflow-wrap:anywhere]">
          {change.detail}
        </td>
      ) : (
        <>
          <td className="border-b py-1 pr-3 font-mono [overflow-wrap:anywhere] text-muted">{shorten(change.before)}</td>
          <td className="border-b py-1 font-mono [overflow-wrap:anywhere]">{shorten(change.after)}</td>
        </>
      )}
    </tr>
  )
}
const shorten = (value: string | null): string =>
  value === null
    ? '\u2013'
    : isSha256(value.replace(/^sha256:/, ''))
      ? shortHash(value)
      : value.length > 400
        ? `${value.slice(0, 400)}\u2026`
        : value

const columns: Column<Attempt>[] = [
  { id: 'number', header: 'Attempt', value: (row) => row.number, numeric: true, width: 80 },
  { id: 'outcome', header: 'Outcome', value: (row) => row.outcome, cell: (row) => <StateBadge state={row.outcome} />, width: 130 },
  { id: 'started', header: 'Started', value: (row) => row.startedAt, cell: (row) => <TimeText value={row.startedAt} />, width: 170 },
  {
    id: 'duration',
    header: 'Duration',
    value: (row) => row.duration,
    cell: (row) => <DurationText seconds={row.duration} />,
    numeric: true,
    width: 100
  },
  {
    id: 'memory',
    header: 'Peak memory',
    value: (row) => row.peakMemory,
    cell: (row) => <SizeText bytes={row.peakMemory} />,
    numeric: true,
    width: 120
  },
  { id: 'confinement', header: 'Confined', value: (row) => row.confinement ?? '', width: 220 },
  { id: 'exit', header: 'Exit code', value: (row) => row.exitCode, numeric: true, width: 90 },
  {
    id: 'failure',
    header: 'Failure',
    value: (row) => row.failure?.message,
    cell: (row) => (row.failure ? <span title={row.failure.message}>{row.failure.message}</span> : null),
    grow: true,
    width: 240
  }
]

export function AttemptsTab({ step }: { step: StepRun }) {
  return (
    <VirtualTable
      label={`Attempts of ${step.stepId}`}
      name="step-attempts"
      columns={columns}
      rows={step.attempts}
      rowKey={(row) => String(row.number)}
      empty={
        <EmptyState
          icon={RotateCcw}
          title="No attempt"
          text={step.cached ? 'The result of an earlier run was taken, so nothing was run.' : 'The step has not been started in this run.'}
        />
      }
    />
  )
}
