import {
  type PipelineDocument,
  type PipelineStep,
  type PortInfo,
  type ResolvedPorts,
  type StepTypeInfo
} from '../../../main/model/pipeline'
import { acceptsPort } from '../../../main/model/port-types'

/** Handle of a step whose author names the inputs: a connection to it makes a new port. */
export const NEW_PORT = '+'

export interface PipelineGraph {
  document: PipelineDocument
  ports: ReadonlyMap<string, ResolvedPorts>
  types: ReadonlyMap<string, StepTypeInfo>
}

export interface ConnectionWish {
  sourceStep: string
  sourcePort: string
  targetStep: string
  targetPort: string
}

/** Why a connection cannot be made, in words, or null when it can. */
export function refuseConnection(graph: PipelineGraph, wish: ConnectionWish): string | null {
  const target = graph.document.steps.find((step) => step.id === wish.targetStep)
  const source = graph.document.steps.find((step) => step.id === wish.sourceStep)
  if (!target || !source) return 'That step is not in the pipeline any more.'
  const output = graph.ports.get(source.id)?.outputs.find((port) => port.name === wish.sourcePort)
  if (!output) return `"${source.id}" has no output "${wish.sourcePort}".`
  if (source.id === target.id) return 'A step cannot use its own output.'
  const accepted = acceptedTypes(graph, target, wish.targetPort)
  if (!accepted) return `"${target.id}" has no input "${wish.targetPort}".`
  if (!acceptsPort(accepted.types, output.types[0]))
    return `The input "${accepted.name}" of "${target.id}" takes ${accepted.types.join(' or ')}; "${source.id}.${output.name}" gives ${output.types[0]}.`
  if (isUpstream(graph.document, target.id, source.id))
    return `"${source.id}" already needs "${target.id}", so both would wait for each other.`
  return null
}

function acceptedTypes(graph: PipelineGraph, target: PipelineStep, port: string): Pick<PortInfo, 'name' | 'types'> | undefined {
  if (port !== NEW_PORT) return graph.ports.get(target.id)?.inputs.find((input) => input.name === port)
  const free = graph.types.get(target.type)?.dynamicInputs
  return free ? { name: 'new input', types: free } : undefined
}

/** Whether `step` needs `other`, directly or through others. */
export function isUpstream(document: PipelineDocument, other: string, step: string): boolean {
  const byId = new Map(document.steps.map((each) => [each.id, each]))
  const seen = new Set<string>()
  const open = [step]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === other) return true
    if (seen.has(id)) continue
    seen.add(id)
    for (const from of Object.values(byId.get(id)?.inputs ?? {})) open.push(from.split('.')[0])
  }
  return false
}

/** Name of a new input port: what it is fed by, as a valid name that is not taken. */
export function nameForPort(target: PipelineStep, sourceStep: string, sourcePort: string): string {
  const wished = (sourcePort === 'table' ? sourceStep : sourcePort).replaceAll('-', '_')
  const taken = target.inputs ?? {}
  if (!Object.hasOwn(taken, wished)) return wished
  for (let number = 2; ; number++) {
    const name = `${wished.slice(0, 58)}_${number}`
    if (!Object.hasOwn(taken, name)) return name
  }
}

/** Id of a new step: its type, with a number when that is taken. */
export function idForStep(document: PipelineDocument | null, type: string): string {
  const taken = new Set(document?.steps.map((step) => step.id))
  const base =
    type
      .toLowerCase()
      .replace(/[^a-z0-9_-]/g, '-')
      .replace(/^[^a-z]+/, '')
      .slice(0, 56) || 'step'
  if (!taken.has(base)) return base
  for (let number = 2; ; number++) if (!taken.has(`${base}-${number}`)) return `${base}-${number}`
}

/** Outputs of other steps that may go to this input, as "step.port". */
export function fittingOutputs(graph: PipelineGraph, targetStep: string, targetPort: string): string[] {
  return graph.document.steps.flatMap((step) =>
    (graph.ports.get(step.id)?.outputs ?? [])
      .filter((output) => !refuseConnection(graph, { sourceStep: step.id, sourcePort: output.name, targetStep, targetPort }))
      .map((output) => `${step.id}.${output.name}`)
  )
}

export type Direction = 'left' | 'right' | 'up' | 'down'

/** The step that an arrow key leads to: left and right along edges, up and down to the nearest step of about the same column. */
export function neighbourOf(
  document: PipelineDocument,
  places: ReadonlyMap<string, { x: number; y: number }>,
  from: string,
  direction: Direction
): string | null {
  const here = places.get(from)
  if (!here) return null
  const nearest = (ids: string[]): string | null => {
    let best: string | null = null
    let bestDistance = Number.POSITIVE_INFINITY
    for (const id of new Set(ids)) {
      const at = places.get(id)
      if (!at || id === from) continue
      const distance = Math.abs(at.y - here.y) + Math.abs(at.x - here.x) / 4
      if (distance < bestDistance) [best, bestDistance] = [id, distance]
    }
    return best
  }
  const feedsOf = (id: string) =>
    Object.values(document.steps.find((step) => step.id === id)?.inputs ?? {}).map((source) => source.split('.')[0])
  if (direction === 'left') return nearest(feedsOf(from))
  if (direction === 'right') return nearest(document.steps.filter((step) => feedsOf(step.id).includes(from)).map((step) => step.id))
  const sign = direction === 'down' ? 1 : -1
  const beside = document.steps.filter((step) => {
    const at = places.get(step.id)
    return at && (at.y - here.y) * sign > 0 && Math.abs(at.x - here.x) < 240
  })
  return nearest(beside.map((step) => step.id))
}

/**
 * How a new step is connected when it is added beside another: every input that one output fits, that of the nearest step, which is the
 * step beside it before those that this one needs. A table goes to an input of its name, and to the first input of the step beside it in
 * any case; of what else there is only one kind, such as models, the kind is enough. Port name -> "step.port".
 */
export function inputsFromBeside(graph: PipelineGraph, beside: string, type: StepTypeInfo): Record<string, string> {
  const near = [beside, ...upstreamOf(graph.document, beside)]
  const sources = near.flatMap((id) => (graph.ports.get(id)?.outputs ?? []).map((output) => ({ id, output, from: `${id}.${output.name}` })))
  const chosen: Record<string, string> = {}
  for (const port of type.inputs) {
    const fitting = sources.filter(({ output }) => acceptsPort(port.types, output.types[0]))
    const isTable = port.types.includes('Table')
    const found = fitting.find(({ output }) => output.name === port.name) ?? (isTable ? undefined : fitting[0])
    if (found) chosen[port.name] = found.from
  }
  if (Object.values(chosen).some((from) => from.startsWith(`${beside}.`))) return withoutRest(chosen, type)
  const first = type.inputs.find((port) => !port.optional && !chosen[port.name])
  const port = first ?? (type.dynamicInputs ? { name: NEW_PORT, types: type.dynamicInputs } : null)
  const own = port && sources.find(({ id, output }) => id === beside && acceptsPort(port.types, output.types[0]))
  if (!port || !own) return {}
  const name = port.name === NEW_PORT ? nameForPort({ id: 'new', type: type.type }, beside, own.output.name) : port.name
  return withoutRest({ ...chosen, [name]: own.from }, type)
}

/** An input that may stay open and takes tables is left open: a second table is a choice of its own. */
const withoutRest = (chosen: Record<string, string>, type: StepTypeInfo): Record<string, string> =>
  Object.fromEntries(
    Object.entries(chosen).filter(([name]) => {
      const port = type.inputs.find((each) => each.name === name)
      return !(port?.optional && port.types.includes('Table'))
    })
  )

/** The steps that a step needs, the nearest first. */
function upstreamOf({ steps }: PipelineDocument, id: string): string[] {
  const byId = new Map(steps.map((step) => [step.id, step]))
  const found = new Set<string>()
  let front = [id]
  while (front.length > 0) {
    front = front.flatMap((each) => Object.values(byId.get(each)?.inputs ?? {}).map((from) => from.split('.')[0]))
    front = [...new Set(front)].filter((each) => each !== id && !found.has(each) && byId.has(each))
    for (const each of front) found.add(each)
  }
  return [...found]
}
