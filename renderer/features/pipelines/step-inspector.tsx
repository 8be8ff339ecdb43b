import { Copy, Play, Trash2, X } from 'lucide-react'
import type { PipelineStep } from '../../../main/model/pipeline'
import { Button, ErrorState, Field, IconButton, NumberInput, Section, Select, StatusIcon, TextInput } from '../../ui'
import { fittingOutputs, nameForPort, NEW_PORT, type PipelineGraph } from './connection-rules'
import type { EditorCommands } from './editor-commands'
import { currentGraph, useEditor, useEditorState } from './editor-context'
import { LineOfText } from './parameter-control'
import { ParameterForm } from './parameter-form'
import { PortShape, portTitle } from './port-look'
import { useDraft } from './use-draft'

export interface StepInspectorProps {
  stepId: string
  commands: EditorCommands
  onRunTo: (stepId: string) => void
}

/** Everything about the selected step: what it is called, what feeds it, its parameters, and how it is run. */
export function StepInspector({ stepId, commands, onRunTo }: StepInspectorProps) {
  const { editor, types } = useEditor()
  const document = useEditorState((state) => state.document)
  const allProblems = useEditorState((state) => state.problems)
  const columns = useEditorState((state) => state.columns)
  const step = document?.steps.find((each) => each.id === stepId)
  if (!document || !step) return null
  const type = types.get(step.type)
  const problems = allProblems.filter((problem) => problem.stepId === stepId)
  const general = problems.filter((problem) => !problem.parameter && !problem.port)
  const setParameter = (key: string, value: unknown, also: Readonly<Record<string, unknown>> = {}) =>
    void editor.edit((now) => {
      const current = now?.steps.find((each) => each.id === stepId)
      if (!current) return []
      const parameters = { ...current.parameters } as Record<string, unknown>
      for (const [name, next] of Object.entries({ ...also, [key]: value }))
        if (next === undefined) delete parameters[name]
        else parameters[name] = next
      return [{ kind: 'update-step', stepId, parameters: parameters as PipelineStep['parameters'] }]
    }, `parameter ${stepId}.${key}`)
  return (
    <div className="flex flex-col gap-4" data-testid="step-inspector">
      {general.length > 0 && (
        <ul className="flex flex-col gap-1">
          {general.map((problem, index) => (
            <li key={index} className="flex items-start gap-1.5 text-caption">
              <StatusIcon status={problem.severity === 'error' ? 'error' : 'warn'} className="mt-px" />
              <span data-selectable>{problem.message}</span>
            </li>
          ))}
        </ul>
      )}
      <div className="flex gap-1">
        <Button size="sm" icon={Play} onClick={() => onRunTo(stepId)}>
          Run to here
        </Button>
        <Button size="sm" icon={Copy} onClick={() => void commands.duplicate([stepId])}>
          Duplicate
        </Button>
        <IconButton
          size="sm"
          className="ml-auto"
          icon={Trash2}
          label={`Delete ${stepId}`}
          onClick={() => commands.onDelete({ steps: [stepId], edges: [] })}
        />
      </div>
      <Names step={step} typeTitle={type?.title ?? step.type} />
      {type && <p className="text-caption text-muted">{type.help}</p>}
      <Inputs step={step} />
      <Section title="Parameters">
        {type ? (
          <ParameterForm
            key={stepId}
            step={step}
            type={type}
            problems={problems}
            declared={document.parameters ?? []}
            columns={columns.get(stepId)}
            onChange={setParameter}
          />
        ) : (
          <ErrorState
            compact
            error={new Error(`There is no step type "${step.type}". Change the type in the YAML text, or delete the step.`)}
          />
        )}
      </Section>
      <Execution key={`run-${stepId}`} step={step} />
    </div>
  )
}

function Names({ step, typeTitle }: { step: PipelineStep; typeTitle: string }) {
  const { editor } = useEditor()
  const document = useEditorState((state) => state.document)
  const setTitle = (text: string) =>
    void editor.edit([{ kind: 'update-step', stepId: step.id, title: text.trim() || null }], `title ${step.id}`)
  // Only when it is complete: the whole inspector belongs to the id and begins anew with another.
  const id = useDraft(
    step.id,
    (text) => {
      if (idError(text) === null && text !== step.id)
        void editor.edit([{ kind: 'rename-step', stepId: step.id, newId: text }]).then((done) => done && editor.select({ steps: [text] }))
    },
    null
  )
  const idError = (text: string): string | null =>
    !/^[a-z][a-z0-9_-]{0,62}$/.test(text)
      ? 'Use lowercase letters, digits, "-" and "_", and begin with a letter.'
      : text !== step.id && document?.steps.some((each) => each.id === text)
        ? 'Another step has this id.'
        : null
  return (
    <div className="flex flex-col gap-2">
      <Field label="Title">
        <LineOfText value={step.title ?? ''} placeholder={typeTitle} onChange={setTitle} />
      </Field>
      <Field label="Id" hint="Other steps and the log name the step by it." error={idError(id.draft)}>
        <TextInput
          mono
          value={id.draft}
          onChange={(event) => id.change(event.target.value)}
          onBlur={id.flush}
          onKeyDown={(event) => event.key === 'Enter' && id.flush()}
        />
      </Field>
    </div>
  )
}

/** What feeds each input: the same connections as on the canvas, by name, for the keyboard. */
function Inputs({ step }: { step: PipelineStep }) {
  const context = useEditor()
  const { editor, types } = context
  const document = useEditorState((state) => state.document)
  const ports = useEditorState((state) => state.ports)
  const problems = useEditorState((state) => state.problems)
  if (!document) return null
  const graph: PipelineGraph = { document, ports, types }
  const inputs = ports.get(step.id)?.inputs ?? []
  const canAdd = Boolean(types.get(step.type)?.dynamicInputs)
  if (inputs.length === 0 && !canAdd) return null
  const choicesFor = (port: string, current: string | undefined) => {
    const fitting = fittingOutputs(graph, step.id, port)
    const all = current && !fitting.includes(current) ? [current, ...fitting] : fitting
    return all.map((from) => ({ value: from, label: from }))
  }
  const connect = (port: string, from: string) => {
    const now = currentGraph(context)?.document.steps.find((each) => each.id === step.id) ?? step
    const [sourceStep, sourcePort] = from.split('.')
    const name = port === NEW_PORT ? nameForPort(now, sourceStep, sourcePort) : port
    void editor.edit([{ kind: 'connect', from, stepId: step.id, port: name }])
  }
  const newChoices = canAdd ? choicesFor(NEW_PORT, undefined) : []
  return (
    <Section title="Inputs">
      <div className="flex flex-col gap-2">
        {inputs.map((port) => {
          const from = step.inputs?.[port.name]
          const error = problems.find((problem) => problem.stepId === step.id && problem.port === port.name)?.message
          return (
            <Field
              key={port.name}
              label={
                <span className="flex items-center gap-1.5">
                  <PortShape types={port.types} /> {port.name}
                </span>
              }
              hint={portTitle(port)}
              error={error}
              optional={port.optional}
            >
              <div className="flex gap-1">
                <Select
                  aria-label={`Input ${port.name}`}
                  value={from ?? null}
                  onChange={(choice) => connect(port.name, choice)}
                  choices={choicesFor(port.name, from)}
                  placeholder="Not connected"
                />
                <IconButton
                  icon={X}
                  label={`Disconnect ${port.name}`}
                  disabled={!from}
                  onClick={() => void editor.edit([{ kind: 'disconnect', stepId: step.id, port: port.name }])}
                />
              </div>
            </Field>
          )
        })}
        {canAdd && (
          <Field label="Add an input" hint="Connect an output of another step; the port is named after it.">
            <Select
              aria-label="Add an input"
              value={null}
              onChange={(choice) => connect(NEW_PORT, choice)}
              choices={newChoices}
              disabled={newChoices.length === 0}
              placeholder={newChoices.length ? 'Choose an output' : 'No step gives a fitting output'}
            />
          </Field>
        )}
      </div>
    </Section>
  )
}

function Execution({ step }: { step: PipelineStep }) {
  const { editor } = useEditor()
  const set = (key: 'retries' | 'timeout' | 'memory', value: number | null) =>
    void editor.edit([{ kind: 'update-step', stepId: step.id, [key]: value }], `${key} ${step.id}`)
  const retries = useDraft(step.retries ?? null, (value) => set('retries', value))
  const timeout = useDraft(step.timeout ?? null, (value) => set('timeout', value))
  const memory = useDraft(step.memory ?? null, (value) => set('memory', value))
  return (
    <Section title="Execution">
      <div className="flex flex-col gap-3">
        <Field label="Cache" hint="When nothing it depends on has changed, the result of the last time is taken.">
          <Select
            value={step.cache ?? 'auto'}
            onChange={(value) => void editor.edit([{ kind: 'update-step', stepId: step.id, cache: value === 'auto' ? null : value }])}
            choices={[
              { value: 'auto', label: 'Use it when nothing changed' },
              { value: 'never', label: 'Run every time' }
            ]}
          />
        </Field>
        <div className="grid grid-cols-3 gap-2">
          <Field label="Retries">
            <NumberInput value={retries.draft} onChange={retries.change} min={0} max={10} />
          </Field>
          <Field label="Timeout">
            <NumberInput value={timeout.draft} onChange={timeout.change} min={1} max={604_800} unit="s" />
          </Field>
          <Field label="Memory">
            <NumberInput value={memory.draft} onChange={memory.change} min={16} step={256} unit="MiB" />
          </Field>
        </div>
      </div>
    </Section>
  )
}
