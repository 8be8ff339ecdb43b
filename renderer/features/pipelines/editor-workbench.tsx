import { PanelRightClose, PanelRightOpen, Play, Trash2, Workflow } from 'lucide-react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { PipelineProblem, PipelineVersionInfo, StepTypeInfo } from '../../../main/model/pipeline'
import { useHostQuery } from '../../host'
import { Button, EmptyState, IconButton, navigate, Page, showToast, SplitPane, StatusIcon, useActions, useRememberedChoice } from '../../ui'
import type { PipelineGraph } from './connection-rules'
import { editorActions, pageMenuEntries, stepMenuEntries, type EditorDoing } from './editor-actions'
import { useEditorCommands } from './editor-commands'
import { EditorProvider, useEditorState } from './editor-context'
import { EditorHeader } from './editor-header'
import type { Editor, Selection } from './editor-store'
import { useListCommands } from './list-page'
import { PipelineCanvas, type CanvasHandle } from './pipeline-canvas'
import { PipelineSettings } from './pipeline-settings'
import { RunDialog, type RunWish } from './run-dialog'
import { RunFollower } from './run-follower'
import { createRunStore, RunProvider, useRun } from './run-store'
import { StepInspector } from './step-inspector'
import { StepPalette } from './step-palette'
import { StepPanel, type PanelTab } from './step-panel'
import { YamlView } from './yaml-view'

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
  context: { editor: Editor; types: ReadonlyMap<string, StepTypeInfo> }
  history: readonly PipelineVersionInfo[]
  view: 'canvas' | 'yaml'
  runStore: ReturnType<typeof createRunStore>
}

function Workbench({ context, history, view, runStore }: WorkbenchProps) {
  const { editor, types } = context
  const name = useEditorState((state) => state.name)
  const document_ = useEditorState((state) => state.document)
  const ports = useEditorState((state) => state.ports)
  const problems = useEditorState((state) => state.problems)
  const isReadable = useEditorState((state) => state.isReadable)
  const selection = useEditorState((state) => state.selection)
  const canvas = useRef<CanvasHandle | null>(null)
  const commands = useEditorCommands(context, canvas)
  const listCommands = useListCommands()
  const [tab, setTab] = useState<PanelTab | undefined>(undefined)
  const [inspector, setInspector] = useRememberedChoice('inspector.pipeline', ['open', 'closed'] as const, 'open')
  const [asking, setAsking] = useState<{ targetStep?: string; force: boolean } | null>(null)
  const [starting, setStarting] = useState(false)
  const [startedRun, setStartedRun] = useState<string | null>(null)
  const lastRun = useHostQuery('pipelines.runs', { pipeline: name, limit: 1 }).data?.runs[0]?.id ?? null
  const runId = startedRun ?? lastRun
  const graph = useMemo<PipelineGraph | null>(() => document_ && { document: document_, ports, types }, [document_, ports, types])
  const stepId = selection.steps.length === 1 ? selection.steps[0] : null
  const onSelect = useCallback((next: Partial<Selection>) => editor.select(next), [editor])

  const setView = (next: 'canvas' | 'yaml') => navigate('pipelines', [name], { view: next === 'yaml' ? 'yaml' : null }, { replace: true })
  const openInspector = () => {
    setInspector('open')
    requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-pipeline-inspector] :is(input, textarea, button)')?.focus())
  }
  const start = async (wish: RunWish) => {
    setAsking(null)
    setStarting(true)
    const started = await commands.run(wish)
    setStarting(false)
    if (!started) return
    setStartedRun(started)
    if (tab === 'problems') setTab('output')
  }
  const requestRun = (targetStep?: string, force = false) => {
    const errors = editor.store.getState().problems.filter((problem) => problem.severity === 'error')
    if (errors.length) {
      setTab('problems')
      showToast({
        status: 'warn',
        title: 'The pipeline cannot run yet.',
        text: `${errors[0].message}${errors.length > 1 ? ` ${errors.length - 1} more are listed under Problems.` : ''}`
      })
    } else if (editor.store.getState().document?.parameters?.length) setAsking({ targetStep, force })
    else void start({ parameters: {}, targetStep, force })
  }
  const showProblem = (problem: PipelineProblem) => {
    if (!problem.stepId || !document_?.steps.some((step) => step.id === problem.stepId)) return setView('yaml')
    editor.select({ steps: [problem.stepId], edges: [] })
    canvas.current?.show(problem.stepId)
    setInspector('open')
  }
  const remove = async () => {
    await editor.flush()
    if (await listCommands.remove({ name, title: document_?.title ?? name })) navigate('pipelines')
  }
  const hasVersion = useEditorState((state) => state.versionText !== null)
  const isDraft = useEditorState((state) => state.text !== state.versionText)
  const duplicatePipeline = () => void editor.flush().then(() => listCommands.duplicate({ name }))
  const deleteSelection = () => commands.onDelete(editor.store.getState().selection)
  const doing: EditorDoing = {
    editor,
    commands,
    types: [...types.values()],
    view,
    stepId,
    hasSelection: selection.steps.length + selection.edges.length > 0,
    canDiscard: hasVersion && isDraft,
    requestRun,
    deleteSelection,
    duplicatePipeline,
    remove: () => void remove(),
    setView
  }

  useActions(editorActions(doing))
  const stepMenu = stepMenuEntries(doing)
  const pageMenu = pageMenuEntries(doing)
  const main = (
    <SplitPane
      name="step panel"
      orientation="column"
      fixed="second"
      size={230}
      min={36}
      max={900}
      first={
        <div className="flex h-full flex-col">
          {!isReadable && <UnreadableNotice problems={problems} view={view} onShow={() => setView('yaml')} />}
          <div className="min-h-0 flex-1">
            {view === 'yaml' ? (
              <YamlView />
            ) : graph ? (
              <div className="relative h-full">
                <PipelineCanvas
                  graph={graph}
                  problems={problems}
                  selection={selection}
                  onSelect={onSelect}
                  onOpen={openInspector}
                  edits={commands}
                  menu={stepMenu}
                  handle={canvas}
                />
                {graph.document.steps.length === 0 && (
                  <div className="pointer-events-none absolute inset-0">
                    <EmptyState
                      icon={Workflow}
                      title="No steps yet"
                      text="Drag a step from the left onto the canvas, or press Enter on it. A pipeline usually begins with a dataset."
                    />
                  </div>
                )}
              </div>
            ) : (
              <EmptyState
                icon={Workflow}
                title="The text cannot be drawn"
                text="It has to be repaired first."
                action={<Button onClick={() => setView('yaml')}>Show the YAML</Button>}
              />
            )}
          </div>
        </div>
      }
      second={
        <StepPanel
          stepId={stepId}
          problems={problems}
          onProblem={showProblem}
          tab={tab}
          onTab={setTab}
          runAction={
            <Button icon={Play} onClick={() => requestRun()}>
              Run the pipeline
            </Button>
          }
        />
      }
    />
  )
  return (
    <Page
      header={
        <EditorHeader
          view={view}
          onView={setView}
          onRun={() => requestRun()}
          onSave={() => void commands.save()}
          onArrange={() => void commands.arrange()}
          starting={starting}
          menu={pageMenu}
        />
      }
    >
      {runId && <RunFollower runId={runId} store={runStore} />}
      <div data-pipeline-editor className="min-h-0 flex-1">
        <SplitPane
          name="step palette"
          size={176}
          min={140}
          max={320}
          first={<StepPalette types={[...types.values()]} onAdd={(type) => void commands.add(type)} />}
          second={
            inspector === 'closed' ? (
              <div className="flex h-full">
                <div className="min-w-0 flex-1">{main}</div>
                <div className="flex w-9 shrink-0 flex-col items-center border-l bg-surface-0 py-1">
                  <IconButton icon={PanelRightOpen} label="Show the inspector" onClick={() => setInspector('open')} />
                </div>
              </div>
            ) : (
              <SplitPane
                name="pipeline inspector"
                fixed="second"
                size={320}
                min={260}
                max={720}
                first={main}
                second={
                  <aside aria-label="Inspector" data-panel tabIndex={-1} className="flex h-full flex-col bg-surface-0 outline-none">
                    <header className="flex min-h-9 shrink-0 items-center gap-2 border-b px-3">
                      <h2 className="min-w-0 flex-1 truncate font-semibold">
                        {selection.steps.length > 1 ? `${selection.steps.length} steps selected` : (stepId ?? 'Pipeline')}
                      </h2>
                      <IconButton icon={PanelRightClose} size="sm" label="Hide the inspector" onClick={() => setInspector('closed')} />
                    </header>
                    <div data-pipeline-inspector className="min-h-0 flex-1 overflow-auto p-3">
                      {selection.steps.length > 1 ? (
                        <Button icon={Trash2} onClick={deleteSelection}>
                          Delete them
                        </Button>
                      ) : stepId ? (
                        <StepInspector
                          key={stepId}
                          stepId={stepId}
                          onRunTo={requestRun}
                          onDuplicate={(id) => void commands.duplicate(id)}
                          onDelete={(id) => commands.onDelete({ steps: [id], edges: [] })}
                        />
                      ) : (
                        <PipelineSettings history={history} />
                      )}
                    </div>
                  </aside>
                }
              />
            )
          }
        />
      </div>
      <RunAnnouncer />
      {asking && (
        <RunDialog
          parameters={document_?.parameters ?? []}
          targetStep={asking.targetStep}
          initialForce={asking.force}
          onClose={() => setAsking(null)}
          onRun={(wish) => void start(wish)}
        />
      )}
    </Page>
  )
}

function UnreadableNotice({ problems, view, onShow }: { problems: readonly PipelineProblem[]; view: string; onShow: () => void }) {
  const first = problems[0]
  return (
    <div role="status" className="flex shrink-0 items-center gap-2 border-b bg-warn-soft px-3 py-1">
      <StatusIcon status="warn" />
      <span className="min-w-0 flex-1 truncate">
        The text cannot be read{first?.line ? ` (line ${first.line})` : ''}
        {view === 'canvas' ? '; the canvas shows the last state that could be.' : `: ${first?.message ?? ''}`}
      </span>
      {view === 'canvas' && (
        <Button size="sm" onClick={onShow}>
          Show the YAML
        </Button>
      )}
    </div>
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
