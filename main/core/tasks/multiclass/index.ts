import type { Objective } from '../../../model/objective'
import { rowGroups } from '../row-file'
import { baselineWarnings, classShares, compareWithShares, describeBaseline } from './baseline'
import { decisionText, evaluationFigures, groupText, groupsSection, headline, outcomesText } from './card-figures'
import { cardCounts, cardFairness, cardFigures, cardOutput } from './card-value'
import { lossesOf, skillOf } from './figures'
import { judgeRows, rowsToJudge, settleChoices } from './judge-rows'
import { describeMethods } from './methods'
import { expectedSelection, operationText, outcomeObjective, weakestGroup } from './operation'
import { paired } from './paired'
import { readRowScores, writeRowScores } from './row-scores'
import {
  assertClasses,
  assertTrainable,
  countClasses,
  deriveClasses,
  describeClasses,
  trainingWarnings,
  type LearnedClasses,
  type ClassTarget
} from './target'

export type { ClassJudgingRules } from './judge-rows'
export type { ClassRowScores } from './row-scores'
export type { ClassChoice, ClassTarget } from './target'

/** Three to 200 classes, of which each row has one: how its target is read and its models are judged. */
export const multiclassTask = {
  readTarget: deriveClasses,
  /** Whether the different values of a column can be the classes of a model. Throws INVALID_INPUT. */
  assertClasses,
  assertTrainable,
  classesOf: ({ classes }: ClassTarget) => classes.map((value) => [value]),
  trainingWarnings,
  countOutcomes: countClasses,
  describeOutcome: describeClasses,
  objectiveOf: ({ classes }: LearnedClasses): Objective => ({ name: 'softmax', classes: classes.length }),
  /** One figure of scores, higher is better: the log loss turned round. */
  skill: skillOf,
  lossMetric: () => 'log_loss',
  losses: lossesOf,
  /** What a model without skill states, and how much better a model does. */
  baseline: { of: classShares, compare: compareWithShares, warnings: baselineWarnings },
  settleChoices,
  rowsToJudge,
  judgeRows,
  /** What each judged row was answered, kept so that runs can be compared row by row. */
  rowScores: { write: writeRowScores, read: readRowScores, groupsOf: rowGroups },
  paired,
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
