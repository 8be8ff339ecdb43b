import { WorkbenchError } from '../../../model/errors'
import { type Aim, type RegressionFigures } from '../../../model/tasks/regression'
import type { Estimate, Interval } from '../../../model/tasks'
import { wilsonInterval } from '../../numerics'
import type { Outcomes } from '../outcomes'
import type { Clusters } from '../clusters'
import {
  estimateRatio,
  prepareRatio,
  studentisedIntervals,
  unitsOf,
  type RatioFigure,
  type ResampledBounds,
  type Units
} from '../resampling'
import { calibrationBins, judgeReliability } from './calibration'
import { amountHistogram, errorHistogram, predictionShares } from './histograms'
import { constantOf, lossesOf } from './losses'
import { amountsOf, constantFor, meanOf, orderOf, quantileIn, quantileInterval, weightsOrOnes } from './weighted'

export type Judgement = Omit<RegressionFigures, 'baseline' | 'residuals'>

export interface JudgeOptions {
  /** 0 leaves out the intervals that are drawn by resampling. */
  bootstrapSamples: number
  seed: number
  clusters?: Clusters | null
  signal?: AbortSignal
  onProgress?: (share: number) => void
}

const level = 0.95

/**
 * All figures of predictions against outcomes, without knowing the model.
 * @throws WorkbenchError INVALID_INPUT for no rows, different lengths, or a prediction that is no number; CANCELLED
 */
export async function judgeAmounts(aim: Aim, outcomes: Outcomes, scores: Float64Array, options: JudgeOptions): Promise<Judgement> {
  assertScores(outcomes, scores)
  const labels = amountsOf(outcomes)
  const { weights } = outcomes
  const { clusters = null } = options
  const units = unitsOf(labels.length, clusters?.codes ?? null)
  const errors = labels.map((label, row) => label - scores[row]!)
  return {
    metrics: await estimateMetrics(aim, { labels, weights }, scores, units, options),
    bootstrap: {
      samples: options.bootstrapSamples,
      level,
      method: 'studentised',
      ...(clusters && { clusters: { by: clusters.by, column: clusters.column, count: new Set(clusters.codes).size } })
    },
    calibration: calibrationBins(aim, labels, scores, weights, units),
    reliability: judgeReliability(aim, labels, scores, weights, units),
    errors: errorHistogram(errors),
    amounts: amountHistogram(labels, scores),
    predictions: predictionShares(scores, weights)
  }
}

function assertScores({ labels }: Outcomes, scores: Float64Array): void {
  if (labels.length === 0 || labels.length !== scores.length)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `There are ${labels.length} outcomes and ${scores.length} predictions. Judging needs one prediction for each of at least one outcome.`
    )
  const odd = scores.findIndex((score) => !Number.isFinite(score))
  if (odd >= 0)
    throw new WorkbenchError('INVALID_INPUT', `The prediction of row ${odd} is ${scores[odd]}, not a number. Check the model's output.`)
}

/** The ratios that the metrics are made of. */
function ratiosOf(aim: Aim, labels: Float64Array, weights: Float64Array, scores: Float64Array) {
  const weighted = (values: Float64Array): Float64Array => values.map((value, row) => weights[row]! * value)
  const squares = weighted(labels.map((label, row) => (label - scores[row]!) ** 2))
  const losses = weighted(lossesOf(aim, labels, scores))
  const mean = meanOf(labels, weights)
  const constant = constantFor(aim, { labels, weights })
  const ratio = (numerator: Float64Array, denominator: Float64Array): RatioFigure => ({ numerator, denominator, scale: 'log' })
  return {
    squared: ratio(squares, weights),
    absolute: ratio(weighted(labels.map((label, row) => Math.abs(label - scores[row]!))), weights),
    loss: ratio(losses, weights),
    // The best constant makes its own loss least, so that it moves the ratio in second order only: it may stand still while rows are drawn.
    r2: ratio(squares, weighted(labels.map((label) => (label - mean) ** 2))),
    d2: ratio(losses, weighted(lossesOf(aim, labels, constantOf(labels.length, constant))))
  }
}

async function estimateMetrics(
  aim: Aim,
  { labels, weights }: { labels: Float64Array; weights: Float64Array | null },
  scores: Float64Array,
  units: Units,
  options: JudgeOptions
): Promise<Judgement['metrics']> {
  const each = weightsOrOnes(weights, labels.length)
  const ratios = ratiosOf(aim, labels, each, scores)
  const { bootstrapSamples: samples, seed, signal, onProgress } = options
  const bounds = await studentisedIntervals(ratios, units, { samples, seed, level, signal, onProgress })
  const estimate = (key: keyof typeof ratios, turn: (value: number) => number): Estimate => turned(totalOf(ratios[key]), bounds[key], turn)
  const skill = (ratio: number): number => 1 - ratio
  const mean = (ratio: number): number => ratio
  const loss = estimate('loss', mean)
  return {
    rmse: estimate('squared', Math.sqrt),
    mae: estimate('absolute', mean),
    median_absolute_error: medianError(labels, scores, weights, units),
    r2: estimate('r2', skill),
    ...(aim.objective !== 'absolute' && aim.objective !== 'quantile' && { deviance: loss }),
    d2: estimate('d2', skill),
    ...(aim.objective === 'quantile' && { pinball: loss, coverage: coverageOf(labels, scores, each, units) })
  }
}

/** The ratio over all rows, without the logarithm that a resample takes of it. */
const totalOf = ({ numerator, denominator }: RatioFigure): number =>
  numerator.reduce((sum, value) => sum + value, 0) / denominator.reduce((sum, value) => sum + value, 0)

/** A figure from its ratio; a ratio without a value gives none. */
function turned(ratio: number, bounds: ResampledBounds | null, turn: (value: number) => number): Estimate {
  if (!Number.isFinite(ratio)) return { value: null, interval: null }
  if (!bounds) return { value: turn(ratio), interval: null }
  const ends = [turn(bounds.lower), turn(bounds.upper)]
  return {
    value: turn(ratio),
    interval: { lower: Math.min(...ends), upper: Math.max(...ends), level, samples: bounds.samples }
  }
}

const stated = ({ lower, upper }: { lower: number; upper: number }, method: string): Interval => ({
  lower,
  upper,
  level,
  samples: 0,
  method
})

function medianError(labels: Float64Array, scores: Float64Array, weights: Float64Array | null, units: Units): Estimate {
  const errors = labels.map((label, row) => Math.abs(label - scores[row]!))
  const interval = quantileInterval(errors, weights, 0.5, units)
  return { value: quantileIn(orderOf(errors, weights), 0.5), interval: interval && stated(interval, 'Woodruff') }
}

/**
 * The share of the weight at or below the stated quantile, with Wilson's interval for as many independent rows as would vary alike: weights
 * and clusters make them fewer (Kish 1965).
 */
function coverageOf(labels: Float64Array, scores: Float64Array, weights: Float64Array, units: Units): Estimate {
  const below = labels.map((label, row) => (label <= scores[row]! ? weights[row]! : 0))
  const { value, error } = estimateRatio(prepareRatio({ numerator: below, denominator: weights, scale: 'plain' }, units), null)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const squares = weights.reduce((sum, weight) => sum + weight * weight, 0)
  const byWeight = total ** 2 / squares
  const bySpread = error > 0 ? (value * (1 - value)) / error ** 2 : byWeight
  const rows = Math.min(byWeight, units.of ? bySpread : byWeight)
  return { value, interval: stated(wilsonInterval(value * rows, rows), 'Wilson') }
}
