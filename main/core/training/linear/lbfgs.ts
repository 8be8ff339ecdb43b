export interface Minimum {
  point: Float64Array
  value: number
  iterations: number
  converged: boolean
}

/** Value at `point`; writes the slope into `slope`. */
export type SmoothFunction = (point: Float64Array, slope: Float64Array) => number

export interface MinimiseOptions {
  maxIterations: number
  tolerance: number
  /** May pause the work, and may throw to end it. */
  onIteration?: (iteration: number, value: number) => Promise<void> | void
}

/** Steps that a direction is drawn from. */
const memory = 10

/**
 * Limited-memory BFGS (Nocedal and Wright 2006, algorithms 7.4 and 7.5) with a bisection line search for the weak Wolfe conditions
 * (Lewis and Overton 2013). Stops when no slope exceeds `tolerance`.
 */
export async function minimise(objective: SmoothFunction, start: Float64Array, options: MinimiseOptions): Promise<Minimum> {
  const size = start.length
  let point: Float64Array = start.slice()
  let slope: Float64Array = new Float64Array(size)
  let value = objective(point, slope)
  const steps: Float64Array[] = []
  const changes: Float64Array[] = []
  let iterations = 0
  let converged = largest(slope) <= options.tolerance
  while (!converged && iterations < options.maxIterations) {
    const direction = descentDirection(slope, steps, changes)
    let along = dot(direction, slope)
    if (!(along < 0)) {
      steps.length = changes.length = 0
      for (let i = 0; i < size; i++) direction[i] = -slope[i]!
      along = -dot(slope, slope)
    }
    const first = steps.length === 0 ? Math.min(1, 1 / Math.sqrt(-along)) : 1
    const found = lineSearch(objective, point, value, direction, along, first)
    if (!found) break
    const step = found.point.map((coordinate, i) => coordinate - point[i]!)
    const change = found.slope.map((component, i) => component - slope[i]!)
    remember(steps, changes, step, change)
    ;({ point, slope, value } = found)
    iterations++
    converged = largest(slope) <= options.tolerance
    await options.onIteration?.(iterations, value)
  }
  return { point, value, iterations, converged }
}

/** Adds a step and the change of the slope over it, unless the change tells no curvature. */
export function remember(steps: Float64Array[], changes: Float64Array[], step: Float64Array, change: Float64Array): void {
  if (!(dot(step, change) > 1e-12 * dot(change, change))) return
  steps.push(step)
  changes.push(change)
  if (steps.length <= memory) return
  steps.shift()
  changes.shift()
}

/** Minus the slope, turned and scaled by what the steps tell of the curvature. */
export function descentDirection(slope: Float64Array, steps: Float64Array[], changes: Float64Array[]): Float64Array {
  const q = slope.map((component) => -component)
  const weights: number[] = []
  for (let i = steps.length - 1; i >= 0; i--) {
    weights[i] = dot(steps[i]!, q) / dot(steps[i]!, changes[i]!)
    addScaled(q, changes[i]!, -weights[i]!)
  }
  const last = steps.length - 1
  if (last >= 0) {
    const scale = dot(steps[last]!, changes[last]!) / dot(changes[last]!, changes[last]!)
    for (let i = 0; i < q.length; i++) q[i]! *= scale
  }
  for (let i = 0; i < steps.length; i++) {
    const correction = dot(changes[i]!, q) / dot(steps[i]!, changes[i]!)
    addScaled(q, steps[i]!, weights[i]! - correction)
  }
  return q
}

function lineSearch(
  objective: SmoothFunction,
  point: Float64Array,
  value: number,
  direction: Float64Array,
  along: number,
  first: number
): { point: Float64Array; slope: Float64Array; value: number } | null {
  // Near the minimum the value changes by less than its own rounding.
  const rounding = 1e-15 * Math.abs(value)
  let low = 0
  let high = Infinity
  let length = first
  let fallback: { point: Float64Array; slope: Float64Array; value: number } | null = null
  for (let attempt = 0; attempt < 40; attempt++) {
    const next = point.map((coordinate, i) => coordinate + length * direction[i]!)
    const slope = new Float64Array(point.length)
    const reached = objective(next, slope)
    if (!(reached <= value + 1e-4 * length * along + rounding)) high = length
    else {
      const candidate = { point: next, slope, value: reached }
      if (dot(slope, direction) >= 0.9 * along) return candidate
      fallback = candidate
      low = length
    }
    length = high < Infinity ? (low + high) / 2 : 2 * low
  }
  return fallback
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

function addScaled(to: Float64Array, what: Float64Array, scale: number): void {
  for (let i = 0; i < to.length; i++) to[i]! += what[i]! * scale
}

export function largest(values: Float64Array): number {
  let most = 0
  for (const value of values) if (!(Math.abs(value) <= most)) most = Math.abs(value)
  return most
}
