import type { BinaryEvaluation } from '../../../main/model/evaluation'
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
