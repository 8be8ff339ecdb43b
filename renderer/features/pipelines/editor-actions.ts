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
import { pipelineAction } from './pipeline-action'
import type { EditorWays } from './use-editor-ways'

/** What actions and menus of the editor act on. */
export interface EditorDoing {
  editor: Editor
  commands: EditorCommands
  types: readonly StepTypeInfo[]
  ways: EditorWays
  /** The one selected step, or null. */
  stepId: string | null
  selection: Selection
  canDiscard: boolean
  requestRun: (targetStep?: string, force?: boolean) => void
  duplicatePipeline: () => void
  compare: () => void
  remove: () => void
}

/** A text field has its own undo; the pipeline's must not run behind it. */
const isTypingHere = (): boolean => Boolean(document.activeElement?.closest('[data-pipeline-editor] :is(input, textarea)'))

/** A letter picks from an open list or menu; it is no shortcut there. The palette of actions is such a list, too, but a dialog. */
const isChoosing = (): boolean => {
  const list = document.activeElement?.closest(':is([role="listbox"], [role="menu"], [role="combobox"])')
  return Boolean(list && !list.closest('[role="dialog"]'))
}

/** Everything the editor offers to the palette of actions and to the keys. */
export function editorActions(doing: EditorDoing): Action[] {
  const { editor, commands, ways, stepId, selection, requestRun } = doing
  const isCanvas = ways.view === 'canvas'
  const hasStep = () => stepId !== null
  const hasSteps = () => selection.steps.length > 0
  const isSelected = () => hasSteps() || selection.edges.length > 0
  const isDraft = () => doing.canDiscard
  const isReading = () => !isTypingHere()
  const isFree = () => !isChoosing()
  return [
    pipelineAction('pipelines.run', 'Run the pipeline', Play, () => requestRun(), { keys: 'Mod+Enter' }),
    pipelineAction('pipelines.force', 'Run every step again', FastForward, () => requestRun(undefined, true)),
    pipelineAction('pipelines.run-to', 'Run to the selected step', Play, () => requestRun(stepId ?? undefined), {
      keys: 'Mod+Shift+Enter',
      isAvailable: hasStep
    }),
    pipelineAction('pipelines.save', 'Save as a version', Save, () => void commands.save(), { keys: 'Mod+S' }),
    pipelineAction('pipelines.undo', 'Undo the last change', Undo2, editor.undo, { keys: 'Mod+Z', isAvailable: isReading }),
    pipelineAction('pipelines.redo', 'Redo', Redo2, editor.redo, { keys: 'Mod+Shift+Z', isAvailable: isReading }),
    pipelineAction('pipelines.arrange', 'Arrange the steps', Workflow, () => void commands.arrange()),
    pipelineAction('pipelines.delete', 'Delete what is selected', Trash2, commands.deleteSelected, { isAvailable: isSelected }),
    pipelineAction('pipelines.copy-step', 'Duplicate the selected steps', CopyPlus, () => void commands.duplicate(selection.steps), {
      keys: 'Mod+D',
      isAvailable: hasSteps
    }),
    pipelineAction('pipelines.copy', 'Copy the selected steps', Copy, () => copySteps(commands), { isAvailable: hasSteps }),
    pipelineAction('pipelines.paste', 'Paste steps', ClipboardPaste, () => void commands.paste()),
    pipelineAction('pipelines.find-step', 'Find a step, or one to add', Search, ways.findStep, { keys: 'A', isAvailable: isFree }),
    pipelineAction('pipelines.connect', 'Connect the inputs of the selected step', Cable, ways.showInputs, {
      keys: 'C',
      isAvailable: () => hasStep() && isFree()
    }),
    pipelineAction('pipelines.fit', 'Show what is selected, or all steps', Focus, () => ways.canvas.current?.fit(selection.steps), {
      keys: 'F',
      isAvailable: () => isCanvas && isFree()
    }),
    pipelineAction('pipelines.compare', 'Show what changed since the version', GitCompare, doing.compare, { isAvailable: isDraft }),
    pipelineAction('pipelines.discard', 'Discard the draft', RotateCcw, () => void editor.discardDraft(), { isAvailable: isDraft }),
    pipelineAction('pipelines.view', isCanvas ? 'Show the pipeline as YAML' : 'Show the canvas', undefined, () =>
      ways.setView(isCanvas ? 'yaml' : 'canvas')
    ),
    ...doing.types.map(({ type, title }) =>
      pipelineAction(`pipelines.add.${type}`, `Add a step: ${title}`, FilePlus2, () => void commands.add(type))
    )
  ]
}

function copySteps(commands: EditorCommands): void {
  const text = commands.copy()
  if (text !== null) void copyText(text)
}

/** What a right click on the canvas offers, for the selected step. */
export function stepMenuEntries({ commands, stepId, selection, requestRun }: EditorDoing): MenuEntry[] {
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
      onSelect: commands.deleteSelected
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
