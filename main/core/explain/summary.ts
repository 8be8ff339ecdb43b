import type { Explanation } from '../../model/explanation'
import { columnOf, type Frame } from '../frames'
import { z95 } from '../numerics'
import type { ExplainedRows } from './explained-rows'

type Output = Explanation['outputs'][number]
export type Cell = number | string | null

/** Points of a feature that a plot of dependence shows; of many classes fewer, so that a document of all of them stays readable. */
const mostPoints = 200
const fewestPoints = 40
const mostFigures = 4000

export function cellOf(frame: Frame, name: string, row: number): Cell {
  const column = columnOf(frame, name)
  if (column.kind === 'category') return column.codes[row]! < 0 ? null : column.categories[column.codes[row]!]!
  const value = column.values[row]!
  return value === value ? value : null
}

interface Shown {
  features: readonly string[]
  outputs: readonly string[]
  base: Float64Array
}

/** Mean absolute contributions by output, the largest first; intervals treat the rows as drawn from many (normal approximation). */
export function summarise({ features, outputs, base }: Shown, { rows, contributions }: ExplainedRows): Output[] {
  const count = outputs.length
  return outputs.map((name, output) => {
    const of = features.map((feature, at) => {
      let sum = 0
      let signed = 0
      let squares = 0
      for (let row = 0; row < rows; row++) {
        const value = contributions[(row * features.length + at) * count + output]!
        sum += Math.abs(value)
        signed += value
        squares += value * value
      }
      const mean = sum / rows
      const half = rows > 1 ? z95 * Math.sqrt(Math.max(0, squares / rows - mean * mean) / (rows - 1)) : null
      return {
        feature,
        mean,
        low: half === null ? null : Math.max(0, mean - half),
        high: half === null ? null : mean + half,
        signed: signed / rows
      }
    })
    return { name, base: base[output]!, features: of.sort((a, b) => b.mean - a.mean || (a.feature < b.feature ? -1 : 1)) }
  })
}

/**
 * For each feature an even choice of rows: its value and what it added to the outputs. In the order of the values, so that no row of the
 * table can be put together from the features.
 */
export function dependenceOf(
  { features, outputs }: Shown,
  frame: Frame,
  { rows, contributions }: ExplainedRows
): Explanation['dependence'] {
  const count = Math.min(rows, Math.max(fewestPoints, Math.min(mostPoints, Math.floor(mostFigures / outputs.length))))
  return features.map((feature, at) => ({
    feature,
    points: Array.from({ length: count }, (_, point) => {
      const row = Math.floor((point * rows) / count)
      const own = contributions.slice((row * features.length + at) * outputs.length, (row * features.length + at + 1) * outputs.length)
      return { value: cellOf(frame, feature, row), contribution: own[0]!, ...(own.length > 1 && { contributions: [...own] }) }
    }).sort(byValue)
  }))
}

/** Missing first, then by value, then by contribution. */
function byValue(a: { value: Cell; contribution: number }, b: typeof a): number {
  if (a.value === b.value) return a.contribution - b.contribution
  if (a.value === null || b.value === null) return a.value === null ? -1 : 1
  return a.value < b.value ? -1 : 1
}

/** Largest difference of base plus contributions to the margin. */
export function additivityOf({ features, outputs, base }: Shown, { rows, contributions, margins }: ExplainedRows): number {
  let worst = 0
  for (let row = 0; row < rows; row++)
    outputs.forEach((_, output) => {
      let sum = base[output]!
      features.forEach((_, at) => (sum += contributions[(row * features.length + at) * outputs.length + output]!))
      worst = Math.max(worst, Math.abs(sum - margins[row * outputs.length + output]!))
    })
  return worst
}
