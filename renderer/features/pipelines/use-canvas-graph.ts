import type { EdgeChange, NodeChange } from '@xyflow/react'
import { useCallback, useMemo, useRef, useState } from 'react'
import type { PipelineCanvasProps } from './canvas-props'
import { graphHeights, placeNodes, projectEdges, projectNodes, type StepEdge, type StepNode } from './graph-projection'
import { placeSteps, type Point } from './step-layout'

/** What the canvas draws: the steps at their places, also while they are dragged, and their connections; and what becomes of changes. */
export function useCanvasGraph({ graph, problems, selection, onSelect, edits }: PipelineCanvasProps) {
  const [dragged, setDragged] = useState<ReadonlyMap<string, Point>>(new Map())
  const readOnly = edits === undefined
  const heights = useMemo(() => graphHeights(graph), [graph])
  const home = useMemo(() => placeSteps(graph.document, heights), [graph.document, heights])
  const places = useMemo(() => (dragged.size ? new Map([...home, ...dragged]) : home), [home, dragged])
  const selectedSteps = useMemo(() => new Set(selection.steps), [selection.steps])
  const selectedEdges = useMemo(() => new Set(selection.edges), [selection.edges])

  // What was drawn before is kept to hand the same objects to React Flow again; it never decides what is drawn.
  const former = useRef<{ base: StepNode[]; placed: StepNode[] }>({ base: [], placed: [] })
  const base = useMemo(
    () => (former.current.base = projectNodes(graph, problems, readOnly, former.current.base)),
    [graph, problems, readOnly]
  )
  const nodes = useMemo(
    () => (former.current.placed = placeNodes(base, places, selectedSteps, former.current.placed)),
    [base, places, selectedSteps]
  )
  const edges = useMemo(() => projectEdges(graph, selectedEdges), [graph, selectedEdges])

  const onNodesChange = useCallback(
    (changes: NodeChange<StepNode>[]) => {
      for (const change of changes)
        if (change.type === 'position' && change.position && change.dragging !== undefined && !readOnly) {
          const { id, position } = change
          setDragged((before) => new Map(before).set(id, position))
        }
      const steps = selectedAfter(selectedSteps, changes)
      if (steps) onSelect({ steps })
    },
    [selectedSteps, onSelect, readOnly]
  )
  const onEdgesChange = useCallback(
    (changes: EdgeChange<StepEdge>[]) => {
      const edges = selectedAfter(selectedEdges, changes)
      if (edges) onSelect({ edges })
    },
    [selectedEdges, onSelect]
  )
  const onDragStop = (moved: readonly StepNode[]) => {
    const moves = new Map(
      moved
        .map((node): [string, Point] => [node.id, { x: Math.round(node.position.x), y: Math.round(node.position.y) }])
        .filter(([id, at]) => home.get(id)?.x !== at.x || home.get(id)?.y !== at.y)
    )
    if (!edits || moves.size === 0) return setDragged(new Map())
    void edits.onMove(moves).finally(() => setDragged(new Map()))
  }
  return { heights, places, nodes, edges, onNodesChange, onEdgesChange, onDragStop }
}

/** What is selected after changes by React Flow; null when they change nothing about it. */
function selectedAfter(before: ReadonlySet<string>, changes: readonly (NodeChange<StepNode> | EdgeChange<StepEdge>)[]): string[] | null {
  const selects = changes.filter((change) => change.type === 'select')
  const selected = new Set(before)
  for (const { id, selected: isSelected } of selects) {
    if (isSelected) selected.add(id)
    else selected.delete(id)
  }
  return selects.length ? [...selected] : null
}
