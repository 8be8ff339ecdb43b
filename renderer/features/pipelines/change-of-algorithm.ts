import type { StepTypeInfo } from '../../../main/model/pipeline'
import { parametersOfOthers } from '../../../main/model/tasks'
import { algorithmTitle, type Algorithm } from '../../../main/model/training'
import { ableIn, isAlgorithm, isKnown, taskIn } from './algorithm-choices'
import { readFields, usesParameter, type FieldSpec } from './schema-fields'

type Values = Readonly<Record<string, unknown>>

export interface Settled {
  /** Other parameters that change with the changed one; undefined takes a value out. */
  also: Record<string, unknown>
  /** What was taken out and why, in sentences. */
  told: string[]
}

/**
 * What else of a step has to change when its algorithm, or the question that it answers, does: an algorithm that does not answer the question
 * makes way for the default, and settings that the new one does not know, or not in these bounds, go. What both know stays, and so does what
 * concerns a question that only a pipeline parameter says.
 */
export function settleWith(type: StepTypeInfo, values: Values, key: string, value: unknown): Settled {
  const fields = readFields(type.parametersSchema)
  const nested = type.nested.find(({ by }) => fields.some((field) => field.key === by && isAlgorithm(field)))
  if (!nested || ![nested.by, 'task', 'objective'].includes(key)) return { also: {}, told: [] }
  // Where the question no longer comes from a parameter, it is chosen next: nothing goes before.
  if (key !== nested.by && value === undefined && usesParameter(values[key])) return { also: {}, told: [] }
  const next: Record<string, unknown> = { ...values, [key]: value }
  const also: Record<string, unknown> = {}
  const told: string[] = []
  if (key === 'task') takeOthers(fields, next, also, told)
  const usual = fields.find((field) => field.key === nested.by)!.default
  const before = values[nested.by] ?? usual
  const chosen = next[nested.by] ?? usual
  if (isKnown(chosen) && key !== nested.by && !ableIn(next).includes(chosen)) {
    also[nested.by] = next[nested.by] = undefined
    told.push(`${algorithmTitle(chosen)} does not answer this question; it is ${algorithmTitle(String(usual))} now.`)
  }
  const now = next[nested.by] ?? usual
  if (now !== before && isKnown(now)) takeSettings(nested, before, now, next, also, told)
  return { also, told }
}

/** Parameters that only concern another kind of question. */
function takeOthers(fields: readonly FieldSpec[], next: Record<string, unknown>, also: Record<string, unknown>, told: string[]): void {
  const task = taskIn(next)
  const gone = task ? parametersOfOthers('train', task).filter((key) => next[key] !== undefined) : []
  for (const key of gone) also[key] = next[key] = undefined
  if (gone.length > 0) told.push(`Left out, as they concern another question: ${gone.map((key) => titleOf(fields, key)).join(', ')}.`)
}

function takeSettings(
  { parameter, schemas }: StepTypeInfo['nested'][number],
  before: unknown,
  now: Algorithm,
  next: Values,
  also: Record<string, unknown>,
  told: string[]
): void {
  const known = readFields(schemas[now] ?? {})
  const old = readFields((typeof before === 'string' && schemas[before]) || {})
  const gone = new Map<string, Set<string>>()
  const keep = (settings: Values): Record<string, unknown> => {
    const kept = Object.entries(settings).filter(([key, value]) => {
      const stays = known.some((field) => field.key === key && fits(field, value))
      if (!stays) gone.set(key, (gone.get(key) ?? new Set()).add(typeof value === 'string' ? value : JSON.stringify(value)))
      return stays
    })
    return Object.fromEntries(kept)
  }
  const settings = next[parameter]
  if (isSettings(settings)) {
    const kept = keep(settings)
    if (Object.keys(kept).length < Object.keys(settings).length) also[parameter] = Object.keys(kept).length > 0 ? kept : undefined
  }
  const { candidates } = next
  const kept = Array.isArray(candidates) && candidates.every(isSettings) ? candidates.map(keep) : undefined
  if (gone.size === 0) return
  const words = [...gone].map(([key, values]) => `${titleOf(old, key)} ${[...values].join(' and ')}`)
  told.push(`Left out, as ${algorithmTitle(now)} does not take them: ${words.join(', ')}. What both know was kept.`)
  if (kept && JSON.stringify(kept) !== JSON.stringify(candidates)) takeCandidates(parameter, kept, next, also, told)
}

/** What is left of candidates: one alone is no choice, and becomes the settings of the step; what chose among them goes with them. */
function takeCandidates(parameter: string, kept: readonly Values[], next: Values, also: Record<string, unknown>, told: string[]): void {
  const different = kept.filter((each, at) => kept.findIndex((other) => JSON.stringify(other) === JSON.stringify(each)) === at)
  also['candidates'] = different.length > 1 ? different : undefined
  if (different.length !== 1) return
  const hasMetric = next['metric'] !== undefined
  if (hasMetric) also['metric'] = undefined
  told.push(
    `The candidates${hasMetric ? ' and the metric that chose among them' : ''} are left out too: fewer than two different ones are left.`
  )
  const { [parameter]: settings = {} } = { ...next, ...also }
  const [only] = different as [Values]
  if (Object.keys(only).length === 0 || !isSettings(settings)) return
  also[parameter] = { ...settings, ...only }
  told.push('What they agree on is set for the step now.')
}

const isSettings = (value: unknown): value is Values => typeof value === 'object' && value !== null && !Array.isArray(value)

const titleOf = (fields: readonly FieldSpec[], key: string): string => fields.find((field) => field.key === key)?.title ?? key

/** Whether a value is one that the field takes; of one that a pipeline parameter gives nobody knows yet. */
function fits({ control }: FieldSpec, value: unknown): boolean {
  if (usesParameter(value)) return true
  switch (control.kind) {
    case 'number': {
      if (typeof value !== 'number' || (control.integer && !Number.isInteger(value))) return false
      const { min = -Infinity, max = Infinity } = control
      return value >= min && value <= max && !(control.exclusiveMin && value === min) && !(control.exclusiveMax && value === max)
    }
    case 'choice':
      return typeof value === 'string' && control.choices.includes(value)
    case 'boolean':
      return typeof value === 'boolean'
    case 'text':
      return typeof value === 'string'
    default:
      return true
  }
}
