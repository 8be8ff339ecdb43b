import type { BinaryEvaluation } from '../../../model/evaluation'
import type { BinaryCard } from '../../../model/model-card'
import type { Fairness } from '../../../model/tasks'
import type { BinaryTarget } from '../../../model/tasks/binary'

type CardEvaluation = BinaryCard

/** What the model answers, and from which probability on it decides. */
export const cardOutput = ({ target }: { target: BinaryTarget }, { threshold }: BinaryEvaluation) => ({
  meaning: `Probability, 0 to 1, that ${target.name} is ${String(target.positive)}`,
  threshold
})

export const cardCounts = ({ rows }: BinaryEvaluation): Pick<CardEvaluation, 'positives'> => ({ positives: rows.positives })

/** Decisions, curves and scores of the card from those of the evaluation; its calibration in bins of equal size where there are such. */
export function cardFigures(
  evaluation: BinaryEvaluation
): Pick<CardEvaluation, 'baseline' | 'confusion' | 'roc' | 'calibration' | 'reliability' | 'histogram'> {
  const { baseline, reliability } = evaluation
  return {
    ...(baseline && { baseline }),
    confusion: { threshold: evaluation.threshold, ...evaluation.confusion, ...sharesByWeight(evaluation) },
    roc: evaluation.roc.map((point) => [point.falsePositiveRate, point.truePositiveRate] as [number, number]),
    calibration: (reliability?.bins ?? evaluation.calibration).flatMap((bin) =>
      bin.predicted === null || bin.observed === null
        ? []
        : [
            {
              predicted: bin.predicted,
              observed: bin.observed,
              count: bin.count,
              ...(bin.lower === null || bin.upper === null ? {} : { low: bin.lower, high: bin.upper })
            }
          ]
    ),
    ...(reliability && { reliability: { p: reliability.p, slope: reliability.slope, intercept: reliability.intercept } }),
    histogram: evaluation.scores.map((bin) => ({ ...bin }))
  }
}

/** Of rows that count by weight the shares decided rightly, which their counts do not say. */
function sharesByWeight({ weightedConfusion }: BinaryEvaluation) {
  if (!weightedConfusion) return {}
  const { truePositive, falsePositive, trueNegative, falseNegative } = weightedConfusion
  const over = (part: number, rest: number): number | null => (part + rest > 0 ? part / (part + rest) : null)
  return { byWeight: { positive: over(truePositive, falseNegative), negative: over(trueNegative, falsePositive) } }
}

export const cardFairness = (fairness: Fairness): NonNullable<CardEvaluation['fairness']> => ({
  column: fairness.column,
  disparateImpact: fairness.disparateImpact,
  tprDifference: fairness.equalOpportunityDifference,
  fprDifference: fairness.falsePositiveRateDifference,
  ...(fairness.comparisons && { comparisons: fairness.comparisons }),
  groups: fairness.groups.map((group) => ({
    group: group.group,
    rows: group.count,
    selectionRate: group.selectionRate,
    selectionLow: group.selectionLower,
    selectionHigh: group.selectionUpper,
    truePositiveRate: group.truePositiveRate,
    falsePositiveRate: group.falsePositiveRate,
    compared: group.compared,
    ...(group.excludedBecause === null ? {} : { excludedBecause: group.excludedBecause })
  }))
})
