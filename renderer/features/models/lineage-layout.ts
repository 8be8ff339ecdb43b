import { graphlib, layout } from '@dagrejs/dagre'
import type { Lineage } from '../../../main/model/registry'

export const nodeWidth = 152
export const nodeHeight = 40

export interface PlacedNode {
  node: Lineage['nodes'][number]
  /** Left upper corner, px. */
  x: number
  y: number
}
export interface PlacedEdge {
  key: string
  /** Way points, px. */
  points: readonly { x: number; y: number }[]
}
export interface LineageLayout {
  nodes: readonly PlacedNode[]
  edges: readonly PlacedEdge[]
  width: number
  height: number
}

/** Sources at the top, what came of them below. */
export function layoutLineage(lineage: Lineage): LineageLayout {
  const graph = new graphlib.Graph()
  graph.setGraph({ rankdir: 'TB', nodesep: 12, ranksep: 26, marginx: 16, marginy: 16 })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const node of lineage.nodes) graph.setNode(node.id, { width: nodeWidth, height: nodeHeight })
  for (const edge of lineage.edges) if (graph.hasNode(edge.from) && graph.hasNode(edge.to)) graph.setEdge(edge.from, edge.to)
  layout(graph)
  const size = graph.graph()
  return {
    nodes: lineage.nodes.map((node) => {
      const { x = 0, y = 0 } = graph.node(node.id)
      return { node, x: x - nodeWidth / 2, y: y - nodeHeight / 2 }
    }),
    edges: graph.edges().map((edge) => ({ key: `${edge.v} ${edge.w}`, points: graph.edge(edge).points ?? [] })),
    width: size.width ?? 0,
    height: size.height ?? 0
  }
}
