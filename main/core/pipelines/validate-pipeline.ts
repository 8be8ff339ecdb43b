import {
  type PipelineCheck,
  type PipelineDocument,
  type PipelineProblem,
  type PipelineStep,
  type PortInfo,
  type ResolvedPorts
} from '../../model/pipeline'
import { didYouMean } from '../../model/near-names'
import { acceptsPort, evidenceTypes } from '../../model/port-types'
import { whyNoPrograms } from '../machine-settings'
import type { AnyStep, InputPort, OutputPort, StepRegistry } from './define-step'
import { checkParameters, type Add } from './check-parameters'
import { atOnce, STEPS_A_PIECE, type Work } from './pieces'
import { readPipeline, type ParsedPipeline } from './pipeline-document'
import { allSound, type SoundPart } from './sound-part'
import { findCycles } from './step-dependencies'
import { parameterFits } from './substitute-parameters'

export interface CheckedText extends PipelineCheck {
  locate: ParsedPipeline['locate']
  /** What further checks may look at; null where nothing of the text is a pipeline. */
  sound: SoundPart | null
}

/** Parses and checks a text, in pieces of bounded work. */
export function* checkText(text: string, steps: StepRegistry): Work<CheckedText> {
  const { document, sound, problems, locate } = yield* readPipeline(text)
  if (!sound) return { document, sound, problems, ports: [], locate }
  const found = yield* findProblems(sound, steps, locate)
  const ports = (document?.steps ?? []).map((step) => resolvePorts(step, steps))
  return { document, sound, problems: [...problems, ...found], ports, locate }
}

/** Parses and checks a text in one go. */
export function checkPipeline(text: string, steps: StepRegistry): PipelineCheck {
  const { locate: _, sound: _sound, ...check } = atOnce(checkText(text, steps))
  return check
}

const inputInfo = (name: string, port: InputPort): PortInfo => ({
  name,
  types: [...port.types],
  optional: port.optional ?? false,
  help: port.help
})
const outputInfo = (name: string, port: OutputPort): PortInfo => ({
  name,
  types: [port.type],
  optional: port.optional ?? false,
  help: port.help
})

/** Declared ports of a step type. */
export function portsOfType(definition: AnyStep): { inputs: PortInfo[]; outputs: PortInfo[] } {
  return {
    inputs: Object.entries(definition.inputs).map(([name, port]) => inputInfo(name, port)),
    outputs: Object.entries(definition.outputsFor?.({} as never) ?? definition.outputs).map(([name, port]) => outputInfo(name, port))
  }
}

/** The output ports that a step has with its parameters. */
export function outputsOfStep(step: Pick<PipelineStep, 'parameters'>, definition: AnyStep): Record<string, OutputPort> {
  return definition.outputsFor?.((step.parameters ?? {}) as never) ?? definition.outputs
}

/** The ports one step really has: its type's, those its parameters make, and those the author connected freely. */
export function resolvePorts(step: PipelineStep, steps: StepRegistry): ResolvedPorts {
  const definition = steps.get(step.type)
  if (!definition) {
    const inputs = Object.keys(step.inputs ?? {}).map((name): PortInfo => ({ name, types: [], optional: true, help: '' }))
    return { stepId: step.id, inputs, outputs: [] }
  }
  const free = definition.dynamicInputs
  const inputs = Object.entries(definition.inputs).map(([name, port]) => inputInfo(name, port))
  if (free)
    for (const name of Object.keys(step.inputs ?? {}))
      if (!Object.hasOwn(definition.inputs, name)) inputs.push({ name, types: [...free.types], optional: false, help: free.help })
  return { stepId: step.id, inputs, outputs: Object.entries(outputsOfStep(step, definition)).map(([name, port]) => outputInfo(name, port)) }
}

/** Every problem of a document: graph, ports, parameters. Problems are values; an empty list means it can run. */
export const validatePipeline = (document: PipelineDocument, steps: StepRegistry, locate?: ParsedPipeline['locate']): PipelineProblem[] =>
  atOnce(findProblems(allSound(document), steps, locate))

/** Problems that are told what was perhaps meant, and names that are looked through for it: a hostile text has thousands of both. */
const MOST_MEANT = 20
const MOST_NAMES = 500

function* findProblems(
  { document, told, isTouched }: SoundPart,
  steps: StepRegistry,
  locate: ParsedPipeline['locate'] = () => undefined
): Work<PipelineProblem[]> {
  const problems: PipelineProblem[] = []
  const add: Add = (path, { mistaken, ...problem }, severity = 'error') => {
    const meant = mistaken && problems.length < MOST_MEANT ? didYouMean(mistaken.name, [...mistaken.among].slice(0, MOST_NAMES)) : ''
    problems.push(...told({ ...problem, message: problem.message + meant, severity, ...locate(path) }, path))
  }
  if (document.steps.length === 0) add(['steps'], { code: 'EMPTY', message: 'The pipeline has no steps yet. Add one to run it.' })
  checkDeclarations(document, add)
  const byId = checkIds(document, add)
  for (const [index, step] of document.steps.entries()) {
    if (index % STEPS_A_PIECE === 0) yield
    const definition = steps.get(step.type)
    if (definition) checkStep(document, step, index, definition, add, !isTouched(['steps', index, 'inputs']))
    else
      add(['steps', index, 'type'], {
        code: 'UNKNOWN_STEP_TYPE',
        stepId: step.id,
        message: `There is no step type "${step.type}". Known types: ${[...steps.keys()].join(', ')}.`,
        mistaken: { name: step.type, among: steps.keys() }
      })
    for (const [port, from] of Object.entries(step.inputs ?? {})) checkConnection(step, index, port, from, definition, byId, steps, add)
  }
  yield
  for (const cycle of findCycles(document.steps)) {
    const index = document.steps.findIndex((step) => step.id === cycle[0])
    add(['steps', index, 'inputs'], {
      code: 'CYCLE',
      stepId: cycle[0],
      message: `These steps wait for each other: ${[...cycle, cycle[0]].join(' -> ')}. Disconnect one of them.`
    })
  }
  return problems
}

function checkDeclarations({ parameters = [] }: PipelineDocument, add: Add): void {
  const names = new Set<string>()
  for (const [index, parameter] of parameters.entries()) {
    if (names.has(parameter.name))
      add(['parameters', index, 'name'], {
        code: 'DUPLICATE_ID',
        message: `The parameter "${parameter.name}" is declared twice. Remove one.`
      })
    names.add(parameter.name)
    if (parameter.type === 'secret' && parameter.default !== undefined)
      add(['parameters', index, 'default'], {
        code: 'INVALID_PARAMETER',
        message: `The secret "${parameter.name}" has a default, which would stand in every copy of the document. Remove it.`
      })
    else if (parameter.default !== undefined && !parameterFits(parameter, parameter.default))
      add(['parameters', index, 'default'], {
        code: 'INVALID_PARAMETER',
        message: `The default of "${parameter.name}" is not of type ${parameter.type}.`
      })
  }
}

/** The steps by their ids, the first of each. */
function checkIds({ steps }: PipelineDocument, add: Add): Map<string, PipelineStep> {
  const byId = new Map<string, PipelineStep>()
  for (const [index, step] of steps.entries())
    if (byId.has(step.id))
      add(['steps', index, 'id'], {
        code: 'DUPLICATE_ID',
        stepId: step.id,
        message: `Two steps have the id "${step.id}". Rename one of them.`
      })
    else byId.set(step.id, step)
  return byId
}

/** What a step of a known type says of itself: its version, the inputs that must be there, its parameters. `isWhole` where all its inputs could be read. */
function checkStep(document: PipelineDocument, step: PipelineStep, index: number, definition: AnyStep, add: Add, isWhole: boolean): void {
  if (step.version !== undefined && step.version > definition.version)
    add(['steps', index, 'version'], {
      code: 'UNSUPPORTED_VERSION',
      stepId: step.id,
      message: `"${step.id}" was written for version ${step.version} of the step "${step.type}"; this Drydock has version ${definition.version}. Use a newer Drydock.`
    })
  const refused = definition.startsPrograms ? whyNoPrograms() : null
  if (refused !== null)
    add(['steps', index, 'type'], {
      code: 'SCRIPTS_OFF',
      stepId: step.id,
      message: `"${step.id}" starts a program, and ${refused}. Ask your administrator, or do its work in a step of another type.`
    })
  for (const [port, spec] of Object.entries(definition.inputs))
    if (!spec.optional && !step.inputs?.[port] && !(spec.insteadOf !== undefined && step.parameters?.[spec.insteadOf]))
      add(['steps', index], {
        code: 'MISSING_INPUT',
        stepId: step.id,
        port,
        message: `"${step.id}" needs something at its input "${port}". Connect an output of type ${spec.types.join(' or ')}.`
      })
  checkParameters(document, step, index, definition, add, isWhole)
}

function checkConnection(
  step: PipelineStep,
  index: number,
  port: string,
  from: string,
  definition: AnyStep | undefined,
  byId: Map<string, PipelineStep>,
  steps: StepRegistry,
  add: Add
): void {
  const path = ['steps', index, 'inputs', port]
  const types =
    definition && ((Object.hasOwn(definition.inputs, port) ? definition.inputs[port].types : undefined) ?? definition.dynamicInputs?.types)
  if (definition && !types)
    return add(path, {
      code: 'UNKNOWN_PORT',
      stepId: step.id,
      port,
      message: `"${step.id}" has no input "${port}". ${Object.keys(definition.inputs).length ? `It has: ${Object.keys(definition.inputs).join(', ')}.` : 'It takes no input.'}`,
      mistaken: { name: port, among: Object.keys(definition.inputs) }
    })
  const [sourceId, sourcePort] = from.split('.')
  const source = byId.get(sourceId)
  if (!source)
    return add(path, {
      code: 'DANGLING_REFERENCE',
      stepId: step.id,
      port,
      message: `The input "${port}" of "${step.id}" comes from "${from}", but there is no step "${sourceId}". Connect it to another step.`,
      mistaken: { name: sourceId, among: byId.keys() }
    })
  const sourceDefinition = steps.get(source.type)
  if (!sourceDefinition) return
  const outputs = outputsOfStep(source, sourceDefinition)
  const output = Object.hasOwn(outputs, sourcePort) ? outputs[sourcePort] : undefined
  if (!output)
    return add(path, {
      code: 'DANGLING_REFERENCE',
      stepId: step.id,
      port,
      message: `"${sourceId}" has no output "${sourcePort}". It has: ${Object.keys(outputs).join(', ') || 'none'}.`,
      mistaken: { name: sourcePort, among: Object.keys(outputs) }
    })
  if (types && !acceptsPort(types, output.type))
    add(path, {
      // What looks like evidence and was not made by the step that makes it must not count as such.
      code: types.every((type) => evidenceTypes.includes(type)) ? 'EVIDENCE_MISMATCH' : 'TYPE_MISMATCH',
      stepId: step.id,
      port,
      message: `The input "${port}" of "${step.id}" takes ${types.join(' or ')}, but "${from}" is a ${output.type}.`
    })
}
