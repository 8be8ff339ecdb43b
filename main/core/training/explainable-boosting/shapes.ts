import type { Margin, Shape, ShapeAxis, ShapesDrawing } from '../../../model/glass-box'
import type { FeatureEncoding } from '../features'
import { linkOf, type Objective } from '../objective'
import type { Outcome } from '../trainer'
import type { PairShape, ShapesModel } from './model'

/** Variance that scores give to the margins of the training rows, over all outputs. */
function varianceOf({ scores, weights }: { scores: readonly number[]; weights: readonly number[] }, width: number): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let variance = 0
  for (let k = 0; k < width; k++) {
    let [sum, squares] = [0, 0]
    weights.forEach((weight, cell) => {
      const score = scores[cell * width + k]!
      sum += (weight / total) * score
      squares += (weight / total) * score * score
    })
    variance += Math.max(0, squares - sum * sum)
  }
  return variance
}

const pairsWith = ({ pairs }: ShapesModel, feature: number): PairShape[] =>
  pairs.filter(({ first, second }) => first === feature || second === feature)

/** Spread of what each feature adds to the margin; of a pair, half to each. */
export const amountsOf = (model: ShapesModel): Float64Array =>
  Float64Array.from(model.shapes, (shape, feature) => {
    const shared = pairsWith(model, feature).reduce((sum, pair) => sum + varianceOf(pair, model.width) / 2, 0)
    return Math.sqrt(varianceOf(shape, model.width) + shared)
  })

/** Bins of each feature's shape; 0 for one that adds nothing, alone or in a pair. */
export const usesOf = (model: ShapesModel): Int32Array =>
  Int32Array.from(model.shapes, ({ scores, weights }, feature) => {
    const isFlat = (own: readonly number[]): boolean => own.every((score) => score === 0)
    return isFlat(scores) && pairsWith(model, feature).every((pair) => isFlat(pair.scores)) ? 0 : weights.length
  })

/** Every shape and pair of a model for drawing, in the order of the model. */
export function shapesOf(model: ShapesModel, features: readonly FeatureEncoding[]): Shape[] {
  const { width } = model
  const byOutput = (values: readonly number[]): number[][] =>
    Array.from({ length: width }, (_, k) => values.filter((_value, at) => at % width === k))
  const drawn = (shape: { scores: number[]; halves: number[]; weights: number[] }, axes: ShapeAxis[]): Shape => {
    const bound = (sign: number): number[][] | null =>
      shape.halves.length === 0 ? null : byOutput(shape.scores.map((score, at) => score + sign * shape.halves[at]!))
    const spread = Math.sqrt(varianceOf(shape, width))
    return { axes, scores: byOutput(shape.scores), lower: bound(-1), upper: bound(1), weights: shape.weights, spread }
  }
  const axes = features.map((feature, index) => axisOf(feature, model.shapes[index]!.edges))
  return [
    ...model.shapes.map((shape, index) => drawn(shape, [axes[index]!])),
    ...model.pairs.map((pair) =>
      drawn(pair, [groupAxis(axes[pair.first]!, pair.firstGroups), groupAxis(axes[pair.second]!, pair.secondGroups)])
    )
  ]
}

const margins: Record<ReturnType<typeof linkOf>, Margin> = {
  sigmoid: 'log-odds',
  softmax: 'class scores',
  identity: 'amount',
  exp: 'log of the amount'
}

/** The model as a document for people: every shape and pair with its bins. */
export function drawShapes(model: ShapesModel, features: readonly FeatureEncoding[], objective: Objective, target: Outcome): ShapesDrawing {
  return {
    ...{ schema: 'drydock.glass-box', version: 1, kind: 'shapes', algorithm: 'explainable-boosting', target: target.name },
    margin: margins[linkOf(objective)],
    classes: 'classes' in target ? [...target.classes] : null,
    intercept: model.intercept,
    bags: model.bags,
    shapes: shapesOf(model, features)
  }
}

/** The bins of a feature with a name for each. */
function axisOf({ name, kind, kept, min, max }: FeatureEncoding, edges: readonly number[]): ShapeAxis {
  const range = min === null || max === null ? null : { min, max }
  if (kind === 'category') return { feature: name, kind, edges: [], range: null, names: [...kept, 'other texts', 'missing'] }
  return { feature: name, kind, edges: [...edges], range, names: [...rangeNames(edges), 'missing'] }
}

const short = (value: number): string => String(Number(value.toPrecision(6)))

const rangeNames = (edges: readonly number[]): string[] =>
  edges.length === 0
    ? ['any value']
    : [
        `up to ${short(edges[0]!)}`,
        ...edges.slice(1).map((edge, at) => `above ${short(edges[at]!)} to ${short(edge)}`),
        `above ${short(edges.at(-1)!)}`
      ]

/** The groups of a feature in a pair, named after their bins. */
function groupAxis(axis: ShapeAxis, groups: readonly number[]): ShapeAxis {
  const isLast = (bin: number): boolean => groups[bin + 1] !== groups[bin]
  if (axis.kind === 'category') {
    const first = groups.map((group, bin) => groups.indexOf(group) === bin)
    const rest = groups.at(-2)
    return { ...axis, names: axis.names.filter((_, bin) => first[bin]).map((name, group) => (group === rest ? 'other texts' : name)) }
  }
  const edges = axis.edges.filter((_, bin) => isLast(bin))
  return { ...axis, edges, names: [...rangeNames(edges), 'missing'] }
}
