import type { StepColumns } from '../../../main/model/pipeline'
import { parametersOfOthers, regressionObjectives, taskNames, type TaskName } from '../../../main/model/tasks'
import { algorithms, algorithmSchema, algorithmsFor, algorithmTitle, type Algorithm } from '../../../main/model/training'
import type { Choice } from '../../ui'
import type { FieldSpec } from './schema-fields'

/** Whether a field asks for a trainer: it is offered with what each is for. */
export const isAlgorithm = ({ control }: FieldSpec): boolean => control.kind === 'choice' && control.format === 'algorithm'

type Values = Readonly<Record<string, unknown>>

/** The kind of question that a step answers, yes or no where it does not say; undefined where a pipeline parameter will say it. */
export const taskIn = ({ task = 'binary' }: Values): TaskName | undefined => taskNames.find((name) => name === task)

export const isKnown = (name: unknown): name is Algorithm => typeof name === 'string' && name in algorithms

/** What a trainer is for, in a sentence. */
export const purposeOf = (name: unknown): string => (isKnown(name) ? algorithms[name].purpose : 'The trainer.')

/** The trainers that answer the question of a step; where a pipeline parameter gives its task or objective, those of each that it may be. */
export function ableIn(values: Values): Algorithm[] {
  const task = taskIn(values)
  const { objective = 'squared' } = values
  const known = regressionObjectives.filter((name) => name === objective)
  const all = (task ? [task] : taskNames).flatMap((each) =>
    (known.length > 0 ? known : regressionObjectives).flatMap((name) => algorithmsFor(each, name))
  )
  return algorithmSchema.options.filter((name) => all.includes(name))
}

/** The trainers that a step may have; a chosen one that does not answer its question stays in sight, with that. */
export function algorithmChoices(values: Values, chosen: unknown): Choice[] {
  const able = ableIn(values)
  const offered = able.map((name): Choice => ({ value: name, label: algorithmTitle(name), hint: algorithms[name].purpose }))
  if (!isKnown(chosen) || able.includes(chosen)) return offered
  return [...offered, { value: chosen, label: algorithmTitle(chosen), hint: 'Does not answer this question.', disabled: true }]
}

/** Parameters of a train step that only concern other kinds of question than the chosen one. */
export function concernsAnother(type: string, values: Values): string[] {
  const task = taskIn(values)
  return type === 'train' && task ? parametersOfOthers('train', task) : []
}

/** Columns that can rise or fall; undefined where there may be others, so that names are typed. */
export function numbersAmong(columns: StepColumns | undefined): Choice[] | undefined {
  if (!columns || columns.isOpen) return undefined
  const isNumber = (type: string | null): boolean => type === null || /INT|DOUBLE|FLOAT|DECIMAL|BOOL|DATE|TIME/i.test(type)
  return columns.columns
    .filter(({ name, type }) => isNumber(type) && !name.includes(','))
    .map(({ name, type, role }) => ({ value: name, label: name, hint: [type, role].filter(Boolean).join(', ') }))
}
