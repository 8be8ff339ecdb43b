import { Copy, Trash2 } from 'lucide-react'
import type { PipelineVersionInfo } from '../../../main/model/pipeline'
import { Button } from '../../ui'
import type { EditorCommands } from './editor-commands'
import { useEditorState } from './editor-context'
import { PipelineSettings } from './pipeline-settings'
import { StepInspector } from './step-inspector'

export interface EditorInspectorProps {
  history: readonly PipelineVersionInfo[]
  commands: EditorCommands
  onRunTo: (stepId: string) => void
}

/** Details of what is selected on the canvas: one step, several, or the pipeline itself. */
export function EditorInspector({ history, commands, onRunTo }: EditorInspectorProps) {
  const { steps, edges } = useEditorState((state) => state.selection)
  const [stepId] = steps
  if (steps.length > 1)
    return (
      <div className="flex flex-wrap gap-1">
        <Button icon={Copy} onClick={() => void commands.duplicate(steps)}>
          Duplicate them
        </Button>
        <Button icon={Trash2} onClick={() => commands.onDelete({ steps, edges })}>
          Delete them
        </Button>
      </div>
    )
  if (stepId === undefined) return <PipelineSettings history={history} />
  return <StepInspector key={stepId} stepId={stepId} commands={commands} onRunTo={onRunTo} />
}

/** What the inspector is about, for its heading. */
export function InspectorTitle() {
  const { steps } = useEditorState((state) => state.selection)
  return steps.length > 1 ? `${steps.length} steps selected` : (steps[0] ?? 'Pipeline')
}
