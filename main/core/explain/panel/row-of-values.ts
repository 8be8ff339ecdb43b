import { WorkbenchError } from '../../../model/errors'
import { didYouMean } from '../../../model/near-names'
import { farthestSeconds } from '../../../model/point-in-time'
import { unlistedOf, unlistedWords, type ModelSignature, type SignatureInput } from '../../../model/training'
import type { Cell, RowValues } from '../../../model/what-if'
import { columnOf, listed, type Column, type Frame } from '../../frames'
import { cellWords } from '../narrative'
import { cellOf } from '../summary'

/** Larger ones are missing to a model, as in a table. */
const float32Limit = 3.4028234663852886e38

/**
 * One row as a table of the model's columns; a column without a value is missing.
 * @throws WorkbenchError INVALID_INPUT that names the column
 */
export function rowOfValues({ inputs }: ModelSignature, values: RowValues): Frame {
  const names = inputs.map(({ name }) => name)
  for (const name of Object.keys(values))
    if (!names.includes(name))
      throw new WorkbenchError('INVALID_INPUT', `The model has no column "${name}". It has: ${listed(names)}.${didYouMean(name, names)}`)
  return { rows: 1, columns: new Map(inputs.map((input) => [input.name, columnOfValue(input, values[input.name] ?? null)])) }
}

function columnOfValue({ name, kind }: SignatureInput, value: Cell): Column {
  if (kind === 'category') {
    const text = value === null ? '' : String(value)
    return { kind, codes: Int32Array.of(text === '' ? -1 : 0), categories: text === '' ? [] : [text] }
  }
  if (value === null) return { kind, values: Float64Array.of(NaN), outOfRange: 0 }
  if (typeof value === 'string')
    throw new WorkbenchError(
      'INVALID_INPUT',
      `"${name}" takes numbers, not the text "${value}". Give a number, or nothing where it is missing.`
    )
  if (kind === 'boolean' && value !== 0 && value !== 1)
    throw new WorkbenchError('INVALID_INPUT', `"${name}" is true or false: give 1 or 0, or nothing where it is missing.`)
  if (!(Math.abs(value) <= float32Limit))
    throw new WorkbenchError('INVALID_INPUT', `${value} is too large for "${name}". Give a number below ${float32Limit.toPrecision(3)}.`)
  if (kind === 'timestamp' && Math.abs(value) > farthestSeconds)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `${value} s is no point in time that "${name}" can have. Give seconds since 1970 up to ${farthestSeconds}, or nothing where it is missing.`
    )
  return { kind, values: Float64Array.of(value), outOfRange: 0 }
}

/** The values of a row of a table. */
export const valuesOfRow = ({ inputs }: ModelSignature, frame: Frame, row: number): RowValues =>
  Object.fromEntries(inputs.map(({ name }) => [name, cellOf(frame, name, row)]))

/** What a column usually is: the median of numbers, which is a value that occurs, or the most frequent text; null where it is mostly missing. */
export function usualValue(frame: Frame, name: string): Cell {
  const column = columnOf(frame, name)
  if (column.kind !== 'category') {
    const known = column.values.filter((value) => value === value).sort()
    return known.length * 2 < frame.rows ? null : known[(known.length - 1) >> 1]!
  }
  const counts = new Map<number, number>()
  for (const code of column.codes) counts.set(code, (counts.get(code) ?? 0) + 1)
  const [most] = [...counts].reduce((best, each) => (each[1] > best[1] ? each : best), [-1, 0])
  return most < 0 ? null : column.categories[most]!
}

/** Values of a row that training did not know, in words. */
export function unknownToTraining({ inputs }: ModelSignature, values: RowValues): string[] {
  return inputs.flatMap((input) => {
    const value = values[input.name] ?? null
    const { name, range, categories, kind } = input
    if (typeof value === 'number' && range && (value < range.min || value > range.max))
      return [`"${name}" is ${cellWords(value, kind)}; training knew ${cellWords(range.min, kind)} to ${cellWords(range.max, kind)}.`]
    if (typeof value !== 'string' || value === '' || !categories || categories.includes(value)) return []
    const counts = unlistedOf(input)
    return [`"${name}" is "${value}", which the model does not tell apart${counts ? `: it counts as ${unlistedWords[counts]}` : ''}.`]
  })
}
