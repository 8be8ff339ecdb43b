export interface Scaling {
  factor: number
  offset: number
}

/**
 * From log-odds to points (Siddiqi 2006, chapter 6): factor = points to double the odds / ln 2, offset = base score - factor * ln(base odds). Odds
 * are rows without the event for one with it.
 */
export function scaling(terms: { baseScore: number; baseOdds: number; pointsToDoubleOdds: number }): Scaling {
  const factor = terms.pointsToDoubleOdds / Math.LN2
  return { factor, offset: terms.baseScore - factor * Math.log(terms.baseOdds) }
}

/** A whole number that is never -0. */
const whole = (value: number): number => Math.round(value) + 0

/** Points of a line, whole: -(woe * weight + intercept / n) * factor + offset / n for a table of n columns. */
export const linePoints = (
  { factor, offset }: Scaling,
  { woe, weight, intercept, columns }: { woe: number; weight: number; intercept: number; columns: number }
): number => whole(-(woe * weight + intercept / columns) * factor + offset / columns)

/** Points of a table without columns. */
export const basePointsOf = ({ factor, offset }: Scaling, intercept: number): number => whole(offset - factor * intercept)
