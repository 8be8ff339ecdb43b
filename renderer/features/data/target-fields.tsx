import type { DatasetColumn } from '../../../main/model/dataset'
import type { TargetSpec } from '../../../main/model/quality'
import { taskNames, taskOf, usualTask, type TaskName } from '../../../main/model/tasks'
import { Combobox, Select, TextInput, Tooltip } from '../../ui'

export interface TargetDraft {
  column: string | null
  /** Values that count as the event, separated by commas; empty means the engine's own rule. */
  event: string
  /** Which kind of question a model would answer; null lets the values say it. */
  task: TaskName | null
}

export function targetSpec(draft: TargetDraft): TargetSpec | undefined {
  if (draft.column === null) return undefined
  const values = draft.event
    .split(',')
    .map((value) => value.trim())
    .filter(Boolean)
  const { column, task } = draft
  return { column, ...(task !== null && { task }), ...(isEventAsked(draft) && usualTask.event.ask(values)) }
}

const isEventAsked = ({ task }: TargetDraft): boolean => task === null || task === 'binary'

const questions = [
  { value: 'any', label: 'Question: automatic' },
  ...taskNames.map((name) => ({ value: name, label: taskOf({ task: name }).words.replace(/^./, (first) => first.toUpperCase()) }))
]

interface TargetFieldsProps {
  columns: readonly DatasetColumn[]
  value: TargetDraft
  onChange: (value: TargetDraft) => void
  disabled: boolean
}

/** What a model would predict, as which kind of question, and which of its values are the event. */
export function TargetFields({ columns, value, onChange, disabled }: TargetFieldsProps) {
  return (
    <>
      <span className="text-caption font-medium">Target</span>
      <Combobox
        aria-label="Target column"
        className="w-56"
        placeholder="No target"
        value={value.column}
        choices={columns.map((column) => ({ value: column.name, label: column.name, hint: `${column.type}, ${column.role}` }))}
        onChange={(column) => onChange(column === value.column ? value : { column, event: '', task: null })}
        emptyText="No column has this name."
        disabled={disabled}
      />
      <Select
        aria-label="Kind of question"
        className="w-48!"
        value={value.task ?? 'any'}
        choices={questions}
        onChange={(task) => onChange({ ...value, task: task === 'any' ? null : (task as TaskName) })}
        disabled={disabled || value.column === null}
      />
      <Tooltip content="Values of the target that count as the event, separated by commas. Left empty: true, 1, or the yes of two values, as a training takes it; where that is not plain the report says so.">
        <TextInput
          aria-label="Values that count as the event"
          className="w-44!"
          placeholder="Event: automatic"
          value={value.event}
          disabled={disabled || value.column === null || !isEventAsked(value)}
          onChange={(change) => onChange({ ...value, event: change.target.value })}
        />
      </Tooltip>
    </>
  )
}
