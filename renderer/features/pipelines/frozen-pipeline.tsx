import { useCallback, useMemo, useRef, useState, type ReactNode } from 'react'
import type { PipelineCheck, PipelineStep, StepTypeInfo } from '../../../main/model/pipeline'
import { CodeEditor, KeyValueList } from '../../ui'
import type { CanvasHandle } from './canvas-props'
import type { PipelineGraph } from './connection-rules'
import type { Selection } from './editor-state'
import { PipelineCanvas } from './pipeline-canvas'
import { InputSource } from './input-source'
import { focusInspector, PipelineLayout, type PipelineLayoutHandle } from './pipeline-layout'
import { PortShape } from './port-look'
import { useStepRun } from './run-store'
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
  const canvas = useRef<CanvasHandle | null>(null)
  const layout = useRef<PipelineLayoutHandle>(null)
  const graph = useMemo<PipelineGraph | null>(
    () =>
      check.document && {
        document: check.document,
        ports: new Map(check.ports.map((ports) => [ports.stepId, ports])),
        types: new Map(types.map((type) => [type.type, type]))
      },
    [check, types]
  )
  const select = useCallback((next: Partial<Selection>) => setSelection((before) => ({ ...before, ...next })), [])
  const stepId = selection.steps.length === 1 ? selection.steps[0] : null
  const step = check.document?.steps.find((each) => each.id === stepId)
  return (
    <PipelineLayout
      handle={layout}
      main={
        view === 'yaml' || !graph ? (
          <div className="h-full p-2">
            <CodeEditor aria-label="Pipeline as YAML" language="yaml" value={yaml} readOnly />
          </div>
        ) : (
          <PipelineCanvas
            graph={graph}
            problems={check.problems}
            selection={selection}
            onSelect={select}
            handle={canvas}
            onOpen={() => {
              layout.current?.openInspector()
              focusInspector()
            }}
          />
        )
      }
      panel={
        withRun
          ? (fold) => (
              <StepPanel
                {...fold}
                stepId={stepId}
                onStep={(id) => {
                  select({ steps: [id], edges: [] })
                  canvas.current?.focus(id)
                }}
              />
            )
          : undefined
      }
      inspectorTitle={step ? (step.title ?? step.id) : 'About'}
      inspector={step ? <StepFacts step={step} graph={graph} /> : about}
    />
  )
}

function StepFacts({ step, graph }: { step: PipelineStep; graph: PipelineGraph | null }) {
  const type = graph?.types.get(step.type)
  const inputs = graph?.ports.get(step.id)?.inputs ?? []
  const inRun = useStepRun(step.id)
  const given = (port: string) => {
    const input = inRun?.inputs.find((each) => each.port === port)
    return input && <InputSource input={input} />
  }
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
            value: step.inputs?.[port.name] ?? given(port.name) ?? 'not connected',
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
          <ParameterText value={value} />
        </div>
      ))}
    </div>
  )
}

/** A parameter as it reads best: text as text, files by their names, a list a line each, anything else as JSON. */
function ParameterText({ value }: { value: unknown }) {
  const isText = (each: unknown) => typeof each === 'string'
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isText))
    return Object.entries(value).map(([name, text]) => (
      <div key={name} className="mt-1 rounded-sm border">
        <div className="border-b px-1.5 font-mono text-caption text-muted">{name}</div>
        <Plain>{text as string}</Plain>
      </div>
    ))
  if (Array.isArray(value) && value.every(isText)) return <Plain>{value.join('\n')}</Plain>
  return <Plain>{typeof value === 'string' ? value : JSON.stringify(value, null, 2)}</Plain>
}

function Plain({ children }: { children: string }) {
  return (
    <pre data-selectable className="px-1.5 py-0.5 font-mono text-caption [overflow-wrap:anywhere] whitespace-pre-wrap">
      {children}
    </pre>
  )
}
