import { z } from 'zod'
import type { EncodedTable, FeatureEncoding } from '../features'
import { binCount, checkEdges, codesOf, type Codes } from '../value-bins'

const count = z.int().min(0)
const numbers = z.array(z.number())

/**
 * What one feature adds to the margin: a score for each bin (row-major, `width` values a bin), which over the training rows have the mean 0.
 * Bins of a number are its edges' and one for missing values; those of a text are its codes.
 */
export const shapeSchema = z.object({
  /** Upper edges (inclusive) of the value bins but the last; empty for texts. */
  edges: numbers,
  scores: numbers,
  /** Half of the 95% interval of each score, from the spread over the bags; empty for a model of one bag. */
  halves: numbers,
  /** Weight of the training rows in each bin. */
  weights: numbers
})

/** What two features add together, beyond what each adds: a score for each cell, row by row of the first one's groups. */
export const pairShapeSchema = z.object({
  first: count,
  second: count,
  /** The group of every bin of the feature's shape. */
  firstGroups: z.array(count),
  secondGroups: z.array(count),
  scores: numbers,
  halves: numbers,
  weights: numbers
})
export type PairShape = z.infer<typeof pairShapeSchema>

/** A sum of shapes: nothing else takes part in a margin, so the drawn shapes are the model. */
export const shapesModelSchema = z.object({
  width: z.int().min(1),
  /** The mean margin of the training rows. */
  intercept: numbers,
  bags: z.int().min(1),
  shapes: z.array(shapeSchema),
  pairs: z.array(pairShapeSchema)
})
export type ShapesModel = z.infer<typeof shapesModelSchema>

/** One of the fits whose mean the model is. */
export interface BagModel {
  /** 1 for each row of the training table that it did not learn from. */
  left: Uint8Array
  intercept: Float64Array
  /** Scores of the shapes, then of the pairs, laid out as those of the model. */
  scores: readonly Float64Array[]
}

export const groupCount = (groups: readonly number[]): number => groups.reduce((most, group) => Math.max(most, group), -1) + 1

/** Bins of every feature for every row. */
export const codesOfTable = (model: ShapesModel, features: readonly FeatureEncoding[], table: EncodedTable): Codes[] =>
  features.map((feature, index) => codesOf(table.columns[index]!, feature, model.shapes[index]!.edges))

/** The cell of a pair for every row. */
export function cellsOf({ first, second, firstGroups, secondGroups }: PairShape, codes: readonly Codes[]): Uint32Array {
  const columns = groupCount(secondGroups)
  const [a, b] = [codes[first]!, codes[second]!]
  return Uint32Array.from(a, (code, row) => firstGroups[code]! * columns + secondGroups[b[row]!]!)
}

/** What each shape, then each pair, adds to the margin of every row: row-major [rows * width] each. With the intercept they sum to the margin. */
export function shapeContributions(model: ShapesModel, features: readonly FeatureEncoding[], table: EncodedTable): Float64Array[] {
  const codes = codesOfTable(model, features, table)
  return [
    ...model.shapes.map(({ scores }, index) => lookUp(scores, codes[index]!, model.width)),
    ...model.pairs.map((pair) => lookUp(pair.scores, cellsOf(pair, codes), model.width))
  ]
}

function lookUp(scores: readonly number[], cells: Codes | Uint32Array, width: number): Float64Array {
  const part = new Float64Array(cells.length * width)
  for (let row = 0; row < cells.length; row++) for (let k = 0; k < width; k++) part[row * width + k] = scores[cells[row]! * width + k]!
  return part
}

/** Margins of encoded rows, row-major [rows * width]: the intercept, the shapes and the pairs, added in this order as the exported graph does. */
export function predictShapes(model: ShapesModel, features: readonly FeatureEncoding[], table: EncodedTable): Float64Array {
  const { width } = model
  const margins = Float64Array.from({ length: table.rows * width }, (_, at) => model.intercept[at % width]!)
  for (const part of shapeContributions(model, features, table)) for (let at = 0; at < margins.length; at++) margins[at]! += part[at]!
  return margins
}

/**
 * Margins of encoded rows, row-major, as the mean of those bags alone that left each row out: nothing that learned from a row judges it.
 * `origin` is the place of each row in the training table; rows that no bag left out have the margin of the whole model.
 */
export function predictLeftOut(
  model: ShapesModel,
  parts: readonly BagModel[],
  features: readonly FeatureEncoding[],
  table: EncodedTable,
  origin: Uint32Array
): Float64Array {
  const { width } = model
  const codes = codesOfTable(model, features, table)
  const cells = [...codes, ...model.pairs.map((pair) => cellsOf(pair, codes))]
  const sums = new Float64Array(table.rows * width)
  const counts = new Uint16Array(table.rows)
  for (const { left, intercept, scores } of parts) {
    for (let row = 0; row < table.rows; row++) {
      if (left[origin[row]!] === 0) continue
      counts[row]!++
      for (let k = 0; k < width; k++) {
        let margin = intercept[k]!
        scores.forEach((own, term) => (margin += own[cells[term]![row]! * width + k]!))
        sums[row * width + k]! += margin
      }
    }
  }
  const whole = counts.includes(0) ? predictShapes(model, features, table) : null
  return sums.map((sum, at) => {
    const count = counts[Math.floor(at / width)]!
    return count > 0 ? sum / count : whole![at]!
  })
}

/** @throws Error with the reason where model and features do not fit each other */
export function checkShapes(model: ShapesModel, features: readonly FeatureEncoding[], width: number): void {
  if (model.width !== width || model.intercept.length !== width) throw new Error('it has not one score for each output')
  if (model.shapes.length !== features.length) throw new Error('it has not one shape per feature')
  const assertSizes = (shape: { scores: number[]; halves: number[]; weights: number[] }, cells: number, name: string): void => {
    const fits = shape.scores.length === cells * width && shape.weights.length === cells
    if (!fits || (shape.halves.length !== 0 && shape.halves.length !== cells * width))
      throw new Error(`the scores of ${name} do not fit it`)
  }
  model.shapes.forEach((shape, index) => {
    const feature = features[index]!
    checkEdges(feature, shape.edges)
    assertSizes(shape, binCount(feature, shape.edges), `"${feature.name}"`)
  })
  for (const pair of model.pairs) {
    const sides = [[pair.first, pair.firstGroups] as const, [pair.second, pair.secondGroups] as const]
    for (const [index, groups] of sides) {
      if (index >= features.length) throw new Error('a pair names a feature that does not exist')
      if (groups.length !== binCount(features[index]!, model.shapes[index]!.edges))
        throw new Error(`a pair has not one group for each bin of "${features[index]!.name}"`)
    }
    const cells = groupCount(pair.firstGroups) * groupCount(pair.secondGroups)
    assertSizes(pair, cells, `the pair of "${features[pair.first]!.name}" and "${features[pair.second]!.name}"`)
  }
}
