import type { PipelineProblem } from '../../../main/model/pipeline'
import type { MenuEntry } from '../../ui'
import type { PipelineGraph } from './connection-rules'
import type { Selection } from './editor-state'
import type { Heights, Point } from './step-layout'

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
