import type { MulticlassFigures } from '../../../../model/tasks/multiclass'
import { compareMeasured } from './compare-runs'
import { measureFiles, type FiledClassRun } from './measure-files'

export type { ClassRowComparison } from './compare-runs'
export type { FiledClassRun, MeasuredClassFiles } from './measure-files'

/** Runs judged on the same rows, each with each; what takes long is measured from files, so that another process can do it. */
export const paired = {
  /** What a comparison asks of an evaluation besides the file of its scores. */
  asked: ({ baseline, decision }: Pick<MulticlassFigures, 'baseline' | 'decision'>): Omit<FiledClassRun, 'path'> => ({
    ...(baseline && { shares: baseline.shares }),
    ...(decision && { costs: decision.costs })
  }),
  measure: measureFiles,
  compare: compareMeasured
}
