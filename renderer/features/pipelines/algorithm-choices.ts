import type { StepColumns } from '../../../main/model/pipeline'
import { parametersOfOthers, taskNames, type TaskName } from '../../../main/model/tasks'
import { algorithms, algorithmsFor, algorithmTitle, type Algorithm } from '../../../main/model/training'
import type { Choice } from '../../ui'
import type { FieldSpec } from './schema-fields'

/** Whether a field asks for a trainer: it is offered with what each is for. */
export const isAlgorithm = ({ control }: FieldSpec): boolean => control.kind === 'choice' && control.format === 'algorithm'

/** The kind of question that a step answers; yes or no where it does not say. */
export const taskIn = (values: Readonly<Record<string, unknown>>): TaskName => taskNames.find((name) => name === values['task']) ?? 'binary'

export const isKnown = (name: unknown): name is Algorithm => typeof name === 'string' && name in algorithms

/** What a trainer is for, in a sentence. */
export const purposeOf = (name: unknown): string => (isKnown(name) ? algorithms[name].purpose : 'The trainer.')

/** The trainers that answer the question of a step; a chosen one that does not stays in sight, with that. */
export function algorithmChoices(values: Readonly<Record<string, unknown>>, chosen: unknown): Choice[] {
  const objective = values['objective']
  const able = algorithmsFor(taskIn(values), typeof objective === 'string' ? objective : undefined)
  const offered = able.map((name): Choice => ({ value: name, label: algorithmTitle(name), hint: algorithms[name].purpose }))
  if (!isKnown(chosen) || able.includes(chosen)) return offered
  return [...offered, { value: chosen, label: algorithmTitle(chosen), hint: 'Does not answer this question.', disabled: true }]
}

/** Parameters of a train step that only concern other kinds of question than the chosen one. */
export const concernsAnother = (type: string, values: Readonly<Record<string, unknown>>): string[] =>
  type === 'train' ? parametersOfOthers('train', taskIn(values)) : []

/** Columns that can rise or fall; undefined where there may be others, so that names are typed. */
export function numbersAmong(columns: StepColumns | undefined): Choice[] | undefined {
  if (!columns || columns.isOpen) return undefined
  const isNumber = (type: string | null): boolean => type === null || /INT|DOUBLE|FLOAT|DECIMAL|BOOL|DATE|TIME/i.test(type)
  return columns.columns
    .filter(({ name, type }) => isNumber(type) && !name.includes(','))
    .map(({ name, type, role }) => ({ value: name, label: name, hint: [type, role].filter(Boolean).join(', ') }))
}
