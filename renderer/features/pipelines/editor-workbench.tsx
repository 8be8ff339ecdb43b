import { Play } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { PipelineProblem, PipelineVersionInfo, StepTypeInfo } from '../../../main/model/pipeline'
import { Button, navigate, Page, useActions } from '../../ui'
import type { PipelineGraph } from './connection-rules'
import { editorActions, pageMenuEntries, stepMenuEntries, type EditorDoing } from './editor-actions'
import { useEditorCommands } from './editor-commands'
import { EditorProvider, useEditorState, type EditorContextValue } from './editor-context'
import { EditorHeader } from './editor-header'
import { EditorInspector, InspectorTitle } from './editor-inspector'
import { EditorPicture } from './editor-picture'
import type { Editor } from './editor-store'
import { useListCommands } from './list-commands'
import type { CanvasHandle } from './pipeline-canvas'
import { focusInspector, PipelineLayout, type PipelineLayoutHandle } from './pipeline-layout'
import { RunDialog } from './run-dialog'
import { RunFollower } from './run-follower'
import { createRunStore, RunProvider, useRun, type RunStore } from './run-store'
import { StepPalette } from './step-palette'
import { StepPanel, type PanelTab } from './step-panel'
import { useRunRequests } from './use-run-requests'
import { useStepClipboard } from './use-step-clipboard'
import type { CodePlace } from './yaml-view'

export interface EditorWorkbenchProps {
  editor: Editor
  types: readonly StepTypeInfo[]
  history: readonly PipelineVersionInfo[]
  view: 'canvas' | 'yaml'
}

/** The editor of one pipeline: palette, canvas or text, inspector, and the panel of the selected step. */
export function EditorWorkbench({ editor, types, history, view }: EditorWorkbenchProps) {
  const context = useMemo(() => ({ editor, types: new Map(types.map((type) => [type.type, type])) }), [editor, types])
  const [runStore] = useState(createRunStore)
  return (
    <EditorProvider value={context}>
      <RunProvider value={runStore}>
        <Workbench context={context} history={history} view={view} runStore={runStore} />
      </RunProvider>
    </EditorProvider>
  )
}

interface WorkbenchProps {
  context: EditorContextValue
  history: readonly PipelineVersionInfo[]
  view: 'canvas' | 'yaml'
  runStore: RunStore
}

function Workbench({ context, history, view, runStore }: WorkbenchProps) {
  const { editor, types } = context
  const name = useEditorState((state) => state.name)
  const document_ = useEditorState((state) => state.document)
  const ports = useEditorState((state) => state.ports)
  const problems = useEditorState((state) => state.problems)
  const selection = useEditorState((state) => state.selection)
  const version = useEditorState((state) => state.version)
  const isDraft = useEditorState((state) => state.text !== state.versionText)
  const canvas = useRef<CanvasHandle | null>(null)
  const layout = useRef<PipelineLayoutHandle>(null)
  const commands = useEditorCommands(context, canvas)
  const listCommands = useListCommands()
  const [reveal, setReveal] = useState<CodePlace | null>(null)
  const [tab, setTab] = useState<PanelTab | undefined>(undefined)
  const graph = useMemo<PipelineGraph | null>(() => document_ && { document: document_, ports, types }, [document_, ports, types])
  const stepId = selection.steps.length === 1 ? selection.steps[0] : null
  const typeList = useMemo(() => [...types.values()], [types])

  const setView = (next: 'canvas' | 'yaml') => {
    setReveal(null)
    navigate('pipelines', [name], { view: next === 'yaml' ? 'yaml' : null }, { replace: true })
  }
  const openInspector = (selector?: string) => {
    layout.current?.openInspector()
    focusInspector(selector)
  }
  const showTab = (next: PanelTab) => {
    setTab(next)
    layout.current?.openPanel()
  }
  const showStep = (id: string) => {
    if (view === 'yaml') setView('canvas')
    editor.select({ steps: [id], edges: [] })
    requestAnimationFrame(() => canvas.current?.focus(id))
  }
  const findStep = () => {
    layout.current?.peekPalette()
    requestAnimationFrame(() => document.querySelector<HTMLElement>('[aria-label="Step palette"] input')?.focus())
  }
  const runs = useRunRequests({
    editor,
    commands,
    runStore,
    name,
    onProblems: () => showTab('problems'),
    onStarted: () => tab === 'problems' && setTab('output')
  })
  const showProblem = (problem: PipelineProblem) => {
    const step = document_?.steps.find((each) => each.id === problem.stepId)
    if (step) editor.select({ steps: [step.id], edges: [] })
    if (step && view === 'canvas') {
      canvas.current?.show(step.id)
      layout.current?.openInspector()
    } else {
      setView('yaml')
      setReveal(problem.line === undefined ? null : { line: problem.line, column: problem.column })
    }
  }
  const remove = async () => {
    await editor.flush()
    if (await listCommands.remove({ name, title: document_?.title ?? name })) navigate('pipelines')
  }
  const doing: EditorDoing = {
    editor,
    commands,
    types: typeList,
    view,
    stepId,
    selection,
    canDiscard: version !== null && isDraft,
    requestRun: runs.request,
    connect: () => openInspector('[aria-label^="Input "]:is(button, input), [aria-label="Add an input"]'),
    findStep,
    fit: () => canvas.current?.fit(selection.steps),
    deleteSelection: () => commands.onDelete(editor.store.getState().selection),
    duplicatePipeline: () => void editor.flush().then(() => listCommands.duplicate({ name })),
    compare: () => void editor.flush().then(() => navigate('pipelines', [name, version ?? ''], { view: 'changes', with: 'draft' })),
    remove: () => void remove(),
    setView
  }
  useActions(editorActions(doing))
  useStepClipboard({ commands, selection: () => editor.store.getState().selection, enabled: view === 'canvas' })
  return (
    <Page
      header={
        <EditorHeader
          view={view}
          onView={setView}
          onRun={() => runs.request()}
          onSave={() => void commands.save()}
          onArrange={() => void commands.arrange()}
          starting={runs.isStarting}
          menu={pageMenuEntries(doing)}
        />
      }
    >
      {runs.runId && <RunFollower runId={runs.runId} store={runStore} />}
      <div data-pipeline-editor className="min-h-0 flex-1">
        <PipelineLayout
          handle={layout}
          palette={(fold) => (
            <StepPalette
              {...fold}
              types={typeList}
              steps={document_?.steps ?? []}
              onFind={findStep}
              onLeave={() => layout.current?.endPeek()}
              onAdd={(type) => {
                layout.current?.endPeek()
                void commands.add(type)
              }}
              onShow={(id) => {
                layout.current?.endPeek()
                showStep(id)
              }}
            />
          )}
          main={
            <EditorPicture
              view={view}
              onView={setView}
              reveal={reveal}
              onProblem={showProblem}
              graph={graph}
              commands={commands}
              menu={stepMenuEntries(doing)}
              canvas={canvas}
              onOpen={() => openInspector()}
            />
          }
          panel={(fold) => (
            <StepPanel
              {...fold}
              stepId={stepId}
              onStep={showStep}
              problems={problems}
              onProblem={showProblem}
              tab={tab}
              onTab={setTab}
              runAction={
                <Button icon={Play} onClick={() => runs.request()}>
                  Run the pipeline
                </Button>
              }
            />
          )}
          inspectorTitle={<InspectorTitle />}
          inspector={<EditorInspector history={history} commands={commands} onRunTo={runs.request} />}
        />
      </div>
      <RunAnnouncer />
      {runs.asking && (
        <RunDialog
          parameters={document_?.parameters ?? []}
          targetStep={runs.asking.targetStep}
          initialForce={runs.asking.force}
          onClose={runs.stopAsking}
          onRun={runs.start}
        />
      )}
    </Page>
  )
}

/** Tells assistive technology how the run goes, at its turns only. */
function RunAnnouncer() {
  const state = useRun((run) => run.run?.state ?? null)
  const [text, setText] = useState('')
  const before = useRef(state)
  useEffect(() => {
    if (before.current !== null && state !== null && before.current !== state)
      setText(`The run has ${state === 'running' ? 'started' : state}.`)
    before.current = state
  }, [state])
  return (
    <span role="status" className="sr-only">
      {text}
    </span>
  )
}
