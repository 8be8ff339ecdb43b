import { WorkbenchError } from '../../../model/errors'
import type { BinaryEvaluation } from '../../../model/evaluation'
import { z95 } from '../../numerics'
import { kishRows } from '../resampling'
import { bootstrapIntervals } from './bootstrap'
import { calibrationBins, scoreHistogram } from './calibration'
import { precisionRecallCurve, rocCurve, thresholdSweep } from './curves'
import { describeClusters, type Clusters } from '../clusters'
import { collectFigures, prepareRows, type Figures } from './figures'
import { gainsByTenth } from './gains'
import { closedIntervals } from './intervals'
import { deriveRanking, tiedPairs } from './ranking'
import { judgeReliability } from './reliability'
import { judgeStated } from './stated'
import { weightedIntervals } from './weighted-intervals'

export type Judgement = Pick<
  BinaryEvaluation,
  | 'metrics'
  | 'bootstrap'
  | 'confusion'
  | 'weightedConfusion'
  | 'effectiveRows'
  | 'calibration'
  | 'reliability'
  | 'tiedPairs'
  | 'roc'
  | 'precisionRecall'
  | 'thresholds'
  | 'scores'
  | 'gains'
>

export interface JudgeOptions {
  threshold: number
  /** 0 leaves out the intervals that are drawn by resampling. */
  bootstrapSamples: number
  seed: number
  /** What each row counts; all the same without. */
  weights?: Float64Array | null
  /** Where rows belong together: intervals draw them so. */
  clusters?: Clusters | null
  signal?: AbortSignal
  onProgress?: (share: number) => void
}

const level = 0.95

/**
 * All figures of probabilities against outcomes (labels 0 or 1), each row counting by its weight, without knowing the model.
 * @throws WorkbenchError INVALID_INPUT for no rows, different lengths, or a score outside 0..1
 */
export async function judgeScores(labels: Uint8Array, scores: Float64Array, options: JudgeOptions): Promise<Judgement> {
  if (labels.length === 0 || labels.length !== scores.length)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `There are ${labels.length} outcomes and ${scores.length} scores. Judging needs one score for each of at least one outcome.`
    )
  const odd = scores.findIndex((score) => !(score >= 0 && score <= 1))
  if (odd >= 0)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The score of row ${odd} is ${scores[odd]}, not a probability from 0 to 1. Check the model's output.`
    )
  const ranking = deriveRanking(scores)
  const { weights = null, clusters = null, bootstrapSamples: samples, seed, signal, onProgress } = options
  const judged = prepareRows(labels, scores, ranking, options.threshold, weights)
  const { figures, confusion } = collectFigures(judged, weights)
  const plainConfusion = weights ? collectFigures(judged, null).confusion : confusion
  const codes = clusters?.codes ?? null
  const intervals =
    weights || codes
      ? await weightedIntervals(judged, codes, samples, seed, { signal, onProgress })
      : {
          ...(await bootstrapIntervals(judged, samples, seed, level, { signal, onProgress })),
          ...closedIntervals(labels, scores, ranking, confusion, figures)
        }
  const { reliability, error } =
    weights || codes
      ? judgeStated({ scores, came: labels, ranking, weights, clusters: codes })
      : judgeReliability(labels, scores, ranking, z95, level)
  const estimate = (key: keyof Figures) => ({ value: figures[key], interval: figures[key] === null ? null : (intervals[key] ?? null) })
  return {
    metrics: {
      auc: estimate('auc'),
      average_precision: estimate('average_precision'),
      log_loss: estimate('log_loss'),
      brier: estimate('brier'),
      brier_skill: estimate('brier_skill'),
      calibration_error: estimate('calibration_error'),
      calibration_debiased: error,
      accuracy: estimate('accuracy'),
      precision: estimate('precision'),
      recall: estimate('recall'),
      f1: estimate('f1'),
      specificity: estimate('specificity')
    },
    bootstrap: { samples, level, method: 'percentile', ...(clusters && { clusters: describeClusters(clusters) }) },
    confusion: plainConfusion,
    ...(weights && { weightedConfusion: confusion, effectiveRows: kishRows(weights) }),
    calibration: calibrationBins(labels, scores, weights, codes),
    reliability,
    tiedPairs: tiedPairs(labels, ranking, weights),
    roc: rocCurve(labels, scores, ranking, weights),
    precisionRecall: precisionRecallCurve(labels, scores, ranking, weights),
    thresholds: thresholdSweep(labels, scores, ranking, weights),
    scores: scoreHistogram(labels, scores),
    gains: gainsByTenth(labels, scores, ranking, weights, codes)
  }
}
