import { descentDirection, dot, largest, remember, type Minimum, type MinimiseOptions, type SmoothFunction } from './lbfgs'

/**
 * Minimum of a smooth function plus the sum of `l1[i]` times the size of weight i, by orthant-wise limited-memory quasi-Newton steps (Andrew
 * and Gao 2007, algorithm 1). Weights end at exactly zero. Stops when no slope of the whole, in the direction that a weight may go, exceeds
 * `tolerance`. Where more than one point is a minimum, the start decides; nothing else does.
 */
export async function minimiseSparse(
  smooth: SmoothFunction,
  start: Float64Array,
  l1: Float64Array,
  options: MinimiseOptions
): Promise<Minimum> {
  const size = start.length
  const whole = (point: Float64Array, value: number): number => value + point.reduce((sum, weight, i) => sum + l1[i]! * Math.abs(weight), 0)
  let point: Float64Array = start.slice()
  let slope: Float64Array = new Float64Array(size)
  let value = whole(point, smooth(point, slope))
  let pull = wholeSlope(point, slope, l1)
  const steps: Float64Array[] = []
  const changes: Float64Array[] = []
  let iterations = 0
  let converged = largest(pull) <= options.tolerance
  while (!converged && iterations < options.maxIterations) {
    let found = search(smooth, whole, { point, value, pull, l1 }, directionOf(pull, l1, steps, changes), steps.length === 0)
    if (!found && steps.length > 0) {
      steps.length = changes.length = 0
      found = search(smooth, whole, { point, value, pull, l1 }, directionOf(pull, l1, steps, changes), true)
    }
    if (!found) break
    const step = found.point.map((coordinate, i) => coordinate - point[i]!)
    const change = found.slope.map((component, i) => component - slope[i]!)
    remember(steps, changes, step, change)
    ;({ point, slope, value } = found)
    pull = wholeSlope(point, slope, l1)
    iterations++
    converged = largest(pull) <= options.tolerance
    await options.onIteration?.(iterations, value)
  }
  return { point, value, iterations, converged }
}

/** The slope of the whole; at zero the side on which it falls, or none. */
function wholeSlope(point: Float64Array, slope: Float64Array, l1: Float64Array): Float64Array {
  return slope.map((component, i) => {
    if (point[i]! !== 0) return component + Math.sign(point[i]!) * l1[i]!
    return Math.sign(component) * Math.max(Math.abs(component) - l1[i]!, 0)
  })
}

/** No penalised weight goes where the whole rises. */
function directionOf(pull: Float64Array, l1: Float64Array, steps: Float64Array[], changes: Float64Array[]): Float64Array {
  const direction = descentDirection(pull, steps, changes)
  for (let i = 0; i < direction.length; i++) if (l1[i]! > 0 && direction[i]! * pull[i]! >= 0) direction[i] = 0
  return direction
}

interface Place {
  point: Float64Array
  value: number
  pull: Float64Array
  l1: Float64Array
}

/** Halves the step until the whole falls enough; a weight that would change its sign stays at zero. */
function search(
  smooth: SmoothFunction,
  whole: (point: Float64Array, value: number) => number,
  { point, value, pull, l1 }: Place,
  direction: Float64Array,
  isFirst: boolean
): { point: Float64Array; slope: Float64Array; value: number } | null {
  if (!(dot(direction, pull) < 0)) return null
  // Near the minimum the value changes by less than its own rounding.
  const rounding = 1e-15 * Math.abs(value)
  let length = isFirst ? Math.min(1, 1 / Math.sqrt(dot(pull, pull))) : 1
  for (let attempt = 0; attempt < 40; attempt++, length /= 2) {
    const next = point.map((coordinate, i) => {
      const moved = coordinate + length * direction[i]!
      if (l1[i]! === 0) return moved
      const side = coordinate === 0 ? -pull[i]! : coordinate
      return moved * side > 0 ? moved : 0
    })
    const slope = new Float64Array(point.length)
    const reached = whole(next, smooth(next, slope))
    const along = next.reduce((sum, coordinate, i) => sum + pull[i]! * (coordinate - point[i]!), 0)
    if (reached <= value + 1e-4 * along + rounding) return { point: next, slope, value: reached }
  }
  return null
}
