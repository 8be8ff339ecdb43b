import { costRange, decideClass, type ClassCosts, type ClassDecisionRecord, type ClassWay } from '../../model/class-decision'
import { z95 } from '../numerics'
import { rareMeanInterval } from '../tasks'

/** What a model stated for rows of known class. */
export interface StatedClasses {
  /** Row-major, a probability for each class. */
  scores: Float64Array
  labels: ArrayLike<number>
  weights: Float64Array | null
}

type Judged = Pick<ClassDecisionRecord, 'chosen' | 'matrix' | 'likeliest' | 'single' | 'saved'>

/**
 * What deciding by costs does to rows, beside deciding for the likeliest class and for one class always. Intervals of means are normal, row by row;
 * where few rows differ Wilson's of the dearest decision.
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
    cost: costMean(paid, weights, costs),
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
    saved: differenceMean(
      other.map((cost, row) => cost - own[row]!),
      weights,
      costs
    )
  }
}

const rowsOf = (values: Float64Array, weights: Float64Array | null) => ({ weights, units: { count: values.length, of: null } })

function costMean(paid: Float64Array, weights: Float64Array | null, costs: ClassCosts): ClassWay['cost'] {
  const mean = meanOf(paid, weights)
  return { ...mean, ...rareMeanInterval(paid, costRange(costs), rowsOf(paid, weights)) }
}

/** Of few differences what is saved and what is lost each have their interval; put together as Zou and Donner (2008) do. */
function differenceMean(saved: Float64Array, weights: Float64Array | null, costs: ClassCosts): ClassWay['cost'] {
  const mean = meanOf(saved, weights)
  const { least, most } = costRange(costs)
  if (!rareMeanInterval(saved, { least: least - most, most: most - least }, rowsOf(saved, weights))) return mean
  const [gained, lost] = [1, -1].map((sign) => {
    const part = saved.map((each) => Math.max(0, sign * each))
    return { value: meanOf(part, weights).value, ...rareMeanInterval(part, { least: 0, most: most - least }, rowsOf(part, weights))! }
  }) as [ClassWay['cost'], ClassWay['cost']]
  return {
    value: mean.value,
    lower: mean.value - Math.hypot(gained.value - gained.lower, lost.upper - lost.value),
    upper: mean.value + Math.hypot(gained.upper - gained.value, lost.value - lost.lower)
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
