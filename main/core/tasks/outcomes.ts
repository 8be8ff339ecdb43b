/** Outcomes as numbers: 0 or 1, the index of a class, or the amount itself. */
export type Labels = Uint8Array | Uint16Array | Float64Array

/** Outcomes of rows, and what each row counts; without weights all count the same. */
export interface Outcomes {
  labels: Labels
  weights: Float64Array | null
  /** What each row counts where a fit is judged, if weights of classes make it count another in the fit. */
  judged?: Float64Array | null
}

/** The outcomes of the chosen rows, in their order. */
export function pickOutcomes({ labels, weights, judged }: Outcomes, rows: ArrayLike<number>): Outcomes {
  const Kind = labels.constructor as Float64ArrayConstructor
  const pick = (all: Float64Array | null) => all && Float64Array.from(rows, (row) => all[row]!)
  return {
    labels: Kind.from(rows, (row) => labels[row]!),
    weights: pick(weights),
    ...(judged !== undefined && { judged: pick(judged) })
  }
}

/** Outcomes as a fit is judged by them: weights of classes count in the fit only. */
export const judgedOutcomes = ({ labels, weights, judged }: Outcomes): Outcomes => ({
  labels,
  weights: judged === undefined ? weights : judged
})
