import type { MulticlassFigures } from '../../../../model/tasks/multiclass'
import { rulesOf, type GroupRules } from '../../paired'
import { compareMeasured } from './compare-runs'
import { measureFiles, type FiledClassRun } from './measure-files'

export type { ClassRowComparison } from './compare-runs'
export type { FiledClassRun, MeasuredClassFiles } from './measure-files'

interface AskedOf extends Pick<MulticlassFigures, 'baseline' | 'decision'> {
  fairness?: GroupRules | null
}

/** Runs judged on the same rows, each with each; what takes long is measured from files, so that another process can do it. */
export const paired = {
  /** What a comparison asks of an evaluation besides the file of its scores. */
  asked: ({ baseline, decision, fairness }: AskedOf): Omit<FiledClassRun, 'path'> => ({
    ...(baseline && { shares: baseline.shares }),
    ...(decision && { costs: decision.costs }),
    ...(fairness && { groups: rulesOf(fairness) })
  }),
  measure: measureFiles,
  compare: compareMeasured
}
