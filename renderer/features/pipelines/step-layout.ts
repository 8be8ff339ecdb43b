import dagre from '@dagrejs/dagre'
import type { PipelineDocument, PipelineStep, ResolvedPorts } from '../../../main/model/pipeline'

export interface Point {
  x: number
  y: number
}

/** Size of a step on the canvas, pixels. Fixed by the number of ports, so that nothing has to be measured. */
export const STEP_WIDTH = 200
export const HEADER_HEIGHT = 44
export const PORT_HEIGHT = 20
const FOOTER_HEIGHT = 27
const GAP = { x: 64, y: 28 }
/** Above this dagre takes seconds; layers are then ordered by a plainer rule that takes milliseconds. */
const DAGRE_LIMIT = 120

export function stepHeight(rows: number): number {
  return HEADER_HEIGHT + Math.max(1, rows) * PORT_HEIGHT + 8 + FOOTER_HEIGHT
}
/** Middle of the port row `index`, from the top of the step. */
export const portCentre = (index: number): number => HEADER_HEIGHT + 4 + index * PORT_HEIGHT + PORT_HEIGHT / 2

const sourcesOf = (step: PipelineStep): string[] => [...new Set(Object.values(step.inputs ?? {}).map((from) => from.split('.')[0]))]

export type Heights = ReadonlyMap<string, number>
export function heightsOf(ports: readonly ResolvedPorts[], canGrow: (stepId: string) => boolean = () => false): Heights {
  return new Map(
    ports.map((each) => [each.stepId, stepHeight(Math.max(each.inputs.length + (canGrow(each.stepId) ? 1 : 0), each.outputs.length))])
  )
}

/** Positions for all steps, data flowing from left to right; what is there already is not looked at. */
export function arrangeSteps(document: PipelineDocument, heights: Heights): Map<string, Point> {
  return document.steps.length <= DAGRE_LIMIT ? arrangeByDagre(document, heights) : arrangeByLayers(document, heights)
}

function arrangeByDagre(document: PipelineDocument, heights: Heights): Map<string, Point> {
  const graph = new dagre.graphlib.Graph()
  graph.setGraph({ rankdir: 'LR', nodesep: GAP.y, ranksep: GAP.x })
  graph.setDefaultEdgeLabel(() => ({}))
  const ids = new Set(document.steps.map((step) => step.id))
  for (const step of document.steps) graph.setNode(step.id, { width: STEP_WIDTH, height: heights.get(step.id) ?? stepHeight(1) })
  for (const step of document.steps)
    for (const source of sourcesOf(step)) if (ids.has(source) && source !== step.id) graph.setEdge(source, step.id)
  dagre.layout(graph)
  return new Map(
    document.steps.map((step) => {
      const node = graph.node(step.id)
      return [step.id, { x: Math.round(node.x - node.width / 2), y: Math.round(node.y - node.height / 2) }]
    })
  )
}

/** Layers by longest path; within a layer ordered by the mean row of what feeds it. Edges that close a cycle are left out. */
export function arrangeByLayers(document: PipelineDocument, heights: Heights): Map<string, Point> {
  const layer = layersOf(document.steps)
  const byLayer: PipelineStep[][] = []
  for (const step of document.steps) (byLayer[layer.get(step.id) ?? 0] ??= []).push(step)
  const row = new Map<string, number>()
  const positions = new Map<string, Point>()
  byLayer.forEach((steps, column) => {
    const meanRow = (step: PipelineStep): number => {
      const rows = sourcesOf(step).flatMap((id) => row.get(id) ?? [])
      return rows.length ? rows.reduce((sum, at) => sum + at, 0) / rows.length : Number.POSITIVE_INFINITY
    }
    const ordered = steps
      .map((step, index) => ({ step, index, mean: meanRow(step) }))
      .sort((a, b) => (a.mean === b.mean ? a.index - b.index : a.mean < b.mean ? -1 : 1))
    let y = 0
    ordered.forEach(({ step }, index) => {
      row.set(step.id, index)
      positions.set(step.id, { x: column * (STEP_WIDTH + GAP.x), y })
      y += (heights.get(step.id) ?? stepHeight(1)) + GAP.y
    })
  })
  return positions
}

function layersOf(steps: readonly PipelineStep[]): Map<string, number> {
  const byId = new Map(steps.map((step) => [step.id, step]))
  const waiting = new Map(steps.map((step) => [step.id, sourcesOf(step).filter((id) => byId.has(id)).length]))
  const feeds = new Map<string, string[]>()
  for (const step of steps) for (const source of sourcesOf(step)) feeds.set(source, [...(feeds.get(source) ?? []), step.id])
  const layer = new Map<string, number>()
  const ready = steps.filter((step) => waiting.get(step.id) === 0).map((step) => step.id)
  for (const id of ready) layer.set(id, 0)
  for (let next = 0; next < ready.length; next++) {
    const id = ready[next]
    for (const fed of feeds.get(id) ?? []) {
      layer.set(fed, Math.max(layer.get(fed) ?? 0, (layer.get(id) ?? 0) + 1))
      const left = (waiting.get(fed) ?? 0) - 1
      waiting.set(fed, left)
      if (left === 0) ready.push(fed)
    }
  }
  return layer
}

/** Where each step is drawn: where the document says, else beside what feeds it, without covering another step. */
export function placeSteps(document: PipelineDocument, heights: Heights): Map<string, Point> {
  const placed = new Map<string, Point>()
  for (const step of document.steps) if (step.position) placed.set(step.id, step.position)
  if (placed.size === document.steps.length) return placed
  if (placed.size === 0) return arrangeSteps(document, heights)
  const layer = layersOf(document.steps)
  const missing = document.steps.filter((step) => !step.position)
  missing.sort((a, b) => (layer.get(a.id) ?? 0) - (layer.get(b.id) ?? 0))
  for (const step of missing) {
    const feeding = sourcesOf(step).flatMap((id) => placed.get(id) ?? [])
    const wish = feeding.length
      ? {
          x: Math.max(...feeding.map((at) => at.x)) + STEP_WIDTH + GAP.x,
          y: feeding.reduce((sum, at) => sum + at.y, 0) / feeding.length
        }
      : { x: Math.min(...[...placed.values()].map((at) => at.x)), y: Math.min(...[...placed.values()].map((at) => at.y)) }
    placed.set(step.id, freeSpot(wish, heights.get(step.id) ?? stepHeight(1), placed, heights))
  }
  return placed
}

/** The wished place, moved down until no other step is covered. */
export function freeSpot(wish: Point, height: number, placed: ReadonlyMap<string, Point>, heights: Heights): Point {
  const column = [...placed]
    .filter(([, at]) => Math.abs(at.x - wish.x) < STEP_WIDTH + 16)
    .map(([id, at]) => ({ top: at.y, bottom: at.y + (heights.get(id) ?? stepHeight(1)) }))
    .sort((a, b) => a.top - b.top)
  let y = wish.y
  for (const other of column) if (other.bottom + GAP.y > y && other.top < y + height + GAP.y) y = other.bottom + GAP.y
  return { x: Math.round(wish.x), y: Math.round(y) }
}
