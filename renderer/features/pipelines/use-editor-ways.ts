import { useRef, useState } from 'react'
import type { PipelineProblem } from '../../../main/model/pipeline'
import { navigate } from '../../ui'
import type { CanvasHandle } from './canvas-props'
import type { Editor } from './editor-store'
import { focusInspector, type PipelineLayoutHandle } from './pipeline-layout'
import type { PanelTab } from './step-panel'
import type { CodePlace } from './yaml-view'

export type EditorView = 'canvas' | 'yaml'

/** Where a person looks in the editor (canvas or text, inspector, panel), and the ways from one to another. */
export function useEditorWays(editor: Editor, view: EditorView) {
  const canvas = useRef<CanvasHandle | null>(null)
  const layout = useRef<PipelineLayoutHandle>(null)
  const [reveal, setReveal] = useState<CodePlace | null>(null)
  const [tab, setTab] = useState<PanelTab | undefined>(undefined)
  const { getState } = editor.store

  const setView = (next: EditorView) => {
    setReveal(null)
    navigate('pipelines', [getState().name], { view: next === 'yaml' ? 'yaml' : null }, { replace: true })
  }
  const openInspector = (selector?: string) => {
    layout.current?.openInspector()
    focusInspector(selector)
  }
  return {
    canvas,
    layout,
    view,
    setView,
    /** Where the cursor of the text is put. */
    reveal,
    tab,
    setTab,
    showTab(next: PanelTab) {
      setTab(next)
      layout.current?.openPanel()
    },
    openInspector,
    /** Puts the cursor where inputs of the selected step are connected. */
    showInputs: () => openInspector('[aria-label^="Input "]:is(button, input), [aria-label="Add an input"]'),
    endPeek: () => layout.current?.endPeek(),
    findStep() {
      layout.current?.peekPalette()
      requestAnimationFrame(() => document.querySelector<HTMLElement>('[aria-label="Step palette"] input')?.focus())
    },
    showStep(id: string) {
      if (view === 'yaml') setView('canvas')
      editor.select({ steps: [id], edges: [] })
      requestAnimationFrame(() => canvas.current?.focus(id))
    },
    showProblem(problem: PipelineProblem) {
      const step = getState().document?.steps.find((each) => each.id === problem.stepId)
      if (step) editor.select({ steps: [step.id], edges: [] })
      if (step && view === 'canvas') {
        canvas.current?.show(step.id)
        layout.current?.openInspector()
      } else {
        setView('yaml')
        setReveal(problem.line === undefined ? null : { line: problem.line, column: problem.column })
      }
    }
  }
}

export type EditorWays = ReturnType<typeof useEditorWays>
