import { useMemo, type RefObject } from 'react'
import { WorkbenchError } from '../../../main/model/errors'
import type { PipelineDocument, PipelineEdit, PipelineStep } from '../../../main/model/pipeline'
import { reportError, useClient, useInvalidate, type HostClient } from '../../host'
import { navigate, shortHash, showToast } from '../../ui'
import { idForStep, inputsFromBeside, nameForPort, NEW_PORT } from './connection-rules'
import { currentGraph, type EditorContextValue } from './editor-context'
import type { Selection } from './editor-store'
import type { CanvasEdits, CanvasHandle } from './pipeline-canvas'
import { allPipelines } from './pipeline-names'
import type { RunWish } from './run-dialog'
import { pasteSteps, readSteps, writeSteps } from './step-clipboard'
import { arrangeSteps, freeSpot, STEP_WIDTH, stepHeight, type Point } from './step-layout'

export interface EditorCommands extends CanvasEdits {
  /** Adds a step; without a place beside the selected one and fed by it. */
  add: (type: string, at?: Point) => Promise<void>
  duplicate: (stepIds: readonly string[]) => Promise<void>
  /** The selected steps as text, also kept for `paste`; null when none is selected. */
  copy: () => string | null
  /** Puts the steps of a text in; without one those that were copied last. */
  paste: (text?: string) => Promise<void>
  disconnectAll: (stepId: string) => void
  arrange: () => Promise<void>
  /** Makes a version; false when that failed (a notice was shown). */
  save: (isQuiet?: boolean) => Promise<boolean>
  run: (wish: RunWish) => Promise<string | null>
}

/** What was copied last in this window: a menu may not read the clipboard of the system, a paste event may. */
let copied: { text: string; from: string } | null = null

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
    /**
     * Selects new steps; a single one gets the focus, unless that has gone elsewhere since the command was given `from` there, or
     * the next words are being typed already.
     */
    const showSteps = (ids: readonly string[], from: Element | null) => {
      if (ids.length === 0) return
      editor.select({ steps: ids, edges: [] })
      const now = document.activeElement
      const isTyping = now instanceof HTMLInputElement && now.value !== ''
      const isFocusFree = (now === from && !isTyping) || now === null || now === document.body
      requestAnimationFrame(() => (ids.length === 1 && isFocusFree ? canvas.current?.focus(ids[0]) : canvas.current?.show(ids[0])))
    }

    const add = async (type: string, at?: Point): Promise<void> => {
      const info = types.get(type)
      if (!info) return
      const from = document.activeElement
      const height = stepHeight(Math.max(info.inputs.length + (info.dynamicInputs ? 1 : 0), info.outputs.length))
      let id = ''
      const done = await editor.edit((document) => {
        id = idForStep(document, type)
        const [beside] = editor.store.getState().selection.steps
        const graph = currentGraph({ editor, types })
        const inputs = !at && beside && graph ? inputsFromBeside(graph, beside, info) : {}
        return [...settle(document, new Set()), { kind: 'add-step', step: { id, type, inputs, position: at ?? placeBeside(height) } }]
      })
      if (done) showSteps([id], from)
    }
    const insert = async (steps: readonly PipelineStep[], centre: Point | null): Promise<void> => {
      let ids: string[] = []
      const from = document.activeElement
      const done = await editor.edit((document) => {
        if (!document) return []
        const pasted = pasteSteps(document, steps, places(), centre)
        ids = pasted.ids
        return [...settle(document, new Set()), ...pasted.edits]
      })
      if (done) showSteps(ids, from)
    }
    const textOf = (ids: readonly string[]): string | null => {
      const { document } = editor.store.getState()
      return document && ids.length ? writeSteps(document, ids, places()) : null
    }
    const duplicate = async (ids: readonly string[]): Promise<void> => {
      const steps = readSteps(textOf(ids) ?? '')
      if (steps) await insert(steps, null)
    }
    const paste = async (text = copied?.text ?? ''): Promise<void> => {
      const steps = readSteps(text)
      if (!steps)
        return void showToast({
          status: 'info',
          title: 'There are no steps to paste.',
          text: 'Select steps on a canvas and copy them first. Text of a pipeline is pasted into its YAML.'
        })
      const isFromHere = copied?.text === text && copied.from === editor.store.getState().name
      await insert(steps, isFromHere ? null : (canvas.current?.viewCentre() ?? null))
    }
    const save = async (isQuiet = false): Promise<boolean> => {
      const { name, text } = editor.store.getState()
      try {
        await assertNameIsFree(client, name, text)
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
      copy() {
        const { name, selection } = editor.store.getState()
        const text = textOf(selection.steps)
        if (text) copied = { text, from: name }
        return text
      },
      paste,
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

/** A version under the name of another pipeline would become that pipeline's newest and drop its draft. */
async function assertNameIsFree(client: HostClient, name: string, text: string): Promise<void> {
  const wanted = (await client.pipelines.validate({ yaml: text })).document?.name
  if (wanted === undefined || wanted === name) return
  const owner = (await allPipelines(client)).find((each) => each.name === wanted)
  if (owner)
    throw new WorkbenchError(
      'CONFLICT',
      `There is another pipeline "${wanted}"${owner.removedAt ? ' in the trash' : ''}. Nothing was saved, so that it stays as it is. Give this one another "name:" in its YAML.`
    )
}
