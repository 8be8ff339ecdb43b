import { useMemo, type RefObject } from 'react'
import type { PipelineDocument, PipelineEdit, PipelineStep } from '../../../main/model/pipeline'
import { reportError, useClient, useInvalidate } from '../../host'
import { navigate, shortHash, showToast } from '../../ui'
import { idForStep, nameForPort, NEW_PORT } from './connection-rules'
import type { EditorContextValue } from './editor-context'
import type { Selection } from './editor-store'
import type { CanvasEdits, CanvasHandle } from './pipeline-canvas'
import type { RunWish } from './run-dialog'
import { arrangeSteps, freeSpot, STEP_WIDTH, stepHeight, type Point } from './step-layout'

export interface EditorCommands extends CanvasEdits {
  add: (type: string, at?: Point) => Promise<void>
  duplicate: (stepId: string) => Promise<void>
  disconnectAll: (stepId: string) => void
  arrange: () => Promise<void>
  /** Makes a version; false when that failed (a notice was shown). */
  save: (isQuiet?: boolean) => Promise<boolean>
  run: (wish: RunWish) => Promise<string | null>
}

/** Everything that changes the pipeline from canvas, palette, menus and keys. Each is one step of undo. */
export function useEditorCommands({ editor, types }: EditorContextValue, canvas: RefObject<CanvasHandle | null>): EditorCommands {
  const client = useClient()
  const invalidate = useInvalidate()
  return useMemo(() => {
    const places = (): ReadonlyMap<string, Point> => canvas.current?.places() ?? new Map()
    /** Steps that were placed by rule keep their place once any step has one of its own; otherwise all would jump. */
    const settle = (document: PipelineDocument | null, moved: ReadonlySet<string>): PipelineEdit[] =>
      (document?.steps ?? []).flatMap((step) => {
        const at = places().get(step.id)
        return step.position || moved.has(step.id) || !at ? [] : [{ kind: 'move-step' as const, stepId: step.id, position: at }]
      })
    const placeBeside = (height: number): Point => {
      const handle = canvas.current
      if (!handle) return { x: 0, y: 0 }
      const selected = places().get(editor.store.getState().selection.steps[0] ?? '')
      const centre = handle.viewCentre()
      const wish = selected
        ? { x: selected.x + STEP_WIDTH + 64, y: selected.y }
        : { x: centre.x - STEP_WIDTH / 2, y: centre.y - height / 2 }
      return freeSpot(wish, height, places(), handle.heights())
    }
    const select = (stepId: string) => {
      editor.select({ steps: [stepId], edges: [] })
      requestAnimationFrame(() => canvas.current?.show(stepId))
    }

    const add = async (type: string, at?: Point): Promise<void> => {
      const info = types.get(type)
      if (!info) return
      const height = stepHeight(Math.max(info.inputs.length + (info.dynamicInputs ? 1 : 0), info.outputs.length))
      let id = ''
      const done = await editor.edit((document) => {
        id = idForStep(document, type)
        return [...settle(document, new Set()), { kind: 'add-step', step: { id, type, position: at ?? placeBeside(height) } }]
      })
      if (done) select(id)
    }
    const duplicate = async (stepId: string): Promise<void> => {
      let id = ''
      const done = await editor.edit((document) => {
        const step = document?.steps.find((each) => each.id === stepId)
        if (!step) return []
        id = idForStep(document, step.id.replace(/-\d+$/, ''))
        const at = places().get(stepId) ?? { x: 0, y: 0 }
        const height = canvas.current?.heights().get(stepId) ?? stepHeight(1)
        const position = canvas.current ? freeSpot(at, height, places(), canvas.current.heights()) : at
        const copy: PipelineStep = { ...step, id, position, ...(step.title && { title: `${step.title} (copy)`.slice(0, 200) }) }
        return [...settle(document, new Set()), { kind: 'add-step', step: copy }]
      })
      if (done) select(id)
    }
    const save = async (isQuiet = false): Promise<boolean> => {
      const { name } = editor.store.getState()
      try {
        const saved = await editor.saveVersion()
        if (!saved) return true
        await invalidate(['pipelines'])
        if (!isQuiet) showToast({ status: 'ok', title: `Saved as version ${shortHash(saved.version ?? '')}.` })
        if (saved.name !== name) {
          // The name in the text was changed: what was saved is another pipeline, and the draft under the old name has moved there.
          const old = await client.pipelines.get({ name })
          if (old.version === null) await client.pipelines.remove({ name })
          else await client.pipelines.discardDraft({ name })
          navigate('pipelines', [saved.name], {}, { replace: true })
        }
        return true
      } catch (error) {
        reportError(error)
        return false
      }
    }

    return {
      add,
      duplicate,
      save,
      onDrop: (type, at) => void add(type, at),
      onMove: (moves, group) =>
        editor.edit(
          (document) => [
            ...settle(document, new Set(moves.keys())),
            ...[...moves].map(([stepId, position]): PipelineEdit => ({ kind: 'move-step', stepId, position }))
          ],
          group
        ),
      onConnect: (from, stepId, port) =>
        void editor.edit((document) => {
          const target = document?.steps.find((step) => step.id === stepId)
          if (!target) return []
          const [sourceStep, sourcePort] = from.split('.')
          return [{ kind: 'connect', from, stepId, port: port === NEW_PORT ? nameForPort(target, sourceStep, sourcePort) : port }]
        }),
      onDelete: (selection: Selection) => {
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
      },
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
          return document.steps.flatMap((step) => {
            const at = wanted.get(step.id)
            return !at || (step.position?.x === at.x && step.position.y === at.y)
              ? []
              : [{ kind: 'move-step', stepId: step.id, position: at }]
          })
        })
        requestAnimationFrame(() => canvas.current?.fit())
      },
      async run({ parameters, targetStep, force }) {
        if (!(await save(true))) return null
        const name = editor.store.getState().document?.name ?? editor.store.getState().name
        try {
          const { runId } = await client.pipelines.run({ name, parameters, targetStep, force })
          await invalidate(['pipelines', 'jobs'])
          return runId
        } catch (error) {
          reportError(error)
          return null
        }
      }
    }
  }, [editor, types, canvas, client, invalidate])
}
