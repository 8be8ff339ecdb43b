import type { BinaryEvaluation } from '../../../main/model/evaluation'
import { confusionIntervals, type Bounds, type Confusion, type Interval } from '../../../main/model/tasks'

export interface ThresholdState {
  threshold: number
  /** Rows; of rows that count by weight, as many as their share of the weight is of all judged rows. */
  confusion: Confusion
  precision: number | null
  recall: number | null
  falsePositiveRate: number | null
  selectionRate: number
  f1: number | null
  accuracy: number
}

type Evaluation = Pick<
  BinaryEvaluation,
  'thresholds' | 'threshold' | 'confusion' | 'weightedConfusion' | 'effectiveRows' | 'metrics' | 'rows' | 'bootstrap'
>

const sumOf = ({ truePositive, falsePositive, trueNegative, falseNegative }: Confusion): number =>
  truePositive + falsePositive + trueNegative + falseNegative

/** The same decisions counted as so many rows. */
function scaled(confusion: Confusion, rows: number): Confusion {
  const factor = rows / Math.max(Number.MIN_VALUE, sumOf(confusion))
  const { truePositive, falsePositive, trueNegative, falseNegative } = confusion
  return {
    truePositive: truePositive * factor,
    falsePositive: falsePositive * factor,
    trueNegative: trueNegative * factor,
    falseNegative: falseNegative * factor
  }
}

/**
 * Every threshold of the sweep with its decisions, and the decision threshold itself, rising. The rates of the sweep are shares of the classes,
 * so that whole rows come back exactly by rounding; rows that count by weight are not whole.
 */
export function thresholdStates(evaluation: Evaluation): ThresholdState[] {
  const { weightedConfusion, metrics, rows } = evaluation
  const decided = weightedConfusion ? scaled(weightedConfusion, rows.judged) : evaluation.confusion
  const [positives, negatives] = [decided.truePositive + decided.falseNegative, decided.trueNegative + decided.falsePositive]
  const rowsOf = (share: number | null, all: number): number => (weightedConfusion ? (share ?? 0) * all : Math.round((share ?? 0) * all))
  const states = evaluation.thresholds.map((point): ThresholdState => {
    const truePositive = rowsOf(point.recall, positives)
    const falsePositive = rowsOf(point.falsePositiveRate, negatives)
    return {
      ...point,
      confusion: { truePositive, falsePositive, trueNegative: negatives - falsePositive, falseNegative: positives - truePositive }
    }
  })
  if (!states.some((state) => Math.abs(state.threshold - evaluation.threshold) < 1e-9)) {
    const all = positives + negatives
    states.push({
      threshold: evaluation.threshold,
      confusion: decided,
      precision: metrics.precision.value,
      recall: metrics.recall.value,
      falsePositiveRate: negatives > 0 ? decided.falsePositive / negatives : null,
      selectionRate: all > 0 ? (decided.truePositive + decided.falsePositive) / all : 0,
      f1: metrics.f1.value,
      accuracy: metrics.accuracy.value ?? 0
    })
  }
  return states.sort((a, b) => a.threshold - b.threshold)
}

type Rates = ReturnType<typeof confusionIntervals>

/**
 * 95% intervals of the rates at a threshold: Wilson's. Of rows that count by weight or come in clusters the counts do not say how far a rate may
 * be off: then those that the evaluation found itself, which are of its own threshold.
 */
export function intervalsAt(evaluation: Evaluation, { threshold, confusion }: ThresholdState): { [K in keyof Rates]: Bounds | null } {
  const { bootstrap, effectiveRows, metrics } = evaluation
  if (!bootstrap.clusters && effectiveRows === undefined) return confusionIntervals(confusion)
  const isOwn = Math.abs(threshold - evaluation.threshold) < 1e-9
  const own = ({ interval }: { interval: Interval | null }): Bounds | null => (isOwn ? interval : null)
  const specificity = own(metrics.specificity)
  return {
    accuracy: own(metrics.accuracy),
    precision: own(metrics.precision),
    recall: own(metrics.recall),
    f1: own(metrics.f1),
    specificity,
    falsePositiveRate: specificity && { lower: 1 - specificity.upper, upper: 1 - specificity.lower },
    selectionRate: null
  }
}

/** What the grey figures are, in words. */
export function intervalWords({ bootstrap, effectiveRows }: Evaluation): string {
  if (bootstrap.clusters)
    return 'In grey 95% intervals by clusters of rows, as the evaluation found them; the counts of another threshold say none.'
  return effectiveRows === undefined
    ? 'In grey 95% intervals (Wilson) of each figure at this threshold.'
    : 'Rows count by weight. In grey 95% intervals as the evaluation found them; the counts of another threshold say none.'
}
