import type { Bounds } from './search'
import type { Scales, Sums } from './split'

/** By feature 1 or -1 where the answer must not fall or rise with it, else 0; null where no feature has a direction. */
export type MonotoneDirections = Int8Array | null

/**
 * Between which values the leaves below either side of a split must stay: where the feature has a direction, the middle of the values of both
 * sides parts them for good (the basic method of LightGBM; Auguste et al. 2020).
 */
export function boundsOfSides(
  { lower, upper }: Bounds,
  direction: number,
  sides: readonly [Sums, Sums],
  l2: number,
  scales: Scales
): [Bounds, Bounds] {
  if (direction === 0)
    return [
      { lower, upper },
      { lower, upper }
    ]
  const [left, right] = sides.map(({ gradient, hessian }) => {
    const value = -(gradient / scales.gradient) / (hessian / scales.hessian + l2)
    return Math.min(Math.max(value, lower), upper)
  })
  return partedAt((left! + right!) / 2, direction, { lower, upper })
}

/** The bounds left and right of a split whose sides are parted at a value. */
export function partedAt(middle: number, direction: number, { lower, upper }: Bounds): [Bounds, Bounds] {
  const below = { lower, upper: Math.min(upper, middle) }
  const above = { lower: Math.max(lower, middle), upper }
  return direction > 0 ? [below, above] : [above, below]
}
