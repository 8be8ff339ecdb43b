import { Braces, Undo2 } from 'lucide-react'
import { useMemo } from 'react'
import type { PipelineParameter, PipelineProblem, PipelineStep, StepTypeInfo } from '../../../main/model/pipeline'
import { useHostQuery } from '../../host'
import { Field, IconButton, Menu, type Choice } from '../../ui'
import { LineOfText, ParameterControl } from './parameter-control'
import { parameterExpression, readFields, usesParameter, type FieldSpec } from './schema-fields'

export interface ParameterFormProps {
  step: PipelineStep
  type: StepTypeInfo
  problems: readonly PipelineProblem[]
  /** Parameters of the pipeline, which a field may take its value from. */
  declared: readonly PipelineParameter[]
  onChange: (key: string, value: unknown) => void
}

/** The form of a step, made from the JSON Schema of its type; what is wrong stands beside the field. */
export function ParameterForm({ step, type, problems, declared, onChange }: ParameterFormProps) {
  const fields = useMemo(() => readFields(type.parametersSchema), [type])
  const suggestions = useSuggestions(fields)
  const values = (step.parameters ?? {}) as Record<string, unknown>
  const known = new Set(fields.map((field) => field.key))
  const strangers = Object.keys(values).filter((key) => !known.has(key))
  if (fields.length === 0 && strangers.length === 0) return <p className="text-muted">This step has nothing to set.</p>
  return (
    <div className="flex flex-col gap-3">
      {fields.map((field) => (
        <ParameterField
          key={field.key}
          field={field}
          value={values[field.key]}
          error={errorOf(problems, field.key)}
          declared={declared}
          suggestions={suggestions[field.key]}
          onChange={(value) => onChange(field.key, value)}
        />
      ))}
      {strangers.map((key) => (
        <Field key={key} label={key} error={errorOf(problems, key) ?? `This step has no parameter "${key}". Remove it.`}>
          <div className="flex items-center gap-2">
            <code className="min-w-0 flex-1 truncate font-mono text-caption">{JSON.stringify(values[key])}</code>
            <IconButton size="sm" icon={Undo2} label={`Remove ${key}`} onClick={() => onChange(key, undefined)} />
          </div>
        </Field>
      ))}
    </div>
  )
}

const errorOf = (problems: readonly PipelineProblem[], key: string): string | null =>
  problems.find((problem) => problem.parameter === key || problem.parameter?.startsWith(`${key}.`))?.message ?? null

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

/** Names of what exists, for the parameters whose format says that they name something of the workspace. */
function useSuggestions(fields: readonly FieldSpec[]): Record<string, readonly Choice[]> {
  const formats = fields.map(({ control }) => (control.kind === 'text' ? control.format : null))
  const datasets = useHostQuery('datasets.list', {}, { enabled: formats.includes('dataset') }).data
  const policies = useHostQuery('policies.list', {}, { enabled: formats.includes('policy') }).data
  return useMemo((): Record<string, readonly Choice[]> => {
    const named: Record<string, readonly Choice[] | undefined> = {
      dataset: datasets?.map((each) => ({ value: each.name, label: each.name })),
      policy: policies?.map((each) => ({ value: each.name, label: each.name, hint: each.title }))
    }
    return Object.fromEntries(
      fields.flatMap(({ key, control }) => {
        const choices = control.kind === 'text' && control.format !== null ? named[control.format] : undefined
        return choices ? [[key, choices]] : []
      })
    )
  }, [fields, datasets, policies])
}
