import type { Objective } from '../../../model/objective'
import { lossMetricOf, quantileOf, type RegressionTarget } from '../../../model/tasks/regression'
import type { Outcomes } from '../outcomes'
import { baselineWarnings, compareWithConstant, constantAmount, describeBaseline } from './baseline'
import { decisionText, evaluationFigures, headline, outcomesText } from './card-figures'
import { groupsSection, groupText } from './card-groups'
import { cardCounts, cardFairness, cardFigures, cardOutput } from './card-value'
import { judgeRows, rowLosses, rowsToJudge, settleChoices } from './judge-rows'
import { describeMethods } from './methods'
import { expectedSelection, operationText, outcomeObjective, weakestGroup } from './operation'
import { compareMeasured } from './paired/compare-runs'
import { askedOf, measureFiles } from './paired/measure-files'
import { rowGroups } from '../row-file'
import { writeRowScores } from './row-scores'
import { explainedLoss } from './skill'
import { assertAmountsDiffer, countOutcomes, deriveTarget, describeOutcome, trainingWarnings } from './target'

export type { AmountEvaluation } from './evaluation'
export type { JudgingChoices } from './judge-rows'
export type { RowComparison } from './paired/compare-runs'
export type { FiledRun, MeasuredFiles } from './paired/measure-files'
export type { RowScores } from './row-scores'
export type { Target, TargetChoice } from './target'

/** An amount: how its target is read and its models are judged. */
export const regressionTask = {
  readTarget: deriveTarget,
  assertTrainable: assertAmountsDiffer,
  trainingWarnings,
  countOutcomes,
  describeOutcome,
  objectiveOf: (aim: RegressionTarget): Objective =>
    aim.objective === 'quantile' ? { name: 'quantile', quantile: quantileOf(aim) } : { name: aim.objective },
  /** One figure of predictions, higher is better; what shuffling a column loses of it is the importance of the column. */
  skill: (outcomes: Outcomes, scores: Float64Array, target: RegressionTarget) => explainedLoss(outcomes, scores, target),
  /** What a model without skill states, and how much better a model does. */
  baseline: { of: constantAmount, compare: compareWithConstant, warnings: baselineWarnings },
  settleChoices,
  rowsToJudge,
  judgeRows,
  lossMetric: ({ objective }: RegressionTarget) => lossMetricOf(objective),
  /** The loss of each row and its name: what slices are compared by. */
  losses: rowLosses,
  /** What each judged row was answered, kept so that runs can be compared row by row. */
  rowScores: { write: writeRowScores, groupsOf: rowGroups },
  /** Runs judged on the same rows, each with each; what takes long is measured from files, so that another process can do it. */
  paired: { asked: askedOf, measure: measureFiles, compare: compareMeasured },
  describeMethods,
  /** The parts of a model card's value that are this task's own. */
  cardValue: { output: cardOutput, counts: cardCounts, figures: cardFigures, fairness: cardFairness },
  /** How those parts are drawn. */
  card: {
    headline,
    baseline: describeBaseline,
    outcomes: outcomesText,
    decision: decisionText,
    figures: evaluationFigures,
    groups: groupsSection,
    group: groupText
  },
  /** What an operator is told to expect. */
  operation: { expectedSelection, outcomeObjective, weakestGroup, text: operationText }
}
