import { useReactFlow } from '@xyflow/react'
import type { DragEvent } from 'react'
import type { CanvasEdits } from './canvas-props'
import { STEP_WIDTH } from './step-layout'

/** Type of what the palette hands over when a step is dragged. */
export const STEP_DRAG_TYPE = 'application/x-drydock-step'

/** Takes a step that is dragged in from the palette; nothing while the canvas is read-only. */
export function useStepDrop(edits: CanvasEdits | undefined) {
  const flow = useReactFlow()
  return {
    onDragOver(event: DragEvent) {
      if (!edits || !event.dataTransfer.types.includes(STEP_DRAG_TYPE)) return
      event.preventDefault()
      event.dataTransfer.dropEffect = 'copy'
    },
    onDrop(event: DragEvent) {
      const type = event.dataTransfer.getData(STEP_DRAG_TYPE)
      if (!type || !edits) return
      event.preventDefault()
      const at = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY })
      edits.onDrop(type, { x: Math.round(at.x - STEP_WIDTH / 2), y: Math.round(at.y - 22) })
    }
  }
}
