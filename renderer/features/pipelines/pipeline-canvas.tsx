import { Background, BackgroundVariant, ReactFlow, ReactFlowProvider, type NodeTypes } from '@xyflow/react'
import { useCallback, useEffect, type RefObject } from 'react'
import { ContextMenu } from '../../ui'
import { onCanvasKey } from './canvas-keys'
import { CanvasControls, CanvasMap, ReadableWords, Refusal } from './canvas-parts'
import type { PipelineCanvasProps } from './canvas-props'
import type { StepEdge, StepNode as StepNodeType } from './graph-projection'
import { StepNode } from './step-node'
import { useCanvasGraph } from './use-canvas-graph'
import { useCanvasView, type CanvasView } from './use-canvas-view'
import { useConnecting } from './use-connecting'
import { useStepDrop } from './use-step-drop'
import './pipelines.css'

const nodeTypes: NodeTypes = { step: StepNode }
/** Above this only the steps in view are in the document. */
const RENDER_ALL = 150

export function PipelineCanvas(props: PipelineCanvasProps) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  )
}

function Canvas(props: PipelineCanvasProps) {
  const { graph, selection, onSelect, onOpen, edits, menu, handle } = props
  const { places, heights, nodes, edges, onNodesChange, onEdgesChange, onDragStop } = useCanvasGraph(props)
  const [box, view] = useCanvasView(places, heights)
  const focus = useStepFocus(box, view, onSelect)
  useEffect(() => {
    if (!handle) return
    handle.current = { places: () => places, heights: () => heights, viewCentre: view.centre, show: view.show, focus, fit: view.fit }
  }, [handle, places, heights, view, focus])
  const { refusal, ...connecting } = useConnecting(graph)
  const canEdit = edits !== undefined
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
          focus,
          open: onOpen,
          edits: edits && { move: (moves, group) => void edits.onMove(moves, group), remove: edits.onDelete }
        })
      }
      {...useStepDrop(edits)}
    >
      <ReactFlow<StepNodeType, StepEdge>
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        onNodesChange={onNodesChange}
        onEdgesChange={onEdgesChange}
        onNodeDragStop={(_event, _node, moved) => onDragStop(moved)}
        onSelectionDragStop={(_event, moved) => onDragStop(moved)}
        onConnect={({ source, sourceHandle, target, targetHandle }) =>
          edits?.onConnect(`${source}.${sourceHandle ?? ''}`, target, targetHandle ?? '')
        }
        {...connecting}
        onNodeDoubleClick={(_, node) => onOpen(node.id)}
        onNodeContextMenu={(_, { id }) => !selection.steps.includes(id) && onSelect({ steps: [id], edges: [] })}
        aria-label={`Pipeline graph, ${graph.document.steps.length} steps. Arrow keys move along connections.`}
        nodesDraggable={canEdit}
        nodesConnectable={canEdit}
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
      {refusal && <Refusal text={refusal} />}
    </div>
  )
  return menu ? <ContextMenu entries={menu}>{canvas}</ContextMenu> : canvas
}

/** Frames that a new step is waited for. */
const FRAMES_TO_DRAW = 60

/** Selects and shows a step and puts the focus on it. */
function useStepFocus(box: RefObject<HTMLElement | null>, view: CanvasView, onSelect: PipelineCanvasProps['onSelect']) {
  return useCallback(
    (stepId: string) => {
      onSelect({ steps: [stepId], edges: [] })
      view.show(stepId)
      // A step that is new or was out of view is drawn with the next frames.
      const look = (frames: number): void => {
        const step = box.current?.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(stepId)}"]`)
        if (step) step.focus()
        else if (frames > 0) requestAnimationFrame(() => look(frames - 1))
      }
      requestAnimationFrame(() => requestAnimationFrame(() => look(FRAMES_TO_DRAW)))
    },
    [onSelect, view, box]
  )
}
