import type { DatasetColumn } from '../../../main/model/dataset'
import type { TargetSpec } from '../../../main/model/quality'
import { usualTask } from '../../../main/model/tasks'
import { Combobox, TextInput, Tooltip } from '../../ui'

export interface TargetDraft {
  column: string | null
  /** Values that count as the event, separated by commas; empty means the engine's own rule. */
  event: string
}

export function targetSpec(draft: TargetDraft): TargetSpec | undefined {
  if (draft.column === null) return undefined
  const values = draft.event
    .split(',')
    .map((value) => value.trim())
    .filter(Boolean)
  return { column: draft.column, ...usualTask.event.ask(values) }
}

interface TargetFieldsProps {
  columns: readonly DatasetColumn[]
  value: TargetDraft
  onChange: (value: TargetDraft) => void
  disabled: boolean
}

/** What a model would predict, and which of its values are the event. */
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
        onChange={(column) => onChange({ column, event: column === value.column ? value.event : '' })}
        emptyText="No column has this name."
        disabled={disabled}
      />
      <Tooltip content="Values of the target that count as the event, separated by commas. Left empty: true, 1, or the yes of two values, as a training takes it; where that is not plain the report says so.">
        <TextInput
          aria-label="Values that count as the event"
          className="w-44!"
          placeholder="Event: automatic"
          value={value.event}
          disabled={disabled || value.column === null}
          onChange={(change) => onChange({ ...value, event: change.target.value })}
        />
      </Tooltip>
    </>
  )
}
