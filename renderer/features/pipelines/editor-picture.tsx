import { Workflow } from 'lucide-react'
import type { RefObject } from 'react'
import type { PipelineProblem } from '../../../main/model/pipeline'
import { Button, EmptyState, StatusIcon, type MenuEntry } from '../../ui'
import type { PipelineGraph } from './connection-rules'
import type { EditorCommands } from './editor-commands'
import { useEditor, useEditorState } from './editor-context'
import { PipelineCanvas, type CanvasHandle } from './pipeline-canvas'
import { YamlView, type CodePlace } from './yaml-view'

export interface EditorPictureProps {
  view: 'canvas' | 'yaml'
  onView: (view: 'canvas' | 'yaml') => void
  /** Where the cursor of the text is put. */
  reveal: CodePlace | null
  onProblem: (problem: PipelineProblem) => void
  graph: PipelineGraph | null
  commands: EditorCommands
  menu: readonly MenuEntry[]
  canvas: RefObject<CanvasHandle | null>
  onOpen: () => void
}

/** The draft as a graph or as text, with a notice while the text cannot be read. */
export function EditorPicture({ view, onView, reveal, onProblem, graph, commands, menu, canvas, onOpen }: EditorPictureProps) {
  const { editor } = useEditor()
  const problems = useEditorState((state) => state.problems)
  const isReadable = useEditorState((state) => state.isReadable)
  const selection = useEditorState((state) => state.selection)
  return (
    <div className="flex h-full flex-col">
      {!isReadable && <UnreadableNotice problems={problems} view={view} onShow={onProblem} />}
      <div className="min-h-0 flex-1">
        {view === 'yaml' ? (
          <YamlView reveal={reveal} />
        ) : graph ? (
          <div className="relative h-full">
            <PipelineCanvas
              graph={graph}
              problems={problems}
              selection={selection}
              onSelect={editor.select}
              onOpen={onOpen}
              edits={commands}
              menu={menu}
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
            action={<Button onClick={() => onView('yaml')}>Show the YAML</Button>}
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
