import {
  Background,
  BackgroundVariant,
  MiniMap,
  Panel,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  type Connection,
  type EdgeChange,
  type FinalConnectionState,
  type NodeChange,
  type NodeTypes
} from '@xyflow/react'
import { Maximize, ZoomIn, ZoomOut } from 'lucide-react'
import { useCallback, useEffect, useMemo, useRef, useState, type DragEvent, type KeyboardEvent, type MouseEvent } from 'react'
import type { PipelineProblem } from '../../../main/model/pipeline'
import { ContextMenu, IconButton, showToast, type MenuEntry } from '../../ui'
import { neighbourOf, refuseConnection, type Direction, type PipelineGraph } from './connection-rules'
import { graphHeights, placeNodes, projectEdges, projectNodes, type StepEdge, type StepNode as StepNodeType } from './graph-projection'
import type { Selection } from './editor-store'
import { placeSteps, STEP_WIDTH, type Heights, type Point } from './step-layout'
import { StepNode } from './step-node'
import './pipelines.css'

const nodeTypes: NodeTypes = { step: StepNode }
/** Type of what the palette hands over when a step is dragged. */
export const STEP_DRAG_TYPE = 'application/x-drydock-step'
/** Above this only the steps in view are in the document. */
const RENDER_ALL = 150
/** Smaller text than this nobody reads. */
const SMALLEST_START = 0.6
const directions: Record<string, Direction> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' }
const nudges: Record<string, Point> = {
  ArrowLeft: { x: -16, y: 0 },
  ArrowRight: { x: 16, y: 0 },
  ArrowUp: { x: 0, y: -16 },
  ArrowDown: { x: 0, y: 16 }
}

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
  fit: () => void
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
  const box = useRef<HTMLDivElement>(null)
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

  const show = useCallback(
    (stepId: string) => {
      const at = places.get(stepId)
      const bounds = box.current?.getBoundingClientRect()
      if (!at || !bounds) return
      const height = heights.get(stepId) ?? 0
      const topLeft = flow.flowToScreenPosition(at)
      const bottomRight = flow.flowToScreenPosition({ x: at.x + STEP_WIDTH, y: at.y + height })
      const isInView =
        topLeft.x >= bounds.left && topLeft.y >= bounds.top && bottomRight.x <= bounds.right && bottomRight.y <= bounds.bottom
      if (!isInView) void flow.setCenter(at.x + STEP_WIDTH / 2, at.y + height / 2, { zoom: flow.getZoom() })
    },
    [flow, places, heights]
  )
  const focusStep = useCallback(
    (stepId: string) => {
      onSelect({ steps: [stepId], edges: [] })
      show(stepId)
      // A step that was out of view is drawn with the next frames.
      requestAnimationFrame(() =>
        requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(stepId)}"]`)?.focus())
      )
    },
    [onSelect, show]
  )
  useEffect(() => {
    if (!handle) return
    handle.current = {
      places: () => places,
      heights: () => heights,
      viewCentre: () => {
        const bounds = box.current?.getBoundingClientRect()
        return bounds ? flow.screenToFlowPosition({ x: bounds.left + bounds.width / 2, y: bounds.top + bounds.height / 2 }) : { x: 0, y: 0 }
      },
      show,
      fit: () => void flow.fitView({ padding: 0.15, maxZoom: 1 })
    }
  }, [handle, places, heights, flow, show])

  /** The whole graph where it stays readable; of a larger one its beginning. */
  const showStart = () => {
    const bounds = box.current?.getBoundingClientRect()
    if (!bounds || nodes.length === 0) return
    const area = flow.getNodesBounds(nodes)
    const fitting = Math.min(bounds.width / (area.width + 64), bounds.height / (area.height + 64))
    const zoom = Math.min(1, Math.max(SMALLEST_START, fitting))
    const offset = (size: number, start: number, length: number) =>
      length * zoom + 32 <= size ? (size - length * zoom) / 2 - start * zoom : 24 - start * zoom
    void flow.setViewport({ x: offset(bounds.width, area.x, area.width), y: offset(bounds.height, area.y, area.height), zoom })
  }
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

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const target = event.target as HTMLElement
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest('input, textarea, button, [contenteditable="true"]')) return
    const focused = target.closest<HTMLElement>('.react-flow__node')?.dataset['id']
    const edge = target.closest<HTMLElement>('.react-flow__edge')?.dataset['id']
    const current = focused ?? selection.steps[0]
    const direction = directions[event.key]
    if (direction && event.shiftKey && edits && current) {
      const ids = selectedSteps.has(current) ? selection.steps : [current]
      const by = nudges[event.key]
      const moves = new Map(ids.map((id) => [id, { x: (places.get(id)?.x ?? 0) + by.x, y: (places.get(id)?.y ?? 0) + by.y }]))
      void edits.onMove(moves, `nudge ${ids.join()}`)
    } else if (direction) {
      const next = current ? neighbourOf(graph.document, places, current, direction) : graph.document.steps[0]?.id
      if (next) focusStep(next)
    } else if (event.key === 'Enter' && current) {
      onSelect({ steps: [current], edges: [] })
      onOpen(current)
    } else if (event.key === ' ' && (focused || edge)) onSelect(focused ? { steps: [focused], edges: [] } : { steps: [], edges: [edge!] })
    else if (event.key === 'Escape') onSelect({ steps: [], edges: [] })
    else if ((event.key === 'Delete' || event.key === 'Backspace') && edits) {
      if (selection.steps.length || selection.edges.length) edits.onDelete(selection)
      else if (focused) edits.onDelete({ steps: [focused], edges: [] })
      else if (edge) edits.onDelete({ steps: [], edges: [edge] })
    } else return
    event.preventDefault()
    event.stopPropagation()
  }

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
      onKeyDown={onKeyDown}
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
        onInit={showStart}
        zoomOnDoubleClick={false}
        proOptions={{ hideAttribution: true }}
      >
        <Background variant={BackgroundVariant.Dots} gap={16} size={1.5} />
        <CanvasControls />
        {nodes.length > 4 && (
          <MiniMap<StepNodeType>
            pannable
            zoomable
            ariaLabel="Map of the pipeline"
            className="max-[1100px]:hidden"
            style={{ width: 140, height: 90 }}
            nodeColor={(node) => (node.selected ? 'var(--accent)' : node.data.errors ? 'var(--error)' : 'var(--line-strong)')}
          />
        )}
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

function CanvasControls() {
  const flow = useReactFlow()
  return (
    <Panel position="bottom-left" className="flex rounded-md border bg-surface-1 p-0.5 shadow-float">
      <IconButton size="sm" icon={ZoomIn} label="Zoom in" onClick={() => void flow.zoomIn()} />
      <IconButton size="sm" icon={ZoomOut} label="Zoom out" onClick={() => void flow.zoomOut()} />
      <IconButton size="sm" icon={Maximize} label="Show all steps" onClick={() => void flow.fitView({ padding: 0.15, maxZoom: 1 })} />
    </Panel>
  )
}
