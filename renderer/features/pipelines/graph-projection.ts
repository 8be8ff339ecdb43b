import { Position, type Edge, type Node } from '@xyflow/react'
import type { PipelineProblem, PipelineStep, PortInfo, StepTypeInfo } from '../../../main/model/pipeline'
import { NEW_PORT, type PipelineGraph } from './connection-rules'
import { portColour } from './port-look'
import { heightsOf, portCentre, STEP_WIDTH, stepHeight, type Heights, type Point } from './step-layout'

export interface StepNodeData extends Record<string, unknown> {
  step: PipelineStep
  type: StepTypeInfo | undefined
  inputs: PortInfo[]
  outputs: PortInfo[]
  /** Types of inputs that the author may add by connecting; null when the step has none. */
  newInput: PortInfo | null
  errors: number
  warnings: number
}
export type StepNode = Node<StepNodeData, 'step'>
export type StepEdge = Edge<{ port: string; from: string }>

export const edgeId = (from: string, stepId: string, port: string): string => `${from}->${stepId}.${port}`

const HANDLE = { width: 12, height: 20 }

/** Heights of all steps of a graph, with room for the port that adds inputs. */
export function graphHeights(graph: PipelineGraph): Heights {
  const typeOf = new Map(graph.document.steps.map((step) => [step.id, step.type]))
  return heightsOf([...graph.ports.values()], (id) => Boolean(graph.types.get(typeOf.get(id) ?? '')?.dynamicInputs))
}

/** The nodes of a document, not yet placed. Nodes that did not change keep their identity, so that only changed steps render again. */
export function projectNodes(
  graph: PipelineGraph,
  problems: readonly PipelineProblem[],
  readOnly: boolean,
  before: readonly StepNode[]
): StepNode[] {
  const former = new Map(before.map((node) => [node.id, node]))
  const counts = new Map<string, { errors: number; warnings: number }>()
  for (const problem of problems) {
    if (!problem.stepId) continue
    const count = counts.get(problem.stepId) ?? { errors: 0, warnings: 0 }
    count[problem.severity === 'error' ? 'errors' : 'warnings']++
    counts.set(problem.stepId, count)
  }
  const drawn = new Set<string>()
  return graph.document.steps.flatMap((step) => {
    // A second step of the same id is a problem of the text; the canvas shows the first.
    if (drawn.has(step.id)) return []
    drawn.add(step.id)
    const type = graph.types.get(step.type)
    const ports = graph.ports.get(step.id)
    const data: StepNodeData = {
      step,
      type,
      inputs: ports?.inputs ?? [],
      outputs: ports?.outputs ?? [],
      newInput:
        type?.dynamicInputs && !readOnly
          ? { name: NEW_PORT, types: type.dynamicInputs, optional: true, help: 'Connect a further input here.' }
          : null,
      ...(counts.get(step.id) ?? { errors: 0, warnings: 0 })
    }
    const old = former.get(step.id)
    if (old && old.draggable === !readOnly && sameData(old.data, data)) return [old]
    const inputs = data.newInput ? [...data.inputs, data.newInput] : data.inputs
    const height = stepHeight(Math.max(inputs.length, data.outputs.length))
    return [
      {
        id: step.id,
        type: 'step' as const,
        position: { x: 0, y: 0 },
        data,
        width: STEP_WIDTH,
        height,
        measured: { width: STEP_WIDTH, height },
        handles: [
          ...inputs.map((port, index) => ({
            id: port.name,
            type: 'target' as const,
            position: Position.Left,
            x: -HANDLE.width / 2,
            y: portCentre(index) - HANDLE.height / 2,
            ...HANDLE
          })),
          ...data.outputs.map((port, index) => ({
            id: port.name,
            type: 'source' as const,
            position: Position.Right,
            x: STEP_WIDTH - HANDLE.width / 2,
            y: portCentre(index) - HANDLE.height / 2,
            ...HANDLE
          }))
        ],
        ariaLabel: `${step.title ?? type?.title ?? step.type}, step ${step.id}`,
        connectable: !readOnly,
        draggable: !readOnly
      }
    ]
  })
}

/** Puts nodes where they belong and marks the selected ones; what stays as it was keeps its identity. */
export function placeNodes(
  nodes: readonly StepNode[],
  places: ReadonlyMap<string, Point>,
  selected: ReadonlySet<string>,
  before: readonly StepNode[]
): StepNode[] {
  const former = new Map(before.map((node) => [node.id, node]))
  return nodes.map((node) => {
    const position = places.get(node.id) ?? node.position
    const isSelected = selected.has(node.id)
    const old = former.get(node.id)
    const isSame =
      old && old.data === node.data && old.selected === isSelected && old.position.x === position.x && old.position.y === position.y
    return isSame && old.draggable === node.draggable ? old : { ...node, position, selected: isSelected }
  })
}

function sameData(a: StepNodeData, b: StepNodeData): boolean {
  const counts = a.errors === b.errors && a.warnings === b.warnings
  return counts && a.type === b.type && JSON.stringify(shownPart(a)) === JSON.stringify(shownPart(b))
}
/** The position is not part of what a step shows. */
const shownPart = ({ step, inputs, outputs, newInput }: StepNodeData) => [{ ...step, position: undefined }, inputs, outputs, newInput]

/** The edges of a document, without those that lead to a port that is not there; these are problems and listed as such. */
export function projectEdges(graph: PipelineGraph, selected: ReadonlySet<string>): StepEdge[] {
  const edges: StepEdge[] = []
  for (const step of graph.document.steps)
    for (const [port, from] of Object.entries(step.inputs ?? {})) {
      const [source, sourceHandle] = from.split('.')
      const output = graph.ports.get(source)?.outputs.find((each) => each.name === sourceHandle)
      if (!output || !graph.ports.get(step.id)?.inputs.some((each) => each.name === port)) continue
      const id = edgeId(from, step.id, port)
      const isSelected = selected.has(id)
      edges.push({
        id,
        source,
        sourceHandle,
        target: step.id,
        targetHandle: port,
        selected: isSelected,
        data: { port, from },
        ariaLabel: `Connection from ${from} to ${step.id}.${port}`,
        style: { stroke: portColour(output.types), strokeWidth: isSelected ? 3 : 1.5 },
        interactionWidth: 16
      })
    }
  return edges
}
