import { baseRateOf, baselineWarnings, compareWithBaseRate, describeBaseline } from './baseline'
import { cardCounts, cardFairness, cardFigures, cardOutput } from './card-value'
import { decisionText, evaluationFigures, groupsSection, groupText, headline, outcomesText } from './card-figures'
import { expectedSelection, operationText, outcomeObjective, weakestGroup } from './operation'
import { lossesOf } from './figures'
import { judgeRows, rowsToJudge, settleChoices } from './judge-rows'
import { describeMethods } from './methods'
import type { Objective } from '../../../model/objective'
import type { BinaryTarget } from '../../../model/tasks/binary'
import type { Outcomes } from '../outcomes'
import { areaUnderCurve } from './ranking'
import { compareMeasured } from './paired/compare-runs'
import { askedOf, measureFiles } from './paired/measure-files'
import type { ScoredRows } from '../task'
import { rowGroups } from '../row-file'
import { writeRowScores, type ScoredOutcomes } from './row-scores'
import {
  assertTwoClasses,
  countOutcomes,
  deriveTarget,
  describeOutcome,
  eventAmong,
  trainingWarnings,
  type Target as BinaryOutcomes
} from './target'

/** Two outcomes, of which one is the event: how its target is read and its models are judged. */
export const binaryTask = {
  readTarget: deriveTarget,
  eventAmong,
  assertTrainable: assertTwoClasses,
  trainingWarnings,
  classesOf: ({ positive, negatives }: BinaryOutcomes) => [negatives, [positive]],
  countOutcomes,
  describeOutcome,
  objectiveOf: (_target: BinaryTarget): Objective => ({ name: 'logistic' }),
  /** One figure of scores, higher is better; what shuffling a column loses of it is the importance of the column. */
  skill: ({ labels, weights }: Outcomes, scores: Float64Array) => areaUnderCurve(labels as Uint8Array, scores, weights),
  /** What a model without skill states, and how much better a model does. */
  baseline: { of: baseRateOf, compare: compareWithBaseRate, warnings: baselineWarnings },
  settleChoices,
  rowsToJudge,
  judgeRows,
  lossMetric: () => 'log_loss',
  /** The loss of each row and its name: what slices are compared by. */
  losses: ({ labels }: Outcomes, scores: Float64Array) => ({ losses: lossesOf(labels as Uint8Array, scores), name: 'log loss' }),
  /** What each judged row was answered, kept so that runs can be compared row by row. */
  rowScores: { write: (path: string, scored: ScoredRows) => writeRowScores(path, scored as ScoredOutcomes), groupsOf: rowGroups },
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
