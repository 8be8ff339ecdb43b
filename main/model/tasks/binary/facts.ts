import { describeFact, type FactDescription } from '../fact-description'
import type { BinaryFigures, Fairness, GroupComparisons, Reliability } from './evaluation'

/** The bounds of each gap, which hold at once in 95 of 100 evaluations: by name, meaning and unit. */
const boundFacts = [
  ['disparate_impact', 'selection ratio', 'ratio', 'higher'],
  ['parity_difference', 'difference of the selection rate', '0..1', 'lower'],
  ['tpr_difference', 'difference of the true positive rate', '0..1', 'lower'],
  ['fpr_difference', 'difference of the false positive rate', '0..1', 'lower']
].flatMap(([name, of, unit, better]) =>
  (['lower', 'upper'] as const).map((end) =>
    describeFact(
      `fairness.${name}_${end}`,
      'number',
      `${end === 'lower' ? 'Least' : 'Most'} that the ${of} can be, the number of groups counted in`,
      unit,
      better as 'higher' | 'lower'
    )
  )
)

/** Slope and intercept of a recalibration; neither has a better way but towards the value of a calibrated model. */
const recalibrationFacts = [
  ['slope', 'Calibration slope; 1 is calibrated, below 1 overconfident', 'none'],
  ['intercept', 'Calibration intercept; 0 is calibrated', 'log odds']
].flatMap(([name, meaning, unit]) => [
  describeFact(`evaluation.calibration_${name}`, 'number', meaning!, unit),
  describeFact(`evaluation.calibration_${name}_lower`, 'number', `Lower end of the 95% interval of the calibration ${name}`, unit),
  describeFact(`evaluation.calibration_${name}_upper`, 'number', `Upper end of the 95% interval of the calibration ${name}`, unit)
])

/** The facts that an evaluation of this task supplies besides its metrics, by group. */
export const binaryFacts: Record<'fairness' | 'evaluation', readonly FactDescription[]> = {
  fairness: [
    describeFact('fairness.column', 'text', 'The column whose groups were compared'),
    describeFact(
      'fairness.disparate_impact',
      'number',
      'Lowest selection rate of a compared group divided by the highest',
      'ratio',
      'higher'
    ),
    describeFact(
      'fairness.parity_difference',
      'number',
      'Largest difference of the selection rate between compared groups',
      '0..1',
      'lower'
    ),
    describeFact(
      'fairness.tpr_difference',
      'number',
      'Largest difference of the true positive rate between compared groups',
      '0..1',
      'lower'
    ),
    describeFact(
      'fairness.fpr_difference',
      'number',
      'Largest difference of the false positive rate between compared groups',
      '0..1',
      'lower'
    ),
    ...boundFacts,
    describeFact(
      'fairness.verdict',
      'text',
      'What can be said of the groups: "differ", "alike" within the tolerance, or "cannot-tell" from so few rows'
    ),
    describeFact('fairness.groups', 'number', 'Groups that are large enough to be compared', 'groups'),
    describeFact('fairness.smallest_group', 'number', 'Rows in the smallest compared group', 'rows', 'higher')
  ],
  evaluation: [
    describeFact('evaluation.positives', 'number', 'Positive rows judged', 'rows', 'higher'),
    describeFact(
      'evaluation.beats_baseline',
      'boolean',
      'Whether the log loss is below that of the base rate by more than chance explains'
    ),
    describeFact('evaluation.threshold', 'number', 'The decision threshold', '0..1'),
    ...recalibrationFacts
  ]
}

/** A slope that the rows leave open gives no fact. */
function recalibrationOf({ slope, intercept }: Reliability): Record<string, number> {
  const facts: Record<string, number> = {}
  for (const [name, { value, interval }] of Object.entries({ slope, intercept })) {
    if (value === null || interval === null) continue
    facts[`calibration_${name}`] = value
    facts[`calibration_${name}_lower`] = interval.lower
    facts[`calibration_${name}_upper`] = interval.upper
  }
  return facts
}

const boundsOf = ({ selectionRatio, selection, truePositive, falsePositive, verdict }: GroupComparisons) => ({
  disparate_impact_lower: selectionRatio.lower,
  disparate_impact_upper: selectionRatio.upper,
  parity_difference_lower: selection.lower,
  parity_difference_upper: selection.upper,
  tpr_difference_lower: truePositive.lower,
  tpr_difference_upper: truePositive.upper,
  fpr_difference_lower: falsePositive.lower,
  fpr_difference_upper: falsePositive.upper,
  verdict
})

/** An evaluation as far as its facts go. */
interface Judged extends Pick<BinaryFigures, 'threshold' | 'baseline' | 'reliability'> {
  rows: { positives: number }
  fairness: Fairness | null
}

/** The values of `binaryFacts`; null is a fact that was not measured. */
export function factsOf({ rows, threshold, fairness, baseline, reliability }: Judged) {
  const compared = fairness?.groups.filter((group) => group.compared) ?? []
  return {
    evaluation: {
      positives: rows.positives,
      threshold,
      ...(baseline && { beats_baseline: baseline.verdict === 'better' }),
      ...(reliability && recalibrationOf(reliability))
    },
    fairness: fairness && {
      column: fairness.column,
      disparate_impact: fairness.disparateImpact,
      parity_difference: fairness.demographicParityDifference,
      tpr_difference: fairness.equalOpportunityDifference,
      fpr_difference: fairness.falsePositiveRateDifference,
      ...(fairness.comparisons && boundsOf(fairness.comparisons)),
      groups: compared.length,
      smallest_group: compared.length > 0 ? Math.min(...compared.map((group) => group.count)) : null
    }
  }
}
