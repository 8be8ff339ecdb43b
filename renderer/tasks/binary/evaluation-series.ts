import type { BinaryEvaluation } from '../../../main/model/evaluation'
import type { Confusion } from '../../../main/model/tasks'
import type { CalibrationBin, LineSeries } from '../../charts'

/** Bins with rows, as the calibration chart takes them: of equal size where the evaluation has such, else of equal width. */
export function calibrationBins({ reliability, calibration }: BinaryEvaluation): CalibrationBin[] {
  return (reliability?.bins ?? calibration).flatMap((bin) =>
    bin.predicted === null || bin.observed === null
      ? []
      : [{ predicted: bin.predicted, observed: bin.observed, count: bin.count, low: bin.lower, high: bin.upper }]
  )
}

type Named = { id: string; name: string }

/** Every step of the curve: straight up for positives, to the right for negatives, slanted where both share a score. */
export const rocSeries = (run: Named, { roc }: BinaryEvaluation): LineSeries => ({
  key: run.id,
  label: run.name,
  points: roc.map((point) => ({ x: point.falsePositiveRate, y: point.truePositiveRate }))
})

/** Steps: what is between two thresholds cannot be had, so no straight line joins them, and the area below is the average precision. */
export const precisionRecallSeries = (run: Named, { precisionRecall }: BinaryEvaluation): LineSeries => ({
  key: run.id,
  label: run.name,
  stepped: true,
  points: precisionRecall.map((point) => ({ x: point.recall, y: point.precision }))
})

export interface ThresholdState {
  threshold: number
  confusion: Confusion
  precision: number | null
  recall: number | null
  falsePositiveRate: number | null
  selectionRate: number
  f1: number | null
  accuracy: number
}

/**
 * Every threshold of the sweep with its counts, and the decision threshold itself, rising. The rates of the sweep are
 * counts over the class sizes, so rounding gives the counts back exactly.
 */
export function thresholdStates(evaluation: BinaryEvaluation): ThresholdState[] {
  const { positives, negatives } = evaluation.rows
  const states = evaluation.thresholds.map((point): ThresholdState => {
    const truePositive = Math.round((point.recall ?? 0) * positives)
    const falsePositive = Math.round((point.falsePositiveRate ?? 0) * negatives)
    return {
      ...point,
      confusion: { truePositive, falsePositive, trueNegative: negatives - falsePositive, falseNegative: positives - truePositive }
    }
  })
  if (!states.some((state) => Math.abs(state.threshold - evaluation.threshold) < 1e-9)) {
    const { confusion, metrics, rows } = evaluation
    states.push({
      threshold: evaluation.threshold,
      confusion,
      precision: metrics.precision.value,
      recall: metrics.recall.value,
      falsePositiveRate: negatives > 0 ? confusion.falsePositive / negatives : null,
      selectionRate: rows.judged > 0 ? (confusion.truePositive + confusion.falsePositive) / rows.judged : 0,
      f1: metrics.f1.value,
      accuracy: metrics.accuracy.value ?? 0
    })
  }
  return states.sort((a, b) => a.threshold - b.threshold)
}
