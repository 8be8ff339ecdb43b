import { Braces, Undo2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { PipelineParameter, PipelineProblem, PipelineStep, StepColumns, StepTypeInfo } from '../../../main/model/pipeline'
import { WritePolicy } from '../../evidence'
import { useHostQuery } from '../../host'
import { Field, IconButton, Menu, StatusIcon, type Choice } from '../../ui'
import { algorithmChoices, concernsAnother, isAlgorithm, numbersAmong, purposeOf } from './algorithm-choices'
import { settleWith } from './change-of-algorithm'
import { LineOfText, ParameterControl } from './parameter-control'
import { parameterExpression, readFields, usesParameter, type FieldSpec } from './schema-fields'

export interface ParameterFormProps {
  step: PipelineStep
  type: StepTypeInfo
  problems: readonly PipelineProblem[]
  /** Parameters of the pipeline, which a field may take its value from. */
  declared: readonly PipelineParameter[]
  /** The columns that the step reads, as far as they are known. */
  columns?: StepColumns
  /** `also` are other parameters that change with it, all in one step that can be undone; undefined takes a value out. */
  onChange: (key: string, value: unknown, also?: Readonly<Record<string, unknown>>) => void
}

/** The form of a step, made from the JSON Schema of its type; what is wrong stands beside the field. */
export function ParameterForm({ step, type, problems, declared, columns, onChange }: ParameterFormProps) {
  const fields = useMemo(() => readFields(type.parametersSchema), [type])
  const suggestions = useSuggestions(fields, columns)
  const values = (step.parameters ?? {}) as Record<string, unknown>
  const known = new Set(fields.map((field) => field.key))
  const shown = fields.filter(({ key }) => values[key] !== undefined || !concernsAnother(step.type, values).includes(key))
  const strangers = Object.keys(values).filter((key) => !known.has(key))
  const [told, setTold] = useState<{ key: string; words: readonly string[] } | null>(null)
  const change = (key: string, value: unknown): void => {
    const settled = settleWith(type, values, key, value)
    setTold(settled.told.length > 0 ? { key, words: settled.told } : null)
    onChange(key, value, settled.also)
  }
  if (fields.length === 0 && strangers.length === 0) return <p className="text-muted">This step has nothing to set.</p>
  return (
    <div className="flex flex-col gap-3">
      {shown.map((field) => {
        const shared = {
          value: values[field.key],
          error: errorOf(problems, field.key),
          declared,
          onChange: (value: unknown) => change(field.key, value)
        }
        const inner = fieldsWithin(type, field, fields, values)
        if (inner && isRecord(shared.value ?? {}))
          return <ParameterGroup key={field.key} field={field} inner={inner} columns={columns} {...shared} />
        return (
          <div key={field.key} className="flex flex-col gap-1.5">
            <ParameterField
              field={isAlgorithm(field) ? { ...field, description: purposeOf(values[field.key] ?? field.default) } : field}
              suggestions={isAlgorithm(field) ? algorithmChoices(values, values[field.key] ?? field.default) : suggestions[field.key]}
              {...shared}
            />
            {told?.key === field.key && <LeftOut words={told.words} />}
          </div>
        )
      })}
      {strangers.map((key) => (
        <Stranger
          key={key}
          name={key}
          value={values[key]}
          error={errorOf(problems, key) ?? `This step has no parameter "${key}". Remove it.`}
          onRemove={() => onChange(key, undefined)}
        />
      ))}
    </div>
  )
}

/** What was taken out with a change of the algorithm or the question; an undo brings it back. */
const LeftOut = ({ words }: { words: readonly string[] }) => (
  <p role="status" className="flex items-start gap-1.5 rounded-md bg-info-soft p-2 text-caption">
    <StatusIcon status="info" className="mt-px" />
    <span data-selectable>{words.join(' ')} Undo brings it back.</span>
  </p>
)

/** A value that no field is for: shown as it stands, and taken out with one click. */
function Stranger({ name, value, error, onRemove }: { name: string; value: unknown; error: string; onRemove: () => void }) {
  return (
    <Field label={name} error={error}>
      <div className="flex items-center gap-2">
        <code className="min-w-0 flex-1 truncate font-mono text-caption">{JSON.stringify(value)}</code>
        <IconButton size="sm" icon={Undo2} label={`Remove ${name}`} onClick={onRemove} />
      </div>
    </Field>
  )
}

const errorOf = (problems: readonly PipelineProblem[], key: string): string | null =>
  problems.find((problem) => problem.parameter === key || problem.parameter?.startsWith(`${key}.`))?.message ?? null

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The fields of a parameter that another one decides about, such as the settings of the chosen algorithm; undefined where it has none. */
function fieldsWithin(
  type: StepTypeInfo,
  { key }: FieldSpec,
  fields: readonly FieldSpec[],
  values: Record<string, unknown>
): FieldSpec[] | undefined {
  const nested = type.nested.find(({ parameter }) => parameter === key)
  const chosen = nested && (values[nested.by] ?? fields.find((field) => field.key === nested.by)?.default)
  const schema = typeof chosen === 'string' ? nested?.schemas[chosen] : undefined
  return schema && readFields(schema)
}

/** A parameter whose fields are shown in its place. A field that is left alone keeps its default and stays out of the document. */
function ParameterGroup({
  field,
  inner,
  columns,
  value,
  error,
  declared,
  onChange
}: Omit<ParameterFieldProps, 'suggestions'> & { inner: readonly FieldSpec[]; columns: StepColumns | undefined }) {
  const values = isRecord(value) ? value : {}
  const change = (key: string, next: unknown) => {
    const { [key]: _, ...rest } = values
    const all = next === undefined ? rest : { ...rest, [key]: next }
    onChange(Object.keys(all).length > 0 ? all : undefined)
  }
  const known = new Set(inner.map(({ key }) => key))
  return (
    <fieldset className="flex flex-col gap-3 border-l-2 pl-3">
      <legend className="pb-1 text-caption font-medium">{field.title}</legend>
      {error && <p className="text-caption text-error">{error}</p>}
      {inner.map((each) => (
        <ParameterField
          key={each.key}
          field={each}
          value={values[each.key]}
          error={null}
          declared={declared}
          suggestions={formatOf(each.control) === 'columns' ? numbersAmong(columns) : undefined}
          onChange={(next) => change(each.key, next)}
        />
      ))}
      {Object.keys(values).flatMap((key) =>
        known.has(key)
          ? []
          : [
              <Stranger
                key={key}
                name={key}
                value={values[key]}
                error={`There is no setting "${key}". Remove it.`}
                onRemove={() => change(key, undefined)}
              />
            ]
      )}
    </fieldset>
  )
}

interface ParameterFieldProps {
  field: FieldSpec
  value: unknown
  error: string | null
  declared: readonly PipelineParameter[]
  suggestions?: readonly Choice[]
  onChange: (value: unknown) => void
}

function ParameterField({ field, value, error, declared, suggestions, onChange }: ParameterFieldProps) {
  const isTaken = usesParameter(value)
  const label = (
    <span className="flex items-center gap-1">
      {field.title}
      {!field.required && value === undefined && (
        <span className="font-normal text-muted">{field.default === undefined ? '(optional)' : '(default)'}</span>
      )}
    </span>
  )
  return (
    <div className="relative">
      <Field label={label} hint={field.description} error={error}>
        {isTaken ? (
          <LineOfText mono value={value} onChange={(text) => onChange(text === '' ? undefined : text)} />
        ) : (
          <ParameterControl field={field} value={value} onChange={onChange} suggestions={suggestions} />
        )}
      </Field>
      {formatOf(field.control) === 'policy' && suggestions?.length === 0 && (
        <div className="pt-1">
          <WritePolicy onWritten={onChange} />
        </div>
      )}
      <div className="absolute -top-1 right-0 flex">
        {isTaken ? (
          <IconButton size="sm" icon={Undo2} label={`Set ${field.title} here`} onClick={() => onChange(undefined)} />
        ) : (
          declared.length > 0 && (
            <Menu
              align="end"
              trigger={<IconButton size="sm" icon={Braces} label={`Take ${field.title} from a pipeline parameter`} />}
              entries={declared.map((parameter) => ({
                id: parameter.name,
                label: parameter.name,
                onSelect: () => onChange(parameterExpression(parameter.name))
              }))}
            />
          )
        )}
      </div>
    </div>
  )
}

const formatOf = (control: FieldSpec['control']): string | null => ('format' in control ? (control.format ?? null) : null)

/** Names of what exists, for the parameters whose format says that they name something of the workspace. */
function useSuggestions(fields: readonly FieldSpec[], columns: StepColumns | undefined): Record<string, readonly Choice[]> {
  const formats = fields.map(({ control }) => formatOf(control))
  const datasets = useHostQuery('datasets.list', {}, { enabled: formats.includes('dataset') }).data
  const policies = useHostQuery('policies.list', {}, { enabled: formats.includes('policy') }).data
  return useMemo((): Record<string, readonly Choice[]> => {
    const named: Record<string, readonly Choice[] | undefined> = {
      dataset: datasets?.map((each) => ({ value: each.name, label: each.name })),
      policy: policies?.map((each) => ({ value: each.name, label: each.name, hint: each.title })),
      // Where there may be other columns, a name is typed.
      column: columns?.isOpen
        ? undefined
        : columns?.columns.map(({ name, role, type }) => ({ value: name, label: name, hint: [type, role].filter(Boolean).join(', ') }))
    }
    return Object.fromEntries(
      fields.flatMap(({ key, control }) => {
        const choices = named[formatOf(control) ?? '']
        return choices ? [[key, choices]] : []
      })
    )
  }, [fields, datasets, policies, columns])
}
