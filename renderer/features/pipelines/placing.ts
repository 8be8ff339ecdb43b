import type { RefObject } from 'react'
import type { PipelineDocument, PipelineEdit } from '../../../main/model/pipeline'
import type { Editor } from './editor-store'
import type { CanvasHandle } from './canvas-props'
import { freeSpot, STEP_WIDTH, type Point } from './step-layout'

export interface Placing {
  places: () => ReadonlyMap<string, Point>
  /** Steps that were placed by rule keep their place once any step has one of its own; otherwise all would jump. */
  settle: (document: PipelineDocument | null, moved?: ReadonlyMap<string, Point>) => PipelineEdit[]
  /** A free spot for a step of this height: beside the selected one, else in the middle of the view. */
  beside: (height: number) => Point
  /**
   * Selects new steps; a single one gets the focus, unless that has gone elsewhere since the command was given `from` there, or
   * the next words are being typed already.
   */
  show: (stepIds: readonly string[], from: Element | null) => void
}

export const moveStep = (stepId: string, position: Point): PipelineEdit => ({ kind: 'move-step', stepId, position })

/** Where the commands of the editor put steps on its canvas; without a canvas, in YAML, nothing has a place. */
export function createPlacing(editor: Editor, canvas: RefObject<CanvasHandle | null>): Placing {
  const places = (): ReadonlyMap<string, Point> => canvas.current?.places() ?? new Map()
  return {
    places,
    settle: (document, moved) =>
      (document?.steps ?? []).flatMap(({ id, position }) => {
        const at = places().get(id)
        return position || moved?.has(id) || !at ? [] : [moveStep(id, at)]
      }),
    beside(height) {
      const handle = canvas.current
      if (!handle) return { x: 0, y: 0 }
      const selected = places().get(editor.store.getState().selection.steps[0] ?? '')
      const centre = handle.viewCentre()
      const wish = selected
        ? { x: selected.x + STEP_WIDTH + 64, y: selected.y }
        : { x: centre.x - STEP_WIDTH / 2, y: centre.y - height / 2 }
      return freeSpot(wish, height, places(), handle.heights())
    },
    show(ids, from) {
      if (ids.length === 0) return
      editor.select({ steps: ids, edges: [] })
      const now = document.activeElement
      const isTyping = now instanceof HTMLInputElement && now.value !== ''
      // What had the focus may have gone meanwhile, as the search does with its palette; then it has fallen back to a panel, and nobody put it there.
      const hasFallen = from?.isConnected === false && now?.matches('[data-panel]') === true
      const isFocusFree = (now === from && !isTyping) || hasFallen || now === null || now === document.body
      requestAnimationFrame(() => (ids.length === 1 && isFocusFree ? canvas.current?.focus(ids[0]) : canvas.current?.show(ids[0])))
    }
  }
}
