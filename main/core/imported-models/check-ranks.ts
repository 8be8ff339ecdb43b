import type { ModelSignature } from '../../model/training'
import { columnOf, type Frame } from '../frames'
import { refuse } from './refuse'

/** Standard errors below an even ranking from which one is held to be the wrong way round. */
const plainly = 5
/** Fewer rows of a class say little. */
const fewest = 20

/**
 * Holds the order of the classes against outcomes: a class that is ranked plainly the wrong way round is not the one that it is said to be.
 * Source: Mann and Whitney 1947, normal approximation.
 * @throws WorkbenchError INVALID_INPUT
 */
export function assertRanks(frame: Frame, signature: ModelSignature, scores: Float64Array, width: number): string[] {
  const { target } = signature
  if (!frame.columns.has(target.name) || String(signature.task) === 'regression') return constantWarning(scores, width)
  const classes: unknown[] =
    'classes' in target ? (target as { classes: unknown[] }).classes : [null, (Object.values(target) as unknown[])[1]]
  const column = columnOf(frame, target.name)
  const valueOf = (row: number): unknown =>
    column.kind === 'category'
      ? column.categories[column.codes[row]!]
      : column.kind === 'boolean'
        ? column.values[row] === 1
        : column.values[row]
  classes.forEach((value, place) => {
    if (value === null) return
    const isOf = Array.from({ length: frame.rows }, (_, row) => valueOf(row) === value)
    const own = Float64Array.from({ length: frame.rows }, (_, row) => scores[row * width + place]!)
    const { z, share } = ranking(own, isOf)
    if (z < -plainly)
      refuse(
        `Rows whose "${target.name}" is ${JSON.stringify(value)} get lower scores for it than other rows (ranked right in ${(share * 100).toFixed(0)}% of pairs), so the classes or input columns seem to be in another order than the signature says. Correct "classes", "event" or "columns".`,
        { column: target.name }
      )
  })
  return constantWarning(scores, width)
}

function constantWarning(scores: Float64Array, width: number): string[] {
  const isConstant = scores.every((value, index) => value === scores[index % width])
  return isConstant && scores.length > width ? ['The model gives the same score for every row of the sample.'] : []
}

/** Share of pairs ranked right, and how many standard errors that is from a half. */
function ranking(scores: Float64Array, isOf: readonly boolean[]): { z: number; share: number } {
  const order = [...scores.keys()].sort((a, b) => scores[a]! - scores[b]!)
  let sum = 0
  let count = 0
  for (let from = 0; from < order.length;) {
    let to = from
    while (to < order.length && scores[order[to]!] === scores[order[from]!]) to++
    for (let at = from; at < to; at++)
      if (isOf[order[at]!]) {
        sum += (from + to + 1) / 2
        count++
      }
    from = to
  }
  const others = scores.length - count
  if (count < fewest || others < fewest) return { z: 0, share: 0.5 }
  const share = (sum - (count * (count + 1)) / 2) / (count * others)
  return { z: (share - 0.5) / Math.sqrt((count + others + 1) / (12 * count * others)), share }
}
