import { Workflow } from 'lucide-react'
import { useMemo } from 'react'
import type { PipelineProblem } from '../../../main/model/pipeline'
import { Button, EmptyState, StatusIcon, type MenuEntry } from '../../ui'
import type { PipelineGraph } from './connection-rules'
import type { EditorCommands } from './editor-commands'
import { useEditor, useEditorState } from './editor-context'
import { PipelineCanvas } from './pipeline-canvas'
import type { EditorWays } from './use-editor-ways'
import { YamlView } from './yaml-view'

export interface EditorPictureProps {
  ways: EditorWays
  commands: EditorCommands
  menu: readonly MenuEntry[]
}

/** The draft as a graph or as text, with a notice while the text cannot be read. */
export function EditorPicture({ ways, commands, menu }: EditorPictureProps) {
  const { view } = ways
  const { editor, types } = useEditor()
  const document = useEditorState((state) => state.document)
  const ports = useEditorState((state) => state.ports)
  const graph = useMemo<PipelineGraph | null>(() => document && { document, ports, types }, [document, ports, types])
  const problems = useEditorState((state) => state.problems)
  const isReadable = useEditorState((state) => state.isReadable)
  const selection = useEditorState((state) => state.selection)
  return (
    <div className="flex h-full flex-col">
      {!isReadable && <UnreadableNotice problems={problems} view={view} onShow={ways.showProblem} />}
      <div className="min-h-0 flex-1">
        {view === 'yaml' ? (
          <YamlView reveal={ways.reveal} />
        ) : graph ? (
          <div className="relative h-full">
            <PipelineCanvas
              graph={graph}
              problems={problems}
              selection={selection}
              onSelect={editor.select}
              onOpen={() => ways.openInspector()}
              edits={commands}
              menu={menu}
              handle={ways.canvas}
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
            action={<Button onClick={() => ways.setView('yaml')}>Show the YAML</Button>}
          />
        )}
      </div>
    </div>
  )
}

function UnreadableNotice({
  problems,
  view,
  onShow
}: {
  problems: readonly PipelineProblem[]
  view: string
  onShow: (problem: PipelineProblem) => void
}) {
  const first = problems[0]
  const place = first?.line ? ` (line ${first.line}${first.column ? `, column ${first.column}` : ''})` : ''
  return (
    <div role="status" className="flex shrink-0 items-center gap-2 border-b bg-warn-soft px-3 py-1">
      <StatusIcon status="warn" />
      <span className="min-w-0 flex-1 truncate">
        The text cannot be read{place}
        {view === 'canvas' ? '; the canvas shows the last state that could be.' : `: ${first?.message ?? ''}`}
      </span>
      {first && (
        <Button size="sm" onClick={() => onShow(first)}>
          Show the place
        </Button>
      )}
    </div>
  )
}
