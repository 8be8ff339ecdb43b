import type { RefObject } from 'react'
import type { PipelineEdit } from '../../../main/model/pipeline'
import { nameForPort, NEW_PORT } from './connection-rules'
import type { Selection } from './editor-state'
import type { Editor } from './editor-store'
import type { CanvasEdits, CanvasHandle } from './canvas-props'
import { moveStep, type Placing } from './placing'
import { arrangeSteps } from './step-layout'

export interface GraphCommands extends Omit<CanvasEdits, 'onDrop'> {
  deleteSelected: () => void
  disconnectAll: (stepId: string) => void
  arrange: () => Promise<void>
}

/** What changes steps and connections that are there. */
export function createGraphCommands(editor: Editor, canvas: RefObject<CanvasHandle | null>, placing: Placing): GraphCommands {
  const onDelete = (selection: Selection) => {
    editor.select({ steps: [], edges: [] })
    void editor.edit((document) => {
      const removed = new Set(selection.steps)
      const edges = selection.edges.flatMap((id): PipelineEdit[] => {
        const [stepId, port] = (id.split('->')[1] ?? '').split('.')
        const isThere = document?.steps.some((step) => step.id === stepId && step.inputs?.[port])
        return isThere && !removed.has(stepId) ? [{ kind: 'disconnect', stepId, port }] : []
      })
      const steps = (document?.steps ?? []).filter((step) => removed.has(step.id))
      return [...edges, ...steps.map((step): PipelineEdit => ({ kind: 'remove-step', stepId: step.id }))]
    })
  }
  return {
    onMove: (moves, group) =>
      editor.edit((document) => [...placing.settle(document, moves), ...[...moves].map(([id, at]) => moveStep(id, at))], group),
    onConnect: (from, stepId, port) =>
      void editor.edit((document) => {
        const target = document?.steps.find((step) => step.id === stepId)
        if (!target) return []
        const [sourceStep, sourcePort] = from.split('.')
        return [{ kind: 'connect', from, stepId, port: port === NEW_PORT ? nameForPort(target, sourceStep, sourcePort) : port }]
      }),
    onDelete,
    deleteSelected: () => onDelete(editor.store.getState().selection),
    disconnectAll: (stepId) =>
      void editor.edit((document) => {
        const inputs = Object.keys(document?.steps.find((step) => step.id === stepId)?.inputs ?? {})
        return inputs.map((port) => ({ kind: 'disconnect', stepId, port }))
      }),
    async arrange() {
      const heights = canvas.current?.heights()
      if (!heights) return
      await editor.edit((document) => {
        if (!document) return []
        const wanted = arrangeSteps(document, heights)
        return document.steps.flatMap(({ id, position }) => {
          const at = wanted.get(id)
          return !at || (position?.x === at.x && position.y === at.y) ? [] : [moveStep(id, at)]
        })
      })
      requestAnimationFrame(() => canvas.current?.fit())
    }
  }
}
