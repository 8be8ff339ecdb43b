import { ComparedPanels } from './compared-panels'
import { EvaluationPanels } from './evaluation-panels'
import { GroupsPanel } from './groups-panel'
import { againstBaseRate, besideNaive, decisionText, intervalsText, outcomesShort, outcomesText, trainingOutcomes } from './words'

/** What the window shows of a training and an evaluation with several classes. */
export const multiclassPanels = {
  outcomes: outcomesText,
  outcomesShort,
  trainingOutcomes,
  againstBaseRate,
  lossAxis: () => 'Mean log loss, nats',
  besideNaive,
  decision: decisionText,
  intervals: intervalsText,
  EvaluationPanels,
  GroupsPanel,
  ComparedPanels
}
