import { decideClass, type ClassCosts, type ClassDecisionRecord, type ClassWay } from '../../model/class-decision'
import { z95 } from '../numerics'

/** What a model stated for rows of known class. */
export interface StatedClasses {
  /** Row-major, a probability for each class. */
  scores: Float64Array
  labels: ArrayLike<number>
  weights: Float64Array | null
}

type Judged = Pick<ClassDecisionRecord, 'chosen' | 'matrix' | 'likeliest' | 'single' | 'saved'>

/**
 * What deciding by costs does to rows, beside deciding for the likeliest class and for one class always. Intervals of means are normal, row by row.
 * @param names of the classes, in their order
 */
export function judgeClassDecision({ scores, labels, weights }: StatedClasses, costs: ClassCosts, names: readonly string[]): Judged {
  const classes = names.length
  const decide = (by: ClassCosts | null) =>
    Uint16Array.from({ length: labels.length }, (_, row) => decideClass(scores, row * classes, classes, by))
  const [chosen, likeliest] = [decide(costs), decide(null)]
  const costOf = (decided: Uint16Array): Float64Array => Float64Array.from(decided, (place, row) => costs[labels[row]!]![place]!)
  const [own, other] = [costOf(chosen), costOf(likeliest)]
  const wayOf = (decided: Uint16Array, paid: Float64Array): ClassWay => ({
    cost: meanOf(paid, weights),
    accuracy: shareOf(decided, weights, (place, row) => place === labels[row]),
    decided: names.map((_, place) => shareOf(decided, weights, (each) => each === place))
  })
  const matrix = names.map(() => names.map(() => 0))
  chosen.forEach((place, row) => (matrix[labels[row]!]![place]! += weights?.[row] ?? 1))
  const singles = names.map((name, place) => ({ name, cost: meanOf(costOf(new Uint16Array(labels.length).fill(place)), weights).value }))
  return {
    chosen: wayOf(chosen, own),
    matrix,
    likeliest: wayOf(likeliest, other),
    single: singles.reduce((best, each) => (each.cost < best.cost ? each : best)),
    saved: meanOf(
      other.map((cost, row) => cost - own[row]!),
      weights
    )
  }
}

/** A weighted mean with the ends of its 95% interval. */
function meanOf(values: Float64Array, weights: Float64Array | null): ClassWay['cost'] {
  let [sum, total] = [0, 0]
  values.forEach((value, row) => {
    sum += (weights?.[row] ?? 1) * value
    total += weights?.[row] ?? 1
  })
  const value = sum / total
  const squares = values.reduce((all, each, row) => all + ((weights?.[row] ?? 1) * (each - value)) ** 2, 0)
  const reach = (z95 * Math.sqrt(squares)) / total
  return { value, lower: value - reach, upper: value + reach }
}

function shareOf(decided: Uint16Array, weights: Float64Array | null, is: (place: number, row: number) => boolean): number {
  let [part, total] = [0, 0]
  decided.forEach((place, row) => {
    const weight = weights?.[row] ?? 1
    total += weight
    if (is(place, row)) part += weight
  })
  return Math.min(1, part / total)
}
