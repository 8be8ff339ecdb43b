import type { z } from 'zod'
import { decidedCosts } from '../../../model/decision'
import type { Estimate } from '../../../model/tasks'
import type { ClassFairness, MulticlassFigures, multiclassTask } from '../../../model/tasks/multiclass'
import type { ModelSignature } from '../../../model/training'
import type { LearnedClasses } from './target'

type CardParts = (typeof multiclassTask)['parts']['card']
type CardFigures = z.infer<z.ZodObject<CardParts['figures']>>
type CardFairness = z.infer<CardParts['fairness']>

/** What the model answers. */
export const cardOutput = ({ target, decision }: ModelSignature & { target: LearnedClasses }) => ({
  ...(decidedCosts({ decision }) && { byCosts: true as const }),
  meaning: `Probability, 0 to 1, of each of ${target.classes.length} classes of ${target.name}: ${target.classes.slice(0, 10).map(String).join(', ')}${target.classes.length > 10 ? ' and more' : ''}`
})

/** How many judged rows had which class. */
export const cardCounts = ({ rows }: { rows: { classes: number[] } }) => ({ classCounts: [...rows.classes] })

const bound = ({ value, interval }: Estimate) => ({ value, ...(interval && { low: interval.lower, high: interval.upper }) })

/** Classes, confusion and calibration of the card from those of the evaluation. */
export function cardFigures(evaluation: MulticlassFigures): CardFigures {
  const { baseline, classes, confusion, confidence } = evaluation
  return {
    ...(baseline && { baseline }),
    classes: classes.map(({ class: value, count, decided, precision, recall, f1, auc, meanProbability, observedRate, calibration }) => ({
      class: value,
      rows: count,
      decided,
      ...{ precision: bound(precision), recall: bound(recall), f1: bound(f1), auc: bound(auc), meanProbability, observedRate },
      calibrationError: calibration && { ...bound(calibration.error), p: calibration.p }
    })),
    confusionMatrix: confusion.map((counts) => [...counts]),
    calibration: confidence.bins.map(({ predicted, observed, count, lower, upper }) => ({
      predicted,
      observed,
      count,
      low: lower,
      high: upper
    })),
    reliability: { p: confidence.p, slope: confidence.slope, intercept: confidence.intercept }
  }
}

/** The comparison of groups of the card; rates of groups by class stay in the evaluation. */
export const cardFairness = (fairness: ClassFairness): CardFairness => ({
  column: fairness.column,
  accuracyDifference: fairness.accuracyDifference,
  demographicParityDifference: fairness.demographicParityDifference,
  equalOpportunityDifference: fairness.equalOpportunityDifference,
  equalisedOddsDifference: fairness.equalisedOddsDifference,
  comparisons: fairness.comparisons,
  classes: fairness.classes,
  groups: fairness.groups.map(({ group, count, accuracy, accuracyLower, accuracyUpper, compared, excludedBecause }) => ({
    ...{ group, count, accuracy, accuracyLower, accuracyUpper, compared, excludedBecause }
  }))
})
