import { widthOf } from '../objective'
import type { FeatureEncoding } from '../features'
import { writeMargins, type Design } from './design'
import type { LinearObjective } from './losses'
import type { ScaledTarget } from './target'
import type { TermLayout } from './terms'

/** A design with the weights that were found for it, before they are put on the scale of the data. */
export interface Fitted {
  objective: LinearObjective
  design: Design
  terms: readonly TermLayout[]
  encodings: readonly FeatureEncoding[]
  target: ScaledTarget
  /** Weights of the rows. */
  weights: Float64Array
  settings: { penalty: number; l1Ratio: number }
  /** Weights of the columns, all of an output after each other. */
  point: Float64Array
}

/** Margins of the design: all rows of an output after each other. */
export function marginsOf({ objective, design, point }: Fitted): Float64Array {
  const { rows, size } = design
  const margins = new Float64Array(rows * widthOf(objective))
  for (let k = 0; k < widthOf(objective); k++)
    writeMargins(design, point.subarray(k * size, (k + 1) * size), margins.subarray(k * rows, (k + 1) * rows))
  return margins
}
