import { ComparedPanels } from './compared-panels'
import { EvaluationPanels } from './evaluation-panels'
import { GroupsPanel } from './groups-panel'
import { againstBaseRate, besideNaive, decisionText, intervalsText, lossAxis, outcomesShort, outcomesText, trainingOutcomes } from './words'

/** What the window shows of a training and an evaluation of amounts. */
export const regressionPanels = {
  outcomes: outcomesText,
  outcomesShort,
  trainingOutcomes,
  againstBaseRate,
  lossAxis,
  besideNaive,
  decision: decisionText,
  intervals: intervalsText,
  EvaluationPanels,
  GroupsPanel,
  ComparedPanels
}
