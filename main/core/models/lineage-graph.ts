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

/**
 * Turns the productions behind a thing, nearest first, into a graph of things and the steps between them. Things are named by their bytes, and
 * a step may pass on what it used or make bytes that were there before it: such a thing is not said to come of it, so that nothing is behind itself.
 */
export function toLineageGraph(productions: LineageNode[]): Lineage {
  const nodes = new Map<string, Lineage['nodes'][number]>()
  const edges = new Map<string, Lineage['edges'][number]>()
  const after = new Map<string, string[]>()
  const leadsTo = (from: string, to: string, seen = new Set<string>()): boolean =>
    from === to || (!seen.has(from) && !!seen.add(from) && (after.get(from) ?? []).some((next) => leadsTo(next, to, seen)))
  const addEdge = (edge: Lineage['edges'][number]): void => {
    const key = `${edge.from}|${edge.to}`
    if (edges.has(key) || leadsTo(edge.to, edge.from)) return
    edges.set(key, edge)
    after.set(edge.from, [...(after.get(edge.from) ?? []), edge.to])
  }
  for (const made of [...productions].reverse()) {
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
