import type { ExplainableBoostingParameters } from '../../../model/training-parameters/explainable-boosting'
import type { Direction } from '../directions'
import type { EncodedTable, FeatureEncoding } from '../features'
import { strataOf } from '../held-out'
import type { Objective } from '../objective'
import type { FitProgress } from '../trainer'
import { binCount, codesOf, type Codes } from '../value-bins'
import { drawBags, type Bag } from './bags'
import { addTo, type BoostRequest, type Term } from './boost'
import { lossOf, type Loss, type WeightedRows } from './loss'
import type { BinKind } from './settle'
import type { StepTerms } from './step'

export interface ShapesRequest {
  objective: Objective
  parameters: ExplainableBoostingParameters
  features: readonly FeatureEncoding[]
  /** Encoded rows to learn from, and those of another table that watch. */
  training: WeightedRows & { table: EncodedTable; groups: Int32Array | null }
  watching: (WeightedRows & { table: EncodedTable }) | null
  /** Whether each bag is watched by the rows that it leaves out, instead of rows of their own. */
  isWatchedByLeft: boolean
  /** Which way each shape may go. */
  directions: readonly Direction[]
  seed: number
  progress: FitProgress
}

/** What the steps of a fit share. */
export interface Fitting extends ShapesRequest {
  loss: Loss
  bags: readonly Bag[]
  /** Share of the rows that each bag leaves out. */
  share: number
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
  // Bags differ by the rows that they leave out even where other rows watch.
  const share = parameters.validationFraction > 0 ? parameters.validationFraction : 0.15
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
    bags: drawBags({
      ...{ labels: training.labels, weights: training.weights, groups: training.groups, strata: strataOf(training.labels, objective) },
      ...{ count: parameters.bags, share, seed }
    }),
    share,
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

/** Three quarters of the rounds at least search for their cuts, however few they are. */
export const smoothingOf = ({ rounds, smoothingRounds }: ExplainableBoostingParameters): number =>
  Math.min(smoothingRounds, Math.floor(rounds / 4))

/** The rows that watch: of each bag those that it leaves out, by its scores; else one set, by the mean of all. Null for none. */
export function watchesOf(
  { bags, base, watching, isWatchedByLeft, watchingCodes, codes }: Fitting,
  scores: readonly (readonly Float64Array[])[],
  mean: readonly Float64Array[]
): BoostRequest['watching'] {
  if (isWatchedByLeft)
    return bags.map(({ left }, bag) => ({ ...left, margins: marginsOf(base, left.rows.length, scores[bag] ?? [], codes, left.rows) }))
  if (!watching) return null
  const { labels, weights } = watching
  return [{ labels, weights, rows: null, margins: marginsOf(base, labels.length, mean, watchingCodes, null) }]
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
