import type { Estimate, Reliability } from '../../../main/model/tasks'
import type { CalibrationBin } from '../../charts'
import { formatNumber } from '../../ui'
import type { JudgedClasses } from './judged'

/** Which probabilities may be held against what came: those of the decisions, or those of one class. */
export const calibrationChoices = ({ classes }: Pick<JudgedClasses, 'classes'>) => [
  { value: 'decisions', label: 'The class decided for' },
  ...classes.map((each, place) => ({ value: String(place), label: `${String(each.class)} against the rest` }))
]

export const binsOf = (bins: Reliability['bins']): CalibrationBin[] =>
  bins.map(({ predicted, observed, count, lower, upper }) => ({ predicted, observed, count, low: lower, high: upper }))

/** The bins of a choice, and what is to be said of them. */
export function calibrationOf({ classes, confidence, metrics }: JudgedClasses, of: string): { bins: CalibrationBin[]; text: string } {
  const lines = 'Lines are 95% Wilson intervals of the observed share; dots grow with the number of rows.'
  if (of === 'decisions')
    return { bins: binsOf(confidence.bins), text: `${errorText(metrics.calibration_confidence, confidence.p)} ${lines}` }
  const { calibration } = classes[Number(of)]!
  if (!calibration) return { bins: [], text: 'All judged rows are of this class, or none is, so nothing can be said of its probabilities.' }
  return { bins: binsOf(calibration.bins), text: `${errorText(calibration.error, calibration.p)} ${lines}` }
}

const errorText = ({ value, interval }: Estimate, p: number): string =>
  `Calibration error ${formatNumber(value, 3)}${interval ? ` (95% CI ${formatNumber(interval.lower, 3)} to ${formatNumber(interval.upper, 3)})` : ''}, chance taken off. A calibrated model looks as far off in ${formatNumber(p * 100, 1)}% of evaluations.`
