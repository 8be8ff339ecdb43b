import type { LineageNode } from '../../model/pipeline-run'
import type { Lineage } from '../../model/registry'
import { digestOf } from '../../model/reference'

const kindOf = (reference: string): string => reference.split(':')[0]
/** `dataset:strikes@sha256:ab12cd34...` is shown as `strikes ab12cd34`. */
const labelOf = (reference: string): string => {
  const digest = digestOf(reference)
  const name = /^[^:]+:([^@]+)@/.exec(reference)?.[1]
  return [name ?? kindOf(reference), digest?.slice(0, 8)].filter(Boolean).join(' ')
}

/** Turns the productions behind a thing into a graph of things and the steps between them. */
export function toLineageGraph(productions: LineageNode[]): Lineage {
  const nodes = new Map<string, Lineage['nodes'][number]>()
  const edges = new Map<string, Lineage['edges'][number]>()
  const addEdge = (edge: Lineage['edges'][number]): void => void edges.set(`${edge.from}|${edge.to}`, edge)
  for (const made of productions) {
    const step = `step:${made.runId}/${made.stepId}/${made.attempt}`
    nodes.set(step, {
      id: step,
      kind: 'step',
      label: made.stepId,
      detail: `${made.type}, pipeline ${made.pipeline}, attempt ${made.attempt}`
    })
    for (const { reference } of made.inputs) {
      nodes.set(reference, { id: reference, kind: kindOf(reference), label: labelOf(reference), detail: reference })
      addEdge({ from: reference, to: step, relation: 'used' })
    }
    for (const { port, reference } of made.outputs) {
      nodes.set(reference, { id: reference, kind: kindOf(reference), label: `${port} ${labelOf(reference)}`, detail: reference })
      addEdge({ from: step, to: reference, relation: 'produced' })
    }
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] }
}
