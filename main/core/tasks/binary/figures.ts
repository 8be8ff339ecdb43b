import type { Confusion, EstimatedMetric } from '../../../model/tasks'
import { binOf } from './calibration'
import { rankedFigures, type Ranking } from './ranking'

/** Figures that follow from counting rows, so that resampled rows have them too. */
export type Figures = Record<Exclude<EstimatedMetric, 'calibration_debiased'>, number | null>

const calibrationBinCount = 10
/** Probabilities count as at least this far from 0 and 1, so that a certain wrong answer has a finite cost. */
const clip = 1e-15

/** Everything about a row that does not change between resamples. */
export interface JudgedRows {
  labels: Uint8Array
  scores: Float64Array
  ranking: Ranking
  losses: Float64Array
  squares: Float64Array
  bins: Uint8Array
  selected: Uint8Array
  /** What each row counts; null where all count the same. */
  weights: Float64Array | null
}

/** Negative log-likelihood of each outcome, nats. */
export function lossesOf(labels: Uint8Array, scores: Float64Array): Float64Array {
  const most = -Math.log(clip)
  return scores.map((score, row) => Math.min(most, labels[row] ? -Math.log(score) : -Math.log1p(-score)))
}

export function prepareRows(
  labels: Uint8Array,
  scores: Float64Array,
  ranking: Ranking,
  threshold: number,
  weights: Float64Array | null = null
): JudgedRows {
  return {
    labels,
    scores,
    ranking,
    losses: lossesOf(labels, scores),
    squares: scores.map((score, row) => (score - labels[row]!) ** 2),
    bins: Uint8Array.from(scores, (score) => binOf(score, calibrationBinCount)),
    selected: Uint8Array.from(scores, (score) => (score >= threshold ? 1 : 0)),
    weights
  }
}

/** All figures of the rows, each counted `weights` times (once without weights): what rows count and how often they were drawn. */
export function collectFigures(judged: JudgedRows, weights: Uint32Array | Float64Array | null): { figures: Figures; confusion: Confusion } {
  const { labels, scores, losses, squares, bins, selected } = judged
  const counts = new Float64Array(4)
  const gaps = new Float64Array(calibrationBinCount)
  let total = 0
  let loss = 0
  let square = 0
  for (let row = 0; row < labels.length; row++) {
    const weight = weights ? weights[row]! : 1
    if (weight === 0) continue
    total += weight
    loss += weight * losses[row]!
    square += weight * squares[row]!
    gaps[bins[row]!]! += weight * (scores[row]! - labels[row]!)
    counts[selected[row]! * 2 + labels[row]!]! += weight
  }
  const [trueNegative, falseNegative, falsePositive, truePositive] = counts as unknown as [number, number, number, number]
  const { auc, averagePrecision } = rankedFigures(labels, judged.ranking, weights)
  const over = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null)
  const figures: Figures = {
    auc,
    average_precision: averagePrecision,
    log_loss: over(loss, total),
    brier: over(square, total),
    brier_skill: skillOver(square / total, (truePositive + falseNegative) / total),
    calibration_error: over(
      gaps.reduce((sum, gap) => sum + Math.abs(gap), 0),
      total
    ),
    accuracy: over(truePositive + trueNegative, total),
    precision: over(truePositive, truePositive + falsePositive),
    recall: over(truePositive, truePositive + falseNegative),
    f1: over(2 * truePositive, 2 * truePositive + falsePositive + falseNegative),
    specificity: over(trueNegative, trueNegative + falsePositive)
  }
  return { figures, confusion: { truePositive, falsePositive, trueNegative, falseNegative } }
}

/** One minus the Brier score over that of always stating the share of positives; null where there is only one outcome. */
const skillOver = (brier: number, share: number): number | null => (share > 0 && share < 1 ? 1 - brier / (share * (1 - share)) : null)
