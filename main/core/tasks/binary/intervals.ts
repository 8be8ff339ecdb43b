import type { Confusion, EstimatedMetric, Interval } from '../../../model/tasks'
import { wilsonInterval, z95 } from '../../numerics'
import type { Figures } from './figures'
import type { Ranking } from './ranking'
import { aucInterval, type Bounds } from './ranking-interval'

/** Figures whose interval is drawn by resampling rows; the others have one that also holds for few rows and at 0 and 1. */
export const resampledFigures = ['average_precision', 'log_loss', 'brier', 'brier_skill'] as const

/**
 * 95% intervals in closed form: of shares by Wilson, of F1 through the share that it follows from (true positives among all rows that are
 * positive or selected), of the AUC by DeLong or Newcombe. The plain calibration error has none: chance adds to it what no resampling of
 * the same rows can take off.
 */
export function closedIntervals(
  labels: Uint8Array,
  ranking: Ranking,
  { truePositive, falsePositive, trueNegative, falseNegative }: Confusion,
  figures: Figures
): Partial<Record<EstimatedMetric, Interval | null>> {
  const stated = ({ lower, upper }: Bounds, method: string): Interval => ({ lower, upper, level: 0.95, samples: 0, method })
  const share = (part: number, whole: number): Interval => stated(wilsonInterval(part, whole), 'Wilson')
  const hits = wilsonInterval(truePositive, truePositive + falsePositive + falseNegative)
  const auc = aucInterval(labels, ranking, z95)
  const positives = truePositive + falseNegative
  return {
    auc: auc && stated(auc, auc.method),
    // A perfect ranking is perfect in every resample, so only the number of positives can say how far that reaches.
    ...(figures.average_precision === 1 ? { average_precision: share(positives, positives) } : {}),
    calibration_error: null,
    accuracy: share(truePositive + trueNegative, labels.length),
    precision: share(truePositive, truePositive + falsePositive),
    recall: share(truePositive, positives),
    f1: stated({ lower: (2 * hits.lower) / (1 + hits.lower), upper: (2 * hits.upper) / (1 + hits.upper) }, 'Wilson'),
    specificity: share(trueNegative, trueNegative + falsePositive)
  }
}
