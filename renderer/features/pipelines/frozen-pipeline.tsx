import { useMemo, useState, type ReactNode } from 'react'
import type { PipelineCheck, PipelineStep, StepTypeInfo } from '../../../main/model/pipeline'
import { CodeEditor, KeyValueList, SplitPane } from '../../ui'
import type { PipelineGraph } from './connection-rules'
import type { Selection } from './editor-store'
import { PipelineCanvas } from './pipeline-canvas'
import { PortShape } from './port-look'
import { StepPanel } from './step-panel'

export interface FrozenPipelineProps {
  check: PipelineCheck
  yaml: string
  types: readonly StepTypeInfo[]
  /** Shown in the inspector while no step is selected. */
  about: ReactNode
  view: 'canvas' | 'yaml'
  /** With the panel of outputs, logs and so on; needs a RunProvider around it. */
  withRun?: boolean
  step?: string
}

/** A version of a pipeline as it is: to look at, with the details of each step, nothing to change. */
export function FrozenPipeline({ check, yaml, types, about, view, withRun, step: initialStep }: FrozenPipelineProps) {
  const [selection, setSelection] = useState<Selection>({ steps: initialStep ? [initialStep] : [], edges: [] })
  const graph = useMemo<PipelineGraph | null>(
    () =>
      check.document && {
        document: check.document,
        ports: new Map(check.ports.map((ports) => [ports.stepId, ports])),
        types: new Map(types.map((type) => [type.type, type]))
      },
    [check, types]
  )
  const stepId = selection.steps.length === 1 ? selection.steps[0] : null
  const step = check.document?.steps.find((each) => each.id === stepId)
  const picture =
    view === 'yaml' || !graph ? (
      <div className="h-full p-2">
        <CodeEditor aria-label="Pipeline as YAML" language="yaml" value={yaml} readOnly />
      </div>
    ) : (
      <PipelineCanvas
        graph={graph}
        problems={check.problems}
        selection={selection}
        onSelect={(next) => setSelection((before) => ({ ...before, ...next }))}
        onOpen={() => document.querySelector<HTMLElement>('aside[aria-label="Inspector"]')?.focus()}
      />
    )
  return (
    <SplitPane
      name="frozen pipeline inspector"
      fixed="second"
      size={320}
      min={260}
      max={720}
      first={
        withRun ? (
          <SplitPane
            name="step panel"
            orientation="column"
            fixed="second"
            size={230}
            min={36}
            max={900}
            first={picture}
            second={<StepPanel stepId={stepId} />}
          />
        ) : (
          picture
        )
      }
      second={
        <aside aria-label="Inspector" data-panel tabIndex={-1} className="flex h-full flex-col bg-surface-0 outline-none">
          <header className="flex min-h-9 shrink-0 items-center border-b px-3">
            <h2 className="truncate font-semibold">{step ? (step.title ?? step.id) : 'About'}</h2>
          </header>
          <div className="min-h-0 flex-1 overflow-auto p-3">{step ? <StepFacts step={step} graph={graph} /> : about}</div>
        </aside>
      }
    />
  )
}

function StepFacts({ step, graph }: { step: PipelineStep; graph: PipelineGraph | null }) {
  const type = graph?.types.get(step.type)
  const inputs = graph?.ports.get(step.id)?.inputs ?? []
  return (
    <div className="flex flex-col gap-3">
      <KeyValueList
        items={[
          { label: 'Id', value: step.id, mono: true },
          { label: 'Type', value: type?.title ?? step.type },
          ...inputs.map((port) => ({
            label: (
              <span className="inline-flex items-center gap-1.5">
                <PortShape types={port.types} /> {port.name}
              </span>
            ),
            value: step.inputs?.[port.name] ?? 'not connected',
            mono: Boolean(step.inputs?.[port.name])
          })),
          step.cache === 'never' && { label: 'Cache', value: 'runs every time' },
          step.retries !== undefined && { label: 'Retries', value: step.retries },
          step.timeout !== undefined && { label: 'Timeout', value: `${step.timeout} s` },
          step.memory !== undefined && { label: 'Memory', value: `${step.memory} MiB` }
        ]}
      />
      {Object.entries(step.parameters ?? {}).map(([key, value]) => (
        <div key={key}>
          <div className="text-caption text-muted">{key}</div>
          <pre className="font-mono text-caption [overflow-wrap:anywhere] whitespace-pre-wrap">
            {typeof value === 'string' ? value : JSON.stringify(value, null, 2)}
          </pre>
        </div>
      ))}
    </div>
  )
}
