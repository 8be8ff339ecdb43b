import type { KeyboardEvent } from 'react'
import type { PipelineDocument } from '../../../main/model/pipeline'
import { neighbourOf, type Direction } from './connection-rules'
import type { Selection } from './editor-state'
import type { Point } from './step-layout'

const directions: Record<string, Direction> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' }
const NUDGE = 16
const nudges: Record<Direction, Point> = {
  left: { x: -NUDGE, y: 0 },
  right: { x: NUDGE, y: 0 },
  up: { x: 0, y: -NUDGE },
  down: { x: 0, y: NUDGE }
}

export interface CanvasKeys {
  document: PipelineDocument
  places: ReadonlyMap<string, Point>
  selection: Selection
  select: (selection: Selection) => void
  /** Selects a step and puts the focus on it. */
  focus: (stepId: string) => void
  open: (stepId: string) => void
  /** Without them the canvas is read-only. */
  edits?: { move: (moves: ReadonlyMap<string, Point>, group: string) => void; remove: (selection: Selection) => void }
}

/** What a key does on the canvas; false when it means nothing there. */
function handleKey(event: KeyboardEvent<HTMLElement>, keys: CanvasKeys): boolean {
  const { selection, edits } = keys
  const target = event.target as HTMLElement
  const focused = target.closest<HTMLElement>('.react-flow__node')?.dataset['id']
  const edge = target.closest<HTMLElement>('.react-flow__edge')?.dataset['id']
  const current = focused ?? selection.steps[0]
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'a' && !event.shiftKey && !event.altKey) {
    keys.select({ steps: keys.document.steps.map((step) => step.id), edges: [] })
    return true
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return false
  const direction = directions[event.key]
  if (direction && event.shiftKey) {
    if (!edits || !current) return false
    const ids = selection.steps.includes(current) ? selection.steps : [current]
    const by = nudges[direction]
    const at = (id: string): Point => keys.places.get(id) ?? { x: 0, y: 0 }
    edits.move(new Map(ids.map((id) => [id, { x: at(id).x + by.x, y: at(id).y + by.y }])), `nudge ${ids.join()}`)
    return true
  }
  if (direction) {
    const next = current ? neighbourOf(keys.document, keys.places, current, direction) : keys.document.steps[0]?.id
    if (next) keys.focus(next)
    return true
  }
  switch (event.key) {
    case 'Enter':
      if (!current) return false
      keys.select({ steps: [current], edges: [] })
      keys.open(current)
      return true
    case ' ':
      if (focused) keys.select({ steps: [focused], edges: [] })
      else if (edge) keys.select({ steps: [], edges: [edge] })
      else return false
      return true
    case 'Escape':
      keys.select({ steps: [], edges: [] })
      return true
    case 'Delete':
    case 'Backspace':
      if (!edits) return false
      if (selection.steps.length || selection.edges.length) edits.remove(selection)
      else if (focused) edits.remove({ steps: [focused], edges: [] })
      else if (edge) edits.remove({ steps: [], edges: [edge] })
      return true
  }
  return false
}

/** Keys of the canvas: arrows along connections, with Shift they move; Enter opens, Space and Ctrl+A select, Delete removes. */
export function onCanvasKey(event: KeyboardEvent<HTMLElement>, keys: CanvasKeys): void {
  if ((event.target as HTMLElement).closest('input, textarea, button, [contenteditable="true"]')) return
  if (!handleKey(event, keys)) return
  event.preventDefault()
  event.stopPropagation()
}
