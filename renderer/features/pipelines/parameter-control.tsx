import { Plus, X } from 'lucide-react'
import {
  Button,
  CodeEditor,
  Combobox,
  IconButton,
  MultiCombobox,
  NumberInput,
  Select,
  Switch,
  TextArea,
  TextInput,
  type Choice,
  type TextInputProps
} from '../../ui'
import { parseValue, showValue, type FieldSpec } from './schema-fields'
import { useDraft } from './use-draft'

export interface ControlProps {
  field: FieldSpec
  value: unknown
  /** undefined takes the parameter out of the document, so that its default holds. */
  onChange: (value: unknown) => void
  /** What exists to choose from (datasets, policies), when that is known. */
  suggestions?: readonly Choice[]
}

/** What the control of one kind takes; the label is the accessible name of what has no field around it. */
interface ValueProps<Value = unknown> {
  value: Value
  onChange: (value: unknown) => void
  label: string
}

/** The input of one parameter. Values that do not fit the schema are shown as they are, never dropped. */
export function ParameterControl({ field, value, onChange, suggestions }: ControlProps) {
  const { control } = field
  if (suggestions && control.kind === 'choice')
    return <Select value={asText(value ?? field.default) || null} onChange={onChange} choices={suggestions} />
  if (suggestions && control.kind === 'text' && control.format === 'columns')
    return <SuggestedNames value={asText(value ?? '')} onChange={onChange} suggestions={suggestions} label={field.title} />
  if (suggestions && control.kind === 'list')
    return <SuggestedList value={value} onChange={onChange} suggestions={suggestions} label={field.title} />
  if (suggestions) return <SuggestedText value={asText(value ?? '')} onChange={onChange} suggestions={suggestions} label={field.title} />
  switch (control.kind) {
    case 'text':
      return control.format === 'sql' ? (
        <SqlText value={asText(value)} onChange={onChange} label={field.title} />
      ) : (
        <LineOfText
          value={asText(value)}
          onChange={(text) => onChange(text === '' ? undefined : text)}
          placeholder={asText(field.default)}
        />
      )
    case 'number':
      return <NumberOf control={control} value={value} fallback={field.default} onChange={onChange} />
    case 'boolean':
      return <Switch checked={Boolean(value ?? field.default)} onChange={onChange} aria-label={field.title} />
    case 'choice':
      return (
        <Select
          value={asText(value ?? field.default) || null}
          onChange={onChange}
          choices={control.choices.map((choice) => ({ value: choice, label: choice }))}
        />
      )
    case 'list':
      return <Lines value={value} onChange={onChange} />
    case 'scalar':
      return (
        <LineOfText
          value={value === undefined ? '' : showValue(value)}
          onChange={(text) => onChange(text === '' ? undefined : parseValue(text))}
          placeholder={field.default === undefined ? undefined : showValue(field.default)}
        />
      )
    case 'record':
      return <RecordRows label={field.title} value={value} values={control.values} onChange={onChange} />
    case 'json':
      return <JsonText value={value} onChange={onChange} label={field.title} />
  }
}

const asText = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : showValue(value)

interface LineOfTextProps extends Pick<TextInputProps, 'placeholder' | 'mono'> {
  value: string
  onChange: (text: string) => void
}

/** A line of text that is committed as one writes. */
export function LineOfText({ value, onChange, ...look }: LineOfTextProps) {
  const { draft, change, flush } = useDraft(value, onChange)
  return (
    <TextInput
      {...look}
      value={draft}
      onChange={(event) => change(event.target.value)}
      onBlur={flush}
      onKeyDown={(event) => event.key === 'Enter' && flush()}
    />
  )
}

function SuggestedText({ value, onChange, suggestions, label }: ValueProps<string> & { suggestions: readonly Choice[] }) {
  const isKnown = value === '' || suggestions.some((choice) => choice.value === value)
  const choices = isKnown ? suggestions : [{ value, label: value, hint: 'Not there' }, ...suggestions]
  return (
    <Combobox
      aria-label={label}
      value={value || null}
      onChange={(next) => onChange(next ?? undefined)}
      choices={choices}
      emptyText="Nothing of that name is there."
    />
  )
}

/** Names out of those that exist; what does not exist (any more) stays, and can be taken out. */
function SuggestedList({ value, onChange, suggestions, label }: ValueProps & { suggestions: readonly Choice[] }) {
  const chosen = Array.isArray(value) ? value.map(asText) : []
  const known = new Set(suggestions.map((choice) => choice.value))
  const strangers = chosen.filter((name) => !known.has(name)).map((name) => ({ value: name, label: name, hint: 'Not there' }))
  return (
    <MultiCombobox
      aria-label={label}
      value={chosen}
      onChange={(next) => onChange(next.length > 0 ? next : undefined)}
      choices={[...strangers, ...suggestions]}
      emptyText="Nothing of that name is there."
    />
  )
}

/** Several names in one text, separated by commas, chosen from a list. */
function SuggestedNames({ value, onChange, suggestions, label }: ValueProps<string> & { suggestions: readonly Choice[] }) {
  const names = value
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
  const change = (next: unknown) => onChange(Array.isArray(next) ? next.join(', ') : undefined)
  return <SuggestedList value={names} onChange={change} suggestions={suggestions} label={label} />
}

function SqlText({ value, onChange, label }: ValueProps<string>) {
  const { draft, change, flush } = useDraft(value, (text) => onChange(text === '' ? undefined : text))
  return (
    <div onBlur={flush}>
      <CodeEditor aria-label={label} language="sql" value={draft} onChange={change} height={180} lineNumbers={false} />
    </div>
  )
}

type NumberControl = Extract<FieldSpec['control'], { kind: 'number' }>

function NumberOf({ control, value, fallback, onChange }: Omit<ValueProps, 'label'> & { control: NumberControl; fallback: unknown }) {
  const shown = typeof value === 'number' ? value : typeof value === 'undefined' && typeof fallback === 'number' ? fallback : null
  const { draft, change } = useDraft(shown, (next) => onChange(next ?? undefined))
  if (value !== undefined && typeof value !== 'number')
    return <LineOfText mono value={showValue(value)} onChange={(text) => onChange(text === '' ? undefined : parseValue(text))} />
  const span = (control.max ?? Number.POSITIVE_INFINITY) - (control.min ?? 0)
  return (
    <NumberInput
      value={draft}
      onChange={change}
      min={control.exclusiveMin ? undefined : control.min}
      max={control.exclusiveMax ? undefined : control.max}
      step={control.integer ? 1 : span <= 1 ? 0.05 : 1}
    />
  )
}

function Lines({ value, onChange }: Omit<ValueProps, 'label'>) {
  const lines = Array.isArray(value) ? value.map(asText) : typeof value === 'string' ? [value] : []
  const { draft, change, flush } = useDraft(lines.join('\n'), (text) => {
    const items = text.split('\n').filter((line) => line !== '')
    onChange(items.length ? items : undefined)
  })
  return (
    <TextArea
      mono
      rows={Math.min(8, Math.max(2, draft.split('\n').length))}
      value={draft}
      placeholder="One a line"
      onChange={(event) => change(event.target.value)}
      onBlur={flush}
    />
  )
}

function JsonText({ value, onChange, label }: ValueProps) {
  const { draft, change, flush } = useDraft(value === undefined ? '' : JSON.stringify(value, null, 2), (text) => {
    if (text.trim() === '') onChange(undefined)
    else if (isJson(text)) onChange(JSON.parse(text) as unknown)
  })
  return (
    <div onBlur={flush} className="flex flex-col gap-1">
      <CodeEditor aria-label={label} language="json" value={draft} onChange={change} height={120} lineNumbers={false} />
      {draft.trim() !== '' && !isJson(draft) && <p className="text-caption text-error">Not JSON yet; it is taken over when it is.</p>}
    </div>
  )
}
const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

type RecordValues = Extract<FieldSpec['control'], { kind: 'record' }>['values']

function RecordRows({ label, value, values, onChange }: ValueProps & { values: RecordValues }) {
  const rows = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : []
  const { draft, change, commitNow } = useDraft<[string, unknown][]>(rows, (next) => {
    const named = next.filter(([name]) => name !== '')
    onChange(named.length ? Object.fromEntries(named) : undefined)
  })
  const put = (index: number, row: [string, unknown]) => change(draft.map((old, at) => (at === index ? row : old)))
  const first = typeof values === 'object' ? values.choices[0] : ''
  return (
    <div role="group" aria-label={label} className="flex flex-col gap-1.5" onBlur={commitNow}>
      {draft.map(([name, item], index) => {
        const remove = (
          <IconButton size="sm" icon={X} label={`Remove ${name || 'row'}`} onClick={() => change(draft.filter((_, at) => at !== index))} />
        )
        const nameInput = (
          <TextInput
            mono
            aria-label={`${label}, name ${index + 1}`}
            value={name}
            placeholder="name"
            onChange={(event) => put(index, [event.target.value, item])}
          />
        )
        if (values === 'long-text')
          return (
            <div key={index} className="flex flex-col gap-1">
              <div className="flex gap-1">
                {nameInput}
                {remove}
              </div>
              <TextArea
                mono
                rows={5}
                aria-label={`${label}, content of ${name}`}
                value={asText(item)}
                onChange={(event) => put(index, [name, event.target.value])}
              />
            </div>
          )
        return (
          <div key={index} className="flex items-center gap-1">
            {nameInput}
            {typeof values === 'object' ? (
              <Select
                aria-label={`${label}, value of ${name}`}
                value={asText(item)}
                onChange={(choice) => put(index, [name, choice])}
                choices={values.choices.map((choice) => ({ value: choice, label: choice }))}
              />
            ) : (
              <TextInput
                mono
                aria-label={`${label}, value of ${name}`}
                value={values === 'value' ? showValue(item) : asText(item)}
                onChange={(event) => put(index, [name, values === 'value' ? parseValue(event.target.value) : event.target.value])}
              />
            )}
            {remove}
          </div>
        )
      })}
      <div>
        <Button size="sm" icon={Plus} onClick={() => change([...draft, ['', first]])}>
          Add to {label.toLowerCase()}
        </Button>
      </div>
    </div>
  )
}
