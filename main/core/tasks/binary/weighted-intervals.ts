import type { EstimatedMetric, Interval } from '../../../model/tasks'
import { studentQuantile, wilsonInterval, z95 } from '../../numerics'
import { type CountedRows, effectiveShare, kishRows, studentisedIntervals, sumsByUnit, unitsOf, type Units } from '../resampling'
import { bootstrapIntervals, type DrawingOptions } from './bootstrap'
import type { JudgedRows } from './figures'
import { errorOf, influencesOf } from './influence'
import { unitsOfRarer } from './outcome-units'
import { rankedFigures, type Ranking } from './ranking'
import { fewestAstray, newcombe, type Bounds } from './ranking-interval'

const level = 0.95

/**
 * 95% intervals of rows that count by weight or come in clusters: of shares Wilson's for the plain rows that would say as much, of the AUC from
 * what each row, or cluster, moves it by; of mean losses the studentised bootstrap of rows or whole clusters, of the others the percentile one.
 * @throws WorkbenchError CANCELLED
 */
export async function weightedIntervals(
  judged: JudgedRows,
  clusters: Uint32Array | null,
  samples: number,
  seed: number,
  options: DrawingOptions
): Promise<Partial<Record<EstimatedMetric, Interval | null>>> {
  const { labels, ranking, losses, squares } = judged
  const units = unitsOf(labels.length, clusters, Infinity)
  const weights = judged.weights ?? new Float64Array(labels.length).fill(1)
  const each = (values: Float64Array) => ({
    numerator: values.map((v, row) => v * weights[row]!),
    denominator: weights,
    scale: 'log' as const
  })
  const drawing = { samples, seed, level, signal: options.signal }
  const means = await studentisedIntervals({ log_loss: each(losses), brier: each(squares) }, unitsOf(labels.length, clusters), drawing)
  const meanOf = (key: keyof typeof means): Interval | null => {
    const bounds = means[key]
    return bounds && { lower: bounds.lower, upper: bounds.upper, level, samples: bounds.samples, method: 'studentised bootstrap' }
  }
  const auc = weightedAucInterval(labels, ranking, { weights: judged.weights, units })
  return {
    ...(await bootstrapIntervals(judged, samples, seed, level, { ...options, clusters })),
    ...perfectPrecision(judged, units, weights),
    log_loss: meanOf('log_loss'),
    brier: meanOf('brier'),
    auc: auc && stated(auc, auc.method),
    calibration_error: null,
    ...shareIntervals(judged, units, weights)
  }
}

const stated = ({ lower, upper }: Bounds, method: string): Interval => ({ lower, upper, level, samples: 0, method })
const byRows = 'Wilson, effective rows'

/** A perfect ranking is perfect in every resample: only the number of positives can say how far that reaches. */
function perfectPrecision({ labels, ranking }: JudgedRows, units: Units, weights: Float64Array) {
  if (rankedFigures(labels, ranking, weights).averagePrecision !== 1) return {}
  const own = weights.map((weight, row) => (labels[row] ? weight : 0))
  const { part, whole } = effectiveShare(own, own, units)
  return { average_precision: stated(wilsonInterval(part, whole), byRows) }
}

/** Of the shares of rightly decided rows; of F1 through the share that it follows from, as `confusionIntervals` has it. */
function shareIntervals({ labels, selected }: JudgedRows, units: Units, weights: Float64Array) {
  type Kind = (isPositive: boolean, isSelected: boolean) => boolean
  const share = (part: Kind, whole: Kind): Bounds => {
    const sums = (is: Kind) => weights.map((weight, row) => (is(labels[row] === 1, selected[row] === 1) ? weight : 0))
    const found = effectiveShare(
      sums((a, b) => part(a, b) && whole(a, b)),
      sums(whole),
      units
    )
    return wilsonInterval(found.part, found.whole)
  }
  const hit = share(
    (isPositive, isSelected) => isPositive && isSelected,
    (isPositive, isSelected) => isPositive || isSelected
  )
  return {
    accuracy: stated(
      share(
        (a, b) => a === b,
        () => true
      ),
      byRows
    ),
    precision: stated(
      share(
        (a) => a,
        (_, b) => b
      ),
      byRows
    ),
    recall: stated(
      share(
        (_, b) => b,
        (a) => a
      ),
      byRows
    ),
    specificity: stated(
      share(
        (_, b) => !b,
        (a) => !a
      ),
      byRows
    ),
    f1: stated({ lower: (2 * hit.lower) / (1 + hit.lower), upper: (2 * hit.upper) / (1 + hit.upper) }, byRows)
  }
}

/**
 * Interval of an AUC of weighted or clustered rows: from the influences of the rows on log odds; where the ranking is all but perfect, Newcombe's
 * for as many plain rows of both outcomes as say the same. Null where an outcome is missing.
 */
export function weightedAucInterval(
  labels: Uint8Array,
  ranking: Ranking,
  { weights, units }: CountedRows
): (Bounds & { method: string }) | null {
  const ofOutcome = (outcome: number): Float64Array =>
    sumsByUnit(
      Float64Array.from(labels, (label, row) => (label === outcome ? (weights ? weights[row]! : 1) : 0)),
      units
    )
  const [own, others] = [ofOutcome(1), ofOutcome(0)]
  const sum = (values: Float64Array): number => values.reduce((all, value) => all + value, 0)
  if (!(sum(own) > 0 && sum(others) > 0)) return null
  const { auc, influence } = influencesOf(ranking, labels, weights, sum(own), sum(others))
  const error = errorOf(influence, units.of)
  const [positives, negatives] = [kishRows(own), kishRows(others)]
  const clusters = units.of && unitsOfRarer(labels, { weights, units })
  if (
    !(error > 0) ||
    (clusters !== null && clusters < 2) ||
    !Number.isFinite(error) ||
    Math.min(auc, 1 - auc) * seenRows(labels, influence, { weights, units }) < fewestAstray
  )
    return { ...newcombe(auc, positives, negatives, z95), method: 'Newcombe, effective rows' }
  const reach = clusters === null ? z95 : studentQuantile(0.975, clusters - 1)
  const [logit, half] = [Math.log(auc / (1 - auc)), (reach * error) / (auc * (1 - auc))]
  return { lower: 1 / (1 + Math.exp(half - logit)), upper: 1 / (1 + Math.exp(-half - logit)), method: 'DeLong, by weight or cluster' }
}

/** Plain rows of the rarer outcome that would say as much of the ranking: fewer by weight (Kish 1965), and by what clusters add to its variance. */
export function seenRows(labels: Uint8Array, influence: Float64Array, { weights, units }: CountedRows): number {
  const ofOutcome = (outcome: number): number =>
    kishRows(Float64Array.from(labels, (label, row) => (label === outcome ? (weights ? weights[row]! : 1) : 0)))
  const plain = errorOf(influence, null)
  // Where every row ranks perfectly clusters have nothing to add to.
  const design = units.of && plain > 0 ? (errorOf(influence, units.of) / plain) ** 2 : 1
  return Math.min(ofOutcome(1), ofOutcome(0)) / Math.max(1, design)
}
