import type { StepTypeInfo } from '../../../main/model/pipeline'
import { navigate, useActions } from '../../ui'
import { editorActions, type EditorDoing } from './editor-actions'
import type { EditorCommands } from './editor-commands'
import { useEditorState } from './editor-context'
import type { Editor } from './editor-store'
import { useListCommands } from './list-commands'
import type { EditorWays } from './use-editor-ways'
import { useStepClipboard } from './use-step-clipboard'

interface EditorDoingOptions {
  editor: Editor
  types: readonly StepTypeInfo[]
  commands: EditorCommands
  ways: EditorWays
  requestRun: EditorDoing['requestRun']
}

/** What can be done in the editor as it stands; offered by keys, palette of actions and clipboard, and returned for the menus. */
export function useEditorDoing({ editor, types, commands, ways, requestRun }: EditorDoingOptions): EditorDoing {
  const name = useEditorState((state) => state.name)
  const title = useEditorState((state) => state.document?.title ?? name)
  const selection = useEditorState((state) => state.selection)
  const version = useEditorState((state) => state.version)
  const isDraft = useEditorState((state) => state.text !== state.versionText)
  const list = useListCommands()
  const remove = async () => {
    await editor.flush()
    if (await list.remove({ name, title })) navigate('pipelines')
  }
  const doing: EditorDoing = {
    editor,
    commands,
    types,
    ways,
    stepId: selection.steps.length === 1 ? selection.steps[0] : null,
    selection,
    canDiscard: version !== null && isDraft,
    requestRun,
    duplicatePipeline: () => void editor.flush().then(() => list.duplicate({ name })),
    compare: () => void editor.flush().then(() => navigate('pipelines', [name, version ?? ''], { view: 'changes', with: 'draft' })),
    remove: () => void remove()
  }
  useActions(editorActions(doing))
  useStepClipboard({ commands, enabled: ways.view === 'canvas' })
  return doing
}
