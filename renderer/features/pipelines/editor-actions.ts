import {
  Cable,
  ClipboardPaste,
  Copy,
  CopyPlus,
  FastForward,
  FilePlus2,
  Focus,
  GitCompare,
  Play,
  Redo2,
  RotateCcw,
  Save,
  Search,
  Trash2,
  Undo2,
  Unplug,
  Workflow
} from 'lucide-react'
import type { StepTypeInfo } from '../../../main/model/pipeline'
import { copyText, type Action, type MenuEntry } from '../../ui'
import type { EditorCommands } from './editor-commands'
import type { Selection } from './editor-state'
import type { Editor } from './editor-store'

/** What actions and menus of the editor act on. */
export interface EditorDoing {
  editor: Editor
  commands: EditorCommands
  types: readonly StepTypeInfo[]
  view: 'canvas' | 'yaml'
  /** The one selected step, or null. */
  stepId: string | null
  selection: Selection
  canDiscard: boolean
  requestRun: (targetStep?: string, force?: boolean) => void
  /** Puts the cursor where inputs of the selected step are connected. */
  connect: () => void
  findStep: () => void
  /** Shows what is selected, or everything. */
  fit: () => void
  deleteSelection: () => void
  duplicatePipeline: () => void
  compare: () => void
  remove: () => void
  setView: (view: 'canvas' | 'yaml') => void
}

/** A text field has its own undo; the pipeline's must not run behind it. */
const isTypingHere = (): boolean => Boolean(document.activeElement?.closest('[data-pipeline-editor] :is(input, textarea)'))

/** A letter picks from an open list or menu; it is no shortcut there. The palette of actions is such a list, too, but a dialog. */
const isChoosing = (): boolean => {
  const list = document.activeElement?.closest(':is([role="listbox"], [role="menu"], [role="combobox"])')
  return Boolean(list && !list.closest('[role="dialog"]'))
}

const group = 'Pipelines'

/** Everything the editor offers to the palette of actions and to the keys. */
export function editorActions(doing: EditorDoing): Action[] {
  const { view, setView, types, commands } = doing
  return [
    ...runActions(doing),
    ...changeActions(doing),
    ...wayActions(doing),
    ...draftActions(doing),
    {
      id: 'pipelines.view',
      title: view === 'canvas' ? 'Show the pipeline as YAML' : 'Show the canvas',
      group,
      run: () => setView(view === 'canvas' ? 'yaml' : 'canvas')
    },
    ...types.map((type) => ({
      id: `pipelines.add.${type.type}`,
      title: `Add a step: ${type.title}`,
      group,
      icon: FilePlus2,
      run: () => void commands.add(type.type)
    }))
  ]
}

function runActions({ commands, stepId, requestRun }: EditorDoing): Action[] {
  return [
    { id: 'pipelines.run', title: 'Run the pipeline', group, icon: Play, keys: 'Mod+Enter', run: () => requestRun() },
    { id: 'pipelines.force', title: 'Run every step again', group, icon: FastForward, run: () => requestRun(undefined, true) },
    {
      id: 'pipelines.run-to',
      title: 'Run to the selected step',
      group,
      icon: Play,
      keys: 'Mod+Shift+Enter',
      isAvailable: () => stepId !== null,
      run: () => requestRun(stepId ?? undefined)
    },
    { id: 'pipelines.save', title: 'Save as a version', group, icon: Save, keys: 'Mod+S', run: () => void commands.save() }
  ]
}

/** What changes the pipeline itself. */
function changeActions({ editor, commands, selection, deleteSelection }: EditorDoing): Action[] {
  const hasSteps = () => selection.steps.length > 0
  return [
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
      isAvailable: () => selection.steps.length + selection.edges.length > 0,
      run: deleteSelection
    },
    {
      id: 'pipelines.copy-step',
      title: 'Duplicate the selected steps',
      group,
      icon: CopyPlus,
      keys: 'Mod+D',
      isAvailable: hasSteps,
      run: () => void commands.duplicate(selection.steps)
    },
    { id: 'pipelines.copy', title: 'Copy the selected steps', group, icon: Copy, isAvailable: hasSteps, run: () => copySteps(commands) },
    { id: 'pipelines.paste', title: 'Paste steps', group, icon: ClipboardPaste, run: () => void commands.paste() }
  ]
}

/** Ways to a step, to its inputs, and to the whole. */
function wayActions({ view, stepId, findStep, connect, fit }: EditorDoing): Action[] {
  return [
    {
      id: 'pipelines.find-step',
      title: 'Find a step, or one to add',
      group,
      icon: Search,
      keys: 'A',
      isAvailable: () => !isChoosing(),
      run: findStep
    },
    {
      id: 'pipelines.connect',
      title: 'Connect the inputs of the selected step',
      group,
      icon: Cable,
      keys: 'C',
      isAvailable: () => stepId !== null && !isChoosing(),
      run: connect
    },
    {
      id: 'pipelines.fit',
      title: 'Show what is selected, or all steps',
      group,
      icon: Focus,
      keys: 'F',
      isAvailable: () => view === 'canvas' && !isChoosing(),
      run: fit
    }
  ]
}

function draftActions({ editor, canDiscard, compare }: EditorDoing): Action[] {
  return [
    {
      id: 'pipelines.compare',
      title: 'Show what changed since the version',
      group,
      icon: GitCompare,
      isAvailable: () => canDiscard,
      run: compare
    },
    {
      id: 'pipelines.discard',
      title: 'Discard the draft',
      group,
      icon: RotateCcw,
      isAvailable: () => canDiscard,
      run: () => void editor.discardDraft()
    }
  ]
}

function copySteps(commands: EditorCommands): void {
  const text = commands.copy()
  if (text !== null) void copyText(text)
}

/** What a right click on the canvas offers, for the selected step. */
export function stepMenuEntries({ commands, stepId, selection, requestRun, deleteSelection }: EditorDoing): MenuEntry[] {
  const disabled = stepId === null
  const { steps, edges } = selection
  const id = stepId ?? ''
  return [
    { id: 'run-to', label: 'Run to here', icon: Play, keys: 'Mod+Shift+Enter', disabled, onSelect: () => requestRun(id) },
    { id: 'run-to-force', label: 'Run to here, everything again', icon: FastForward, disabled, onSelect: () => requestRun(id, true) },
    'separator',
    { id: 'copy', label: 'Copy', icon: Copy, keys: 'Mod+C', disabled: steps.length === 0, onSelect: () => copySteps(commands) },
    { id: 'paste', label: 'Paste', icon: ClipboardPaste, keys: 'Mod+V', onSelect: () => void commands.paste() },
    {
      id: 'duplicate',
      label: 'Duplicate',
      icon: CopyPlus,
      keys: 'Mod+D',
      disabled: steps.length === 0,
      onSelect: () => void commands.duplicate(steps)
    },
    { id: 'disconnect', label: 'Disconnect its inputs', icon: Unplug, disabled, onSelect: () => commands.disconnectAll(id) },
    {
      id: 'delete',
      label: 'Delete',
      icon: Trash2,
      keys: 'Delete',
      danger: true,
      disabled: steps.length + edges.length === 0,
      onSelect: deleteSelection
    }
  ]
}

export function pageMenuEntries({ editor, canDiscard, requestRun, duplicatePipeline, compare, remove }: EditorDoing): MenuEntry[] {
  return [
    { id: 'force', label: 'Run every step again', icon: FastForward, onSelect: () => requestRun(undefined, true) },
    'separator',
    { id: 'compare', label: 'What changed since the version', icon: GitCompare, disabled: !canDiscard, onSelect: compare },
    { id: 'duplicate', label: 'Duplicate the pipeline', icon: Copy, onSelect: duplicatePipeline },
    { id: 'discard', label: 'Discard the draft', icon: RotateCcw, disabled: !canDiscard, onSelect: () => void editor.discardDraft() },
    { id: 'trash', label: 'Move to trash', icon: Trash2, danger: true, onSelect: remove }
  ]
}
