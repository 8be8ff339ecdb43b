import type { ExplainableBoostingParameters } from '../../../model/training-parameters/explainable-boosting'
import type { Direction } from '../directions'
import type { EncodedTable, FeatureEncoding } from '../features'
import type { Objective } from '../objective'
import type { FitProgress } from '../trainer'
import { binCount, codesOf, type Codes } from '../value-bins'
import { drawBags, type Bag } from './bags'
import { addTo, type Term } from './boost'
import { lossOf, type Loss, type WeightedRows } from './loss'
import type { BinKind } from './settle'
import type { StepTerms } from './step'

export interface ShapesRequest {
  objective: Objective
  parameters: ExplainableBoostingParameters
  features: readonly FeatureEncoding[]
  /** Encoded rows to learn from, and those that watch. */
  training: WeightedRows & { table: EncodedTable; groups: Int32Array | null }
  watching: (WeightedRows & { table: EncodedTable }) | null
  /** Which way each shape may go. */
  directions: readonly Direction[]
  seed: number
  progress: FitProgress
}

/** What the steps of a fit share. */
export interface Fitting extends ShapesRequest {
  loss: Loss
  bags: readonly Bag[]
  kinds: readonly BinKind[]
  codes: readonly Codes[]
  watchingCodes: readonly Codes[]
  steps: StepTerms
  base: Float64Array
}

/** Bins, bags and terms of a fit whose numbers have these edges. */
export function prepare(request: ShapesRequest, edges: number[][]): Fitting {
  const { objective, parameters, features, training, watching, seed, directions } = request
  const loss = lossOf(objective)
  const codesIn = (table: EncodedTable): Codes[] => features.map((feature, index) => codesOf(table.columns[index]!, feature, edges[index]!))
  const codes = codesIn(training.table)
  const kinds = features.map((feature, index): BinKind => {
    const weights = new Float64Array(binCount(feature, edges[index]!))
    codes[index]!.forEach((code, row) => (weights[code]! += training.weights[row]!))
    return { bins: weights.length, isText: feature.kind === 'category', weights, direction: directions[index]! }
  })
  return {
    ...request,
    loss,
    kinds,
    codes,
    watchingCodes: watching ? codesIn(watching.table) : features.map(() => new Uint8Array(0)),
    bags: drawBags(training.labels, training.weights, training.groups, parameters.bags, seed),
    base: loss.start(training),
    steps: {
      maxLeaves: parameters.maxLeaves,
      minRows: parameters.minRowsPerLeaf,
      l2: parameters.l2,
      learningRate: parameters.learningRate,
      mostChange: objective.name === 'squared' ? Infinity : 4
    }
  }
}

/** The margins of the rows of a bag, or of all rows, by the scores of the terms. */
export function marginsOf(
  base: Float64Array,
  count: number,
  scores: readonly Float64Array[],
  cells: readonly Term['training'][],
  rows: Uint32Array | null
): Float64Array {
  const margins = Float64Array.from({ length: count * base.length }, (_, at) => base[at % base.length]!)
  scores.forEach((own, term) => addTo(margins, own, base.length, cells[term]!, rows))
  return margins
}
