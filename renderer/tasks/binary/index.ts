import { decisionText, EvaluationPanels, outcomesShort, outcomesText } from './evaluation-panels'
import { FairnessPanel } from './fairness-panel'

export { ComparedPanels, type JudgedRun } from './compared-panels'

/** What the window shows of an evaluation with two outcomes. */
export const binaryPanels = { outcomes: outcomesText, outcomesShort, decision: decisionText, EvaluationPanels, GroupsPanel: FairnessPanel }
