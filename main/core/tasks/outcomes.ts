/** Outcomes as numbers: 0 or 1, the index of a class, or the amount itself. */
export type Labels = Uint8Array | Uint16Array | Float64Array

/** Outcomes of rows, and what each row counts; without weights all count the same. */
export interface Outcomes {
  labels: Labels
  weights: Float64Array | null
}

/** The outcomes of the chosen rows, in their order. */
export function pickOutcomes({ labels, weights }: Outcomes, rows: ArrayLike<number>): Outcomes {
  const Kind = labels.constructor as Float64ArrayConstructor
  return {
    labels: Kind.from(rows, (row) => labels[row]!),
    weights: weights && Float64Array.from(rows, (row) => weights[row]!)
  }
}
