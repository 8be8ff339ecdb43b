import {
  confusionIntervals,
  wilsonInterval,
  z95,
  type Bounds,
  type Confusion,
  type EstimatedMetric,
  type Interval
} from '../../../model/tasks'
import { brierSkillInterval } from './brier-skill-interval'
import type { Figures } from './figures'
import type { Ranking } from './ranking'
import { aucInterval } from './ranking-interval'

/** Figures whose interval is drawn by resampling rows; the others have one that also holds for few rows and at 0 and 1. */
export const resampledFigures = ['average_precision', 'log_loss', 'brier'] as const

/**
 * 95% intervals in closed form: of shares by Wilson, of the AUC by DeLong or Newcombe, of the Brier skill from its parts. The plain calibration error has none: chance adds to
 * it what no resampling of the same rows can take off.
 */
export function closedIntervals(
  labels: Uint8Array,
  scores: Float64Array,
  ranking: Ranking,
  confusion: Confusion,
  figures: Figures
): Partial<Record<EstimatedMetric, Interval | null>> {
  const stated = ({ lower, upper }: Bounds, method: string): Interval => ({ lower, upper, level: 0.95, samples: 0, method })
  const auc = aucInterval(labels, ranking, z95)
  const skill = brierSkillInterval(labels, scores)
  const positives = confusion.truePositive + confusion.falseNegative
  const { accuracy, precision, recall, f1, specificity } = confusionIntervals(confusion)
  return {
    auc: auc && stated(auc, auc.method),
    // A perfect ranking is perfect in every resample, so only the number of positives can say how far that reaches.
    ...(figures.average_precision === 1 ? { average_precision: stated(wilsonInterval(positives, positives), 'Wilson') } : {}),
    brier_skill: skill && stated(skill, 'base rate and errors apart'),
    calibration_error: null,
    accuracy: stated(accuracy, 'Wilson'),
    precision: stated(precision, 'Wilson'),
    recall: stated(recall, 'Wilson'),
    f1: stated(f1, 'Wilson'),
    specificity: stated(specificity, 'Wilson')
  }
}
