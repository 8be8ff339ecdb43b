import { decisionText, EvaluationPanels, intervalsText, outcomesShort, outcomesText, trainingOutcomes } from './evaluation-panels'
import { againstBaseRate } from './baseline'
import { FairnessPanel } from './fairness-panel'
import { besideNaive } from './naive'

export { ComparedPanels, type JudgedRun } from './compared-panels'

/** What the window shows of a training and an evaluation with two outcomes. */
export const binaryPanels = {
  outcomes: outcomesText,
  outcomesShort,
  trainingOutcomes,
  againstBaseRate,
  besideNaive,
  decision: decisionText,
  intervals: intervalsText,
  EvaluationPanels,
  GroupsPanel: FairnessPanel
}
