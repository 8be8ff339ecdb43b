import {
  Background,
  BackgroundVariant,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  type Connection,
  type EdgeChange,
  type FinalConnectionState,
  type NodeChange,
  type NodeTypes
} from '@xyflow/react'
import { useCallback, useEffect, useMemo, useRef, useState, type DragEvent, type MouseEvent } from 'react'
import type { PipelineProblem } from '../../../main/model/pipeline'
import { ContextMenu, showToast, type MenuEntry } from '../../ui'
import { onCanvasKey } from './canvas-keys'
import { CanvasControls, CanvasMap, ReadableWords } from './canvas-parts'
import { refuseConnection, type PipelineGraph } from './connection-rules'
import { graphHeights, placeNodes, projectEdges, projectNodes, type StepEdge, type StepNode as StepNodeType } from './graph-projection'
import type { Selection } from './editor-store'
import { placeSteps, STEP_WIDTH, type Heights, type Point } from './step-layout'
import { StepNode } from './step-node'
import { useCanvasView } from './use-canvas-view'
import './pipelines.css'

const nodeTypes: NodeTypes = { step: StepNode }
/** Type of what the palette hands over when a step is dragged. */
export const STEP_DRAG_TYPE = 'application/x-drydock-step'
/** Above this only the steps in view are in the document. */
const RENDER_ALL = 150

export interface CanvasEdits {
  onMove: (moves: ReadonlyMap<string, Point>, group?: string) => Promise<unknown>
  onConnect: (from: string, stepId: string, port: string) => void
  onDelete: (selection: Selection) => void
  /** A step type was dropped from the palette. */
  onDrop: (type: string, at: Point) => void
}

export interface PipelineCanvasProps {
  graph: PipelineGraph
  problems: readonly PipelineProblem[]
  selection: Selection
  onSelect: (selection: Partial<Selection>) => void
  /** Enter and double click on a step. */
  onOpen: (stepId: string) => void
  /** Without it the canvas is read-only. */
  edits?: CanvasEdits
  menu?: readonly MenuEntry[]
  /** Lets the page ask for places: where the view is, and to show a step. */
  handle?: { current: CanvasHandle | null }
}

export interface CanvasHandle {
  places: () => ReadonlyMap<string, Point>
  heights: () => Heights
  viewCentre: () => Point
  show: (stepId: string) => void
  /** Shows a step and puts the focus on it, so that the keyboard goes on from there. */
  focus: (stepId: string) => void
  /** All steps, or those given. */
  fit: (stepIds?: readonly string[]) => void
}

export function PipelineCanvas(props: PipelineCanvasProps) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  )
}

function Canvas({ graph, problems, selection, onSelect, onOpen, edits, menu, handle }: PipelineCanvasProps) {
  const flow = useReactFlow<StepNodeType, StepEdge>()
  const [dragged, setDragged] = useState<ReadonlyMap<string, Point>>(new Map())
  const [refusal, setRefusal] = useState<string | null>(null)
  const readOnly = edits === undefined

  const heights = useMemo(() => graphHeights(graph), [graph])
  const home = useMemo(() => placeSteps(graph.document, heights), [graph.document, heights])
  const places = useMemo(() => (dragged.size ? new Map([...home, ...dragged]) : home), [home, dragged])
  const selectedSteps = useMemo(() => new Set(selection.steps), [selection.steps])
  const selectedEdges = useMemo(() => new Set(selection.edges), [selection.edges])

  // What was drawn before is kept to hand the same objects to React Flow again; it never decides what is drawn.
  const former = useRef<{ base: StepNodeType[]; placed: StepNodeType[] }>({ base: [], placed: [] })
  const base = useMemo(
    () => (former.current.base = projectNodes(graph, problems, readOnly, former.current.base)),
    [graph, problems, readOnly]
  )
  const nodes = useMemo(
    () => (former.current.placed = placeNodes(base, places, selectedSteps, former.current.placed)),
    [base, places, selectedSteps]
  )
  const edges = useMemo(() => projectEdges(graph, selectedEdges), [graph, selectedEdges])

  const [box, view] = useCanvasView(places, heights)
  const focusStep = useCallback(
    (stepId: string) => {
      onSelect({ steps: [stepId], edges: [] })
      view.show(stepId)
      // A step that was out of view is drawn with the next frames.
      requestAnimationFrame(() =>
        requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(stepId)}"]`)?.focus())
      )
    },
    [onSelect, view, box]
  )
  useEffect(() => {
    if (!handle) return
    handle.current = {
      places: () => places,
      heights: () => heights,
      viewCentre: view.centre,
      show: view.show,
      focus: focusStep,
      fit: view.fit
    }
  }, [handle, places, heights, view, focusStep])

  const onNodesChange = useCallback(
    (changes: NodeChange<StepNodeType>[]) => {
      const selected = new Set(selectedSteps)
      let isSelectionChanged = false
      for (const change of changes) {
        if (change.type === 'position' && change.position && change.dragging !== undefined && !readOnly) {
          const { id, position } = change
          setDragged((before) => new Map(before).set(id, position))
        } else if (change.type === 'select') {
          isSelectionChanged = true
          if (change.selected) selected.add(change.id)
          else selected.delete(change.id)
        }
      }
      if (isSelectionChanged) onSelect({ steps: [...selected] })
    },
    [selectedSteps, onSelect, readOnly]
  )
  const onEdgesChange = useCallback(
    (changes: EdgeChange<StepEdge>[]) => {
      const selected = new Set(selectedEdges)
      for (const change of changes) {
        if (change.type !== 'select') continue
        if (change.selected) selected.add(change.id)
        else selected.delete(change.id)
      }
      onSelect({ edges: [...selected] })
    },
    [selectedEdges, onSelect]
  )
  const onDragStop = (_: unknown, __: unknown, moved: StepNodeType[]) => {
    const moves = new Map(
      moved
        .map((node): [string, Point] => [node.id, { x: Math.round(node.position.x), y: Math.round(node.position.y) }])
        .filter(([id, at]) => home.get(id)?.x !== at.x || home.get(id)?.y !== at.y)
    )
    if (!edits || moves.size === 0) return setDragged(new Map())
    void edits.onMove(moves).finally(() => setDragged(new Map()))
  }

  const refuse = useCallback(
    (connection: Pick<Connection, 'source' | 'target' | 'sourceHandle' | 'targetHandle'>) =>
      refuseConnection(graph, {
        sourceStep: connection.source,
        sourcePort: connection.sourceHandle ?? '',
        targetStep: connection.target,
        targetPort: connection.targetHandle ?? ''
      }),
    [graph]
  )
  const onConnectEnd = (_: unknown, state: FinalConnectionState) => {
    setRefusal(null)
    if (state.isValid !== false || !state.toHandle || !state.fromHandle) return
    const [source, target] = state.fromHandle.type === 'source' ? [state.fromHandle, state.toHandle] : [state.toHandle, state.fromHandle]
    const reason =
      state.fromHandle.type === state.toHandle.type
        ? 'A connection goes from an output to an input.'
        : refuse({ source: source.nodeId, sourceHandle: source.id ?? '', target: target.nodeId, targetHandle: target.id ?? '' })
    if (reason) showToast({ status: 'warn', title: 'Not connected', text: reason })
  }
  const isValidConnection = useCallback(
    (connection: Connection | StepEdge) => {
      const reason = refuse({ ...connection, sourceHandle: connection.sourceHandle ?? null, targetHandle: connection.targetHandle ?? null })
      queueMicrotask(() => setRefusal(reason))
      return reason === null
    },
    [refuse]
  )

  const onDrop = (event: DragEvent) => {
    const type = event.dataTransfer.getData(STEP_DRAG_TYPE)
    if (!type || !edits) return
    event.preventDefault()
    const at = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY })
    edits.onDrop(type, { x: Math.round(at.x - STEP_WIDTH / 2), y: Math.round(at.y - 22) })
  }
  const onNodeContextMenu = (_: MouseEvent, node: StepNodeType) => {
    if (!selectedSteps.has(node.id)) onSelect({ steps: [node.id], edges: [] })
  }

  const canvas = (
    <div
      ref={box}
      data-panel
      tabIndex={-1}
      role="region"
      aria-label="Canvas"
      className="drydock-canvas relative h-full w-full outline-none"
      onKeyDown={(event) =>
        onCanvasKey(event, {
          document: graph.document,
          places,
          selection,
          select: onSelect,
          focus: focusStep,
          open: onOpen,
          edits: edits && { move: (moves, group) => void edits.onMove(moves, group), remove: edits.onDelete }
        })
      }
      onDragOver={(event) => {
        if (!edits || !event.dataTransfer.types.includes(STEP_DRAG_TYPE)) return
        event.preventDefault()
        event.dataTransfer.dropEffect = 'copy'
      }}
      onDrop={onDrop}
    >
      <ReactFlow<StepNodeType, StepEdge>
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        onNodesChange={onNodesChange}
        onEdgesChange={onEdgesChange}
        onNodeDragStop={onDragStop}
        onSelectionDragStop={(event, moved) => onDragStop(event, null, moved)}
        onConnect={(connection) =>
          edits?.onConnect(`${connection.source}.${connection.sourceHandle ?? ''}`, connection.target, connection.targetHandle ?? '')
        }
        onConnectEnd={onConnectEnd}
        isValidConnection={isValidConnection}
        onNodeDoubleClick={(_, node) => onOpen(node.id)}
        onNodeContextMenu={onNodeContextMenu}
        aria-label={`Pipeline graph, ${graph.document.steps.length} steps. Arrow keys move along connections.`}
        nodesDraggable={!readOnly}
        nodesConnectable={!readOnly}
        disableKeyboardA11y
        deleteKeyCode={null}
        multiSelectionKeyCode={['Control', 'Meta']}
        onlyRenderVisibleElements={nodes.length > RENDER_ALL}
        connectionRadius={28}
        minZoom={0.02}
        maxZoom={2}
        onInit={view.start}
        onMoveStart={view.onMoveStart}
        zoomOnDoubleClick={false}
        proOptions={{ hideAttribution: true }}
      >
        <Background variant={BackgroundVariant.Dots} gap={16} size={1.5} />
        <ReadableWords box={box} />
        <CanvasControls hasSelection={selection.steps.length > 0} fit={(selected) => view.fit(selected ? selection.steps : undefined)} />
        <CanvasMap places={places} heights={heights} />
      </ReactFlow>
      {refusal && (
        <div role="status" className="pointer-events-none absolute inset-x-0 bottom-3 flex justify-center">
          <span className="max-w-110 rounded-md border border-warn bg-warn-soft px-2 py-1 text-caption text-ink shadow-float">
            {refusal}
          </span>
        </div>
      )}
    </div>
  )
  return menu ? <ContextMenu entries={menu}>{canvas}</ContextMenu> : canvas
}
