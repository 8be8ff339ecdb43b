import { decisionText, EvaluationPanels, intervalsText, outcomesShort, outcomesText, trainingOutcomes } from './evaluation-panels'
import { againstBaseRate } from './baseline'
import { ComparedPanels } from './compared-panels'
import { FairnessPanel } from './fairness-panel'
import { besideNaive } from './naive'

/** What the window shows of a training and an evaluation with two outcomes. */
export const binaryPanels = {
  outcomes: outcomesText,
  outcomesShort,
  trainingOutcomes,
  againstBaseRate,
  lossAxis: () => 'Mean log loss, nats',
  besideNaive,
  decision: decisionText,
  intervals: intervalsText,
  EvaluationPanels,
  GroupsPanel: FairnessPanel,
  ComparedPanels
}
