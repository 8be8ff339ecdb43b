import { countOf } from '../../../model/count-of'
import type { ColumnRule } from '../../../model/counterfactual'
import { WorkbenchError } from '../../../model/errors'
import { didYouMean } from '../../../model/near-names'
import type { ModelSignature } from '../../../model/training'
import { listed, type Frame } from '../../frames'
import { cellOf, type Cell } from '../summary'

type Input = ModelSignature['inputs'][number]
export type Rules = Readonly<Record<string, ColumnRule>>

/** A column that may be changed. */
export interface Movable {
  name: string
  place: number
  kind: Input['kind']
  from: Cell
  /** Values that training rows have and the rules allow, but not the present one: numbers rising. `coarse` are a few of them, `fine` most. */
  coarse: readonly Cell[]
  fine: readonly Cell[]
  /** Largest less smallest number of the training rows; 0 of texts. */
  range: number
}

/** Parts that the allowed numbers are divided into, and most texts of a column that are tried. */
const steps = 20
const fineSteps = 200
const mostTexts = 50

const refuse = (column: string, message: string): never => {
  throw new WorkbenchError('INVALID_INPUT', message, { details: { column } })
}

/**
 * The columns that may be changed and to what.
 * @throws WorkbenchError INVALID_INPUT for rules that cannot be kept: an unknown column, a range without any value of training, all immutable
 */
export function movesOf({ inputs }: ModelSignature, row: Frame, training: Frame, rules: Rules): Movable[] {
  const names = inputs.map(({ name }) => name)
  for (const name of Object.keys(rules))
    if (!names.includes(name))
      refuse(name, `The model has no column "${name}", so no rule can be about it. It has: ${listed(names)}.${didYouMean(name, names)}`)
  if (inputs.every(({ name }) => rules[name]?.immutable))
    throw new WorkbenchError('INVALID_INPUT', 'All columns are immutable, so no other answer can be reached. Let at least one change.')
  return inputs.flatMap((input, place) => {
    const rule = rules[input.name] ?? {}
    assertRule(input, rule)
    return rule.immutable ? [] : [movable(input, place, cellOf(row, input.name, 0), valuesOf(training, input.name), rule)]
  })
}

function assertRule({ name, kind }: Input, { only, min, max, values }: ColumnRule): void {
  const isText = kind === 'category'
  if (isText && (only !== undefined || min !== undefined || max !== undefined))
    refuse(name, `"${name}" has texts, which neither rise nor have a range. Give the allowed texts, or take the rule out.`)
  if (!isText && values) refuse(name, `"${name}" has numbers, not texts. Give a smallest and a largest value, or take the rule out.`)
  if (min !== undefined && max !== undefined && min > max)
    refuse(name, `The allowed range of "${name}" is empty: ${min} is above ${max}. Exchange the two.`)
}

const valuesOf = (training: Frame, name: string): Cell[] => Array.from({ length: training.rows }, (_, row) => cellOf(training, name, row))

function movable({ name, kind }: Input, place: number, from: Cell, seen: readonly Cell[], rule: ColumnRule): Movable {
  if (kind === 'category') {
    const texts = byCount(seen)
    const missing = rule.values?.find((text) => !texts.includes(text))
    if (missing !== undefined)
      refuse(
        name,
        `None of the ${countOf(seen.length, 'row')} looked at has "${missing}" in "${name}", so what the model answers to it is not known.${didYouMean(missing, texts)}`
      )
    const allowed = (rule.values ? texts.filter((text) => rule.values!.includes(text)) : texts).filter((text) => text !== from)
    return { name, place, kind, from, coarse: allowed.slice(0, mostTexts), fine: allowed.slice(0, fineSteps), range: 0 }
  }
  const levels = [...new Set(Float64Array.from(seen.filter((cell) => typeof cell === 'number')).sort())]
  const inRange = levels.filter((value) => value >= (rule.min ?? -Infinity) && value <= (rule.max ?? Infinity))
  if (inRange.length === 0 && (rule.min !== undefined || rule.max !== undefined))
    refuse(
      name,
      `None of the ${countOf(seen.length, 'row')} looked at has a value of "${name}" within ${rule.min ?? 'any'} to ${rule.max ?? 'any'}. Widen the range, or make the column immutable.`
    )
  const fine = inRange.filter(
    (value) =>
      value !== from &&
      (typeof from !== 'number' || (rule.only === 'rising' ? value > from : rule.only === 'falling' ? value < from : true))
  )
  return {
    name,
    place,
    kind,
    from,
    coarse: thinned(fine, steps),
    fine: thinned(fine, fineSteps),
    range: levels.length > 0 ? levels.at(-1)! - levels[0]! : 0
  }
}

function byCount(cells: readonly Cell[]): string[] {
  const counts = new Map<string, number>()
  for (const cell of cells) if (cell !== null) counts.set(String(cell), (counts.get(String(cell)) ?? 0) + 1)
  return [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([text]) => text)
}

const thinned = (values: readonly number[], parts: number): number[] =>
  values.length <= parts + 1
    ? [...values]
    : Array.from({ length: parts + 1 }, (_, at) => values[Math.round((at * (values.length - 1)) / parts)]!)

/** Gower's distance of one column, 0..1: numbers by the range of training, texts and missing values by whether they differ. */
export function apart({ from, range }: Movable, to: Cell): number {
  if (from === to) return 0
  if (typeof from !== 'number' || typeof to !== 'number') return 1
  return range > 0 ? Math.min(1, Math.abs(to - from) / range) : 1
}
