import { Copy, FastForward, FilePlus2, Play, Redo2, RotateCcw, Save, Trash2, Undo2, Unplug, Workflow } from 'lucide-react'
import type { StepTypeInfo } from '../../../main/model/pipeline'
import type { Action, MenuEntry } from '../../ui'
import type { EditorCommands } from './editor-commands'
import type { Editor } from './editor-store'

/** What actions and menus of the editor act on. */
export interface EditorDoing {
  editor: Editor
  commands: EditorCommands
  types: readonly StepTypeInfo[]
  view: 'canvas' | 'yaml'
  /** The one selected step, or null. */
  stepId: string | null
  hasSelection: boolean
  canDiscard: boolean
  requestRun: (targetStep?: string, force?: boolean) => void
  deleteSelection: () => void
  duplicatePipeline: () => void
  remove: () => void
  setView: (view: 'canvas' | 'yaml') => void
}

/** A text field has its own undo; the pipeline's must not run behind it. */
const isTypingHere = (): boolean => Boolean(document.activeElement?.closest('[data-pipeline-editor] :is(input, textarea)'))

export function editorActions(doing: EditorDoing): Action[] {
  const { editor, commands, stepId, requestRun } = doing
  const group = 'Pipelines'
  return [
    { id: 'pipelines.run', title: 'Run the pipeline', group, icon: Play, keys: 'Mod+Enter', run: () => requestRun() },
    { id: 'pipelines.force', title: 'Run every step again', group, icon: FastForward, run: () => requestRun(undefined, true) },
    {
      id: 'pipelines.run-to',
      title: 'Run to the selected step',
      group,
      icon: Play,
      isAvailable: () => stepId !== null,
      run: () => requestRun(stepId ?? undefined)
    },
    { id: 'pipelines.save', title: 'Save as a version', group, icon: Save, keys: 'Mod+S', run: () => void commands.save() },
    {
      id: 'pipelines.undo',
      title: 'Undo the last change',
      group,
      icon: Undo2,
      keys: 'Mod+Z',
      isAvailable: () => !isTypingHere(),
      run: () => editor.undo()
    },
    {
      id: 'pipelines.redo',
      title: 'Redo',
      group,
      icon: Redo2,
      keys: 'Mod+Shift+Z',
      isAvailable: () => !isTypingHere(),
      run: () => editor.redo()
    },
    { id: 'pipelines.arrange', title: 'Arrange the steps', group, icon: Workflow, run: () => void commands.arrange() },
    {
      id: 'pipelines.delete',
      title: 'Delete what is selected',
      group,
      icon: Trash2,
      isAvailable: () => doing.hasSelection,
      run: doing.deleteSelection
    },
    {
      id: 'pipelines.copy-step',
      title: 'Duplicate the selected step',
      group,
      icon: Copy,
      keys: 'Mod+D',
      isAvailable: () => stepId !== null,
      run: () => stepId && void commands.duplicate(stepId)
    },
    {
      id: 'pipelines.discard',
      title: 'Discard the draft',
      group,
      icon: RotateCcw,
      isAvailable: () => doing.canDiscard,
      run: () => void editor.discardDraft()
    },
    {
      id: 'pipelines.view',
      title: doing.view === 'canvas' ? 'Show the pipeline as YAML' : 'Show the canvas',
      group,
      run: () => doing.setView(doing.view === 'canvas' ? 'yaml' : 'canvas')
    },
    ...doing.types.map((type) => ({
      id: `pipelines.add.${type.type}`,
      title: `Add a step: ${type.title}`,
      group,
      icon: FilePlus2,
      run: () => void commands.add(type.type)
    }))
  ]
}

/** What a right click on the canvas offers, for the selected step. */
export function stepMenuEntries({ commands, stepId, hasSelection, requestRun, deleteSelection }: EditorDoing): MenuEntry[] {
  const disabled = stepId === null
  const id = stepId ?? ''
  return [
    { id: 'run-to', label: 'Run to here', icon: Play, disabled, onSelect: () => requestRun(id) },
    { id: 'run-to-force', label: 'Run to here, everything again', icon: FastForward, disabled, onSelect: () => requestRun(id, true) },
    'separator',
    { id: 'duplicate', label: 'Duplicate', icon: Copy, keys: 'Mod+D', disabled, onSelect: () => void commands.duplicate(id) },
    { id: 'disconnect', label: 'Disconnect its inputs', icon: Unplug, disabled, onSelect: () => commands.disconnectAll(id) },
    { id: 'delete', label: 'Delete', icon: Trash2, keys: 'Delete', danger: true, disabled: !hasSelection, onSelect: deleteSelection }
  ]
}

export function pageMenuEntries({ editor, canDiscard, requestRun, duplicatePipeline, remove }: EditorDoing): MenuEntry[] {
  return [
    { id: 'force', label: 'Run every step again', icon: FastForward, onSelect: () => requestRun(undefined, true) },
    'separator',
    { id: 'duplicate', label: 'Duplicate the pipeline', icon: Copy, onSelect: duplicatePipeline },
    { id: 'discard', label: 'Discard the draft', icon: RotateCcw, disabled: !canDiscard, onSelect: () => void editor.discardDraft() },
    { id: 'trash', label: 'Move to trash', icon: Trash2, danger: true, onSelect: remove }
  ]
}
