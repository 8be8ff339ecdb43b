import { columnOf, type Frame } from '../frames'
import type { BoostedTrees } from './boosting/tree'
import { encodeFeatures, type EncodedTable, type FeatureEncoding } from './features'

/** The encodings of a model that would read every number as the table has it. */
export const exactEncodings = (features: readonly FeatureEncoding[]): FeatureEncoding[] =>
  features.map((feature) => (feature.kind === 'category' ? feature : { ...feature, precision: 'double' as const }))

/** The encodings of a model that reads as they are the numbers of the frame that single precision does not hold. */
export const exactWhereRounded = (features: readonly FeatureEncoding[], frame: Frame): FeatureEncoding[] =>
  features.map((feature) => {
    const column = columnOf(frame, feature.name)
    const isHeld = column.kind === 'category' || column.values.every((value) => value !== value || Math.fround(value) === value)
    return isHeld ? feature : { ...feature, precision: 'double' as const }
  })

/** By how much a statement on the frame's rows changes at most because the model reads numbers in single precision; of amounts, by which share. */
export function movedByRounding(
  features: readonly FeatureEncoding[],
  frame: Frame,
  predict: (table: EncodedTable) => Float64Array
): number {
  const exact = predict(encodeFeatures(frame, exactEncodings(features)))
  return predict(encodeFeatures(frame, features)).reduce((most, score, at) => Math.max(most, differenceOf(score, exact[at]!)), 0)
}

/** How far two statements are apart: beyond 1 as a share of the second one, since amounts have the precision of their size. */
export const differenceOf = (own: number, other: number): number => Math.abs(own - other) / Math.max(1, Math.abs(other))

/**
 * The trees with each border of a column in single precision at the last number that rounds to it. A row goes the same way at both, but at this
 * one also before it is rounded: rounding keeps the order of numbers, so nothing moves across.
 */
export function settleBorders(model: BoostedTrees, features: readonly FeatureEncoding[]): BoostedTrees {
  const trees = model.trees.map((tree) => ({
    ...tree,
    threshold: tree.threshold.map((border, node) => {
      const feature = features[tree.feature[node]!]
      return feature && feature.kind !== 'category' && feature.precision !== 'double' ? lastRoundedTo(border) : border
    })
  }))
  return { ...model, trees }
}

const single = new Float32Array(1)
const singleBits = new Int32Array(single.buffer)
const double = new Float64Array(1)
const doubleBits = new BigInt64Array(double.buffer)

/** The largest double that single precision rounds to `border`, a float32; the last float32 itself, which has none above it. */
export function lastRoundedTo(border: number): number {
  single[0] = border === 0 ? 0 : border
  singleBits[0]! += border < 0 ? -1 : 1
  const next = single[0]
  if (!Number.isFinite(next)) return border
  // Halfway between two neighbours goes to the even one.
  const halfway = (border + next) / 2
  if (Math.fround(halfway) === border) return halfway
  double[0] = halfway
  doubleBits[0]! += halfway < 0 ? 1n : -1n
  return double[0]
}
