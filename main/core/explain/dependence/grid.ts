import type { ModelSignature } from '../../../model/training'
import type { Frame } from '../../frames'
import { cellOf, type Cell } from '../summary'
import { similarOrder } from './similar-order'

type Input = ModelSignature['inputs'][number]

/** Values that all rows are given in turn, and where each row stands among them. */
export interface Grid {
  /** Without missing. */
  values: (number | string)[]
  /** Whether missing is possible, and so a point of its own. */
  hasMissing: boolean
  order: 'value' | 'similarity'
  /** For each row: of a number the first value that is not below it, of a text its own; -1 for missing and for texts that are left out. */
  placeOf: Int32Array
  missing: number
  leftOut: number
}

/**
 * The grid of a column: of numbers the values that divide the rows evenly, as `quantile(type = 1)` of R gives them, with the smallest; each once.
 * Of texts the most frequent, by likeness of their rows.
 * @param size parts that numbers are divided into, and most texts
 */
export function gridOf(frame: Frame, { name, kind, missingShare }: Input, names: readonly string[], size: number): Grid {
  const cells = Array.from({ length: frame.rows }, (_, row) => cellOf(frame, name, row))
  const missing = cells.filter((cell) => cell === null).length
  const about = { hasMissing: missing > 0 || missingShare > 0, missing }
  if (kind === 'category') {
    const texts = frequent(cells, size)
    const codes = Int32Array.from(cells, (cell) => (cell === null ? -1 : texts.indexOf(String(cell))))
    const others = names.filter((other) => other !== name)
    const values = similarOrder(frame, others, texts, codes)
    const placeOf = codes.map((code) => (code < 0 ? -1 : values.indexOf(texts[code]!)))
    const leftOut = placeOf.filter((place) => place < 0).length - missing
    return { ...about, values, order: 'similarity', placeOf, leftOut }
  }
  const values = cuts(cells, size)
  const placeOf = Int32Array.from(cells, (cell) => (cell === null ? -1 : values.findIndex((value) => value >= (cell as number))))
  return { ...about, values, order: 'value', placeOf, leftOut: 0 }
}

function frequent(cells: readonly Cell[], most: number): string[] {
  const counts = new Map<string, number>()
  for (const cell of cells) if (cell !== null) counts.set(String(cell), (counts.get(String(cell)) ?? 0) + 1)
  return [...counts]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, most)
    .map(([text]) => text)
}

function cuts(cells: readonly Cell[], parts: number): number[] {
  const sorted = Float64Array.from(cells.filter((cell) => typeof cell === 'number')).sort()
  const levels = [...new Set(sorted)]
  if (levels.length <= parts + 1) return levels
  const at = Array.from({ length: parts }, (_, part) => sorted[Math.ceil(((part + 1) * sorted.length) / parts) - 1]!)
  return [...new Set([sorted[0]!, ...at])]
}
