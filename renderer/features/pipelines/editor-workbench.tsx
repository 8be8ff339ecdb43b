import { Play } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { PipelineVersionInfo, StepTypeInfo } from '../../../main/model/pipeline'
import { Button, Page } from '../../ui'
import { stepMenuEntries } from './editor-actions'
import { useEditorCommands } from './editor-commands'
import { EditorProvider, useEditor, useEditorState } from './editor-context'
import { EditorHeader } from './editor-header'
import { EditorInspector, InspectorTitle } from './editor-inspector'
import { EditorPicture } from './editor-picture'
import type { Editor } from './editor-store'
import { PipelineLayout } from './pipeline-layout'
import { RunDialog } from './run-dialog'
import { RunAnnouncer, RunFollower } from './run-follower'
import { createRunStore, RunProvider, type RunStore } from './run-store'
import { StepPalette } from './step-palette'
import { StepPanel } from './step-panel'
import { useEditorDoing } from './use-editor-doing'
import { useEditorWays, type EditorView } from './use-editor-ways'
import { useRunRequests } from './use-run-requests'

export interface EditorWorkbenchProps {
  editor: Editor
  types: readonly StepTypeInfo[]
  history: readonly PipelineVersionInfo[]
  view: EditorView
}

/** The editor of one pipeline: palette, canvas or text, inspector, and the panel of the selected step. */
export function EditorWorkbench({ editor, types, history, view }: EditorWorkbenchProps) {
  const context = useMemo(() => ({ editor, types: new Map(types.map((type) => [type.type, type])) }), [editor, types])
  const [runStore] = useState(createRunStore)
  return (
    <EditorProvider value={context}>
      <RunProvider value={runStore}>
        <Workbench types={types} history={history} view={view} runStore={runStore} />
      </RunProvider>
    </EditorProvider>
  )
}

function Workbench({ types, history, view, runStore }: Omit<EditorWorkbenchProps, 'editor'> & { runStore: RunStore }) {
  const context = useEditor()
  const { editor } = context
  const name = useEditorState((state) => state.name)
  const document = useEditorState((state) => state.document)
  const problems = useEditorState((state) => state.problems)
  const ways = useEditorWays(editor, view)
  const commands = useEditorCommands(context, ways.canvas)
  const runs = useRunRequests({
    editor,
    commands,
    runStore,
    name,
    onProblems: () => ways.showTab('problems'),
    onStarted: () => ways.tab === 'problems' && ways.setTab('output')
  })
  const doing = useEditorDoing({ editor, types, commands, ways, requestRun: runs.request })
  return (
    <Page header={<EditorHeader doing={doing} isStarting={runs.isStarting} />}>
      {runs.runId && <RunFollower runId={runs.runId} store={runStore} />}
      <div data-pipeline-editor className="min-h-0 flex-1">
        <PipelineLayout
          handle={ways.layout}
          palette={(fold) => (
            <StepPalette
              {...fold}
              types={types}
              steps={document?.steps ?? []}
              onFind={ways.findStep}
              onLeave={ways.endPeek}
              onAdd={(type) => {
                ways.endPeek()
                void commands.add(type)
              }}
              onShow={(id) => {
                ways.endPeek()
                ways.showStep(id)
              }}
            />
          )}
          main={<EditorPicture ways={ways} commands={commands} menu={stepMenuEntries(doing)} />}
          panel={(fold) => (
            <StepPanel
              {...fold}
              stepId={doing.stepId}
              onStep={ways.showStep}
              problems={problems}
              onProblem={ways.showProblem}
              tab={ways.tab}
              onTab={ways.setTab}
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
          parameters={document?.parameters ?? []}
          registers={document?.steps.some(({ type }) => type === 'register')}
          targetStep={runs.asking.targetStep}
          initialForce={runs.asking.force}
          onClose={runs.stopAsking}
          onRun={runs.start}
        />
      )}
    </Page>
  )
}
