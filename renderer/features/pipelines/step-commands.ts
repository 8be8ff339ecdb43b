import type { RefObject } from 'react'
import type { PipelineStep } from '../../../main/model/pipeline'
import { showToast } from '../../ui'
import { idForStep, inputsFromBeside } from './connection-rules'
import { currentGraph, type EditorContextValue } from './editor-context'
import type { CanvasHandle } from './canvas-props'
import type { Placing } from './placing'
import { copiedSteps, pasteSteps, readSteps, writeSteps } from './step-clipboard'
import { stepHeight, type Point } from './step-layout'

export interface StepCommands {
  /** Adds a step; without a place beside the selected one and fed by it. */
  add: (type: string, at?: Point) => Promise<void>
  duplicate: (stepIds: readonly string[]) => Promise<void>
  /** The selected steps as text, also kept for `paste`; null when none is selected. */
  copy: () => string | null
  /** Puts the steps of a text in; without one those that were copied last. */
  paste: (text?: string) => Promise<void>
}

/** What brings steps into the pipeline: new ones, copies, and those of another pipeline. */
export function createStepCommands(context: EditorContextValue, canvas: RefObject<CanvasHandle | null>, placing: Placing): StepCommands {
  const { editor, types } = context
  const { getState } = editor.store
  const insert = async (steps: readonly PipelineStep[], centre: Point | null): Promise<void> => {
    let ids: string[] = []
    const from = document.activeElement
    const done = await editor.edit((document) => {
      if (!document) return []
      const pasted = pasteSteps(document, steps, placing.places(), centre)
      ids = pasted.ids
      return [...placing.settle(document), ...pasted.edits]
    })
    if (done) placing.show(ids, from)
  }
  const textOf = (ids: readonly string[]): string | null => {
    const { document } = getState()
    return document && ids.length ? writeSteps(document, ids, placing.places()) : null
  }
  return {
    async add(type, at) {
      const info = types.get(type)
      if (!info) return
      const from = document.activeElement
      const height = stepHeight(Math.max(info.inputs.length + (info.dynamicInputs ? 1 : 0), info.outputs.length))
      let id = ''
      const done = await editor.edit((document) => {
        id = idForStep(document, type)
        const [beside] = getState().selection.steps
        const graph = currentGraph(context)
        const inputs = !at && beside && graph ? inputsFromBeside(graph, beside, info) : {}
        return [...placing.settle(document), { kind: 'add-step', step: { id, type, inputs, position: at ?? placing.beside(height) } }]
      })
      if (done) placing.show([id], from)
    },
    async duplicate(ids) {
      const steps = readSteps(textOf(ids) ?? '')
      if (steps) await insert(steps, null)
    },
    copy() {
      const { name, selection } = getState()
      const text = textOf(selection.steps)
      if (text) copiedSteps.setState({ text, from: name })
      return text
    },
    async paste(text = copiedSteps.getState().text) {
      const steps = readSteps(text)
      if (!steps)
        return void showToast({
          status: 'info',
          title: 'There are no steps to paste.',
          text: 'Select steps on a canvas and copy them first. Text of a pipeline is pasted into its YAML.'
        })
      const copied = copiedSteps.getState()
      const isFromHere = copied.text === text && copied.from === getState().name
      await insert(steps, isFromHere ? null : (canvas.current?.viewCentre() ?? null))
    }
  }
}
