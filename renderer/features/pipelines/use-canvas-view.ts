import { useReactFlow } from '@xyflow/react'
import { useCallback, useEffect, useMemo, useRef, type RefObject } from 'react'
import type { StepEdge, StepNode } from './graph-projection'
import { STEP_WIDTH, stepHeight, type Heights, type Point } from './step-layout'

/** Steps smaller than this show no words that can be read. */
const SMALLEST_START = 0.42
const MARGIN = 32

export interface CanvasView {
  /** Brings a step into view without changing the zoom, when it is not. */
  show: (stepId: string) => void
  /** The whole graph where it stays readable; of a larger one its beginning. */
  start: () => void
  /** All steps, or those given, as large as fits. */
  fit: (stepIds?: readonly string[]) => void
  centre: () => Point
  /** Moved by a person: from then on the view is theirs and is not fitted again. */
  onMoveStart: (event: unknown) => void
}

/** Where the canvas looks. Until somebody moves it, it shows the graph as it fits, also when the room changes. */
export function useCanvasView(places: ReadonlyMap<string, Point>, heights: Heights): [RefObject<HTMLDivElement | null>, CanvasView] {
  const box = useRef<HTMLDivElement>(null)
  const flow = useReactFlow<StepNode, StepEdge>()
  const isMoved = useRef(false)
  const latest = useRef({ places, heights })
  latest.current = { places, heights }

  const start = useCallback(() => {
    const bounds = box.current?.getBoundingClientRect()
    const area = areaOf(latest.current.places, latest.current.heights)
    if (!bounds || !area) return
    const fitting = Math.min(bounds.width / (area.width + 2 * MARGIN), bounds.height / (area.height + 2 * MARGIN))
    const zoom = Math.min(1, Math.max(SMALLEST_START, fitting))
    const offset = (size: number, from: number, length: number) =>
      length * zoom + MARGIN <= size ? (size - length * zoom) / 2 - from * zoom : 24 - from * zoom
    void flow.setViewport({ x: offset(bounds.width, area.x, area.width), y: offset(bounds.height, area.y, area.height), zoom })
  }, [flow, box])

  useEffect(() => {
    const target = box.current
    if (!target || typeof ResizeObserver === 'undefined') return
    const observer = new ResizeObserver(() => {
      if (!isMoved.current) start()
    })
    observer.observe(target)
    return () => observer.disconnect()
  }, [box, start])

  // A step more or less: what was fitted is fitted again.
  useEffect(() => {
    if (!isMoved.current) start()
  }, [places.size, start])

  const view = useMemo<CanvasView>(
    () => ({
      start,
      show(stepId) {
        const at = latest.current.places.get(stepId)
        const bounds = box.current?.getBoundingClientRect()
        if (!at || !bounds) return
        const height = latest.current.heights.get(stepId) ?? 0
        const topLeft = flow.flowToScreenPosition(at)
        const bottomRight = flow.flowToScreenPosition({ x: at.x + STEP_WIDTH, y: at.y + height })
        const isInView =
          topLeft.x >= bounds.left && topLeft.y >= bounds.top && bottomRight.x <= bounds.right && bottomRight.y <= bounds.bottom
        if (isInView) return
        isMoved.current = true
        void flow.setCenter(at.x + STEP_WIDTH / 2, at.y + height / 2, { zoom: flow.getZoom() })
      },
      fit(stepIds) {
        isMoved.current = Boolean(stepIds?.length)
        void flow.fitView({ padding: 0.15, maxZoom: 1, ...(stepIds?.length && { nodes: stepIds.map((id) => ({ id })) }) })
      },
      centre() {
        const bounds = box.current?.getBoundingClientRect()
        return bounds ? flow.screenToFlowPosition({ x: bounds.left + bounds.width / 2, y: bounds.top + bounds.height / 2 }) : { x: 0, y: 0 }
      },
      onMoveStart(event) {
        // Moves by this file come without an event.
        if (event) isMoved.current = true
      }
    }),
    [flow, box, start]
  )
  return [box, view]
}

/** The rectangle that all steps lie in; null without a step. */
export function areaOf(
  places: ReadonlyMap<string, Point>,
  heights: Heights
): { x: number; y: number; width: number; height: number } | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const [id, at] of places) {
    left = Math.min(left, at.x)
    top = Math.min(top, at.y)
    right = Math.max(right, at.x + STEP_WIDTH)
    bottom = Math.max(bottom, at.y + (heights.get(id) ?? stepHeight(1)))
  }
  return places.size ? { x: left, y: top, width: right - left, height: bottom - top } : null
}
