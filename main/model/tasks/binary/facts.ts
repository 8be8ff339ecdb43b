import { describeFact, type FactDescription } from '../fact-description'
import type { BinaryFigures, Fairness } from './evaluation'

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
    describeFact('evaluation.threshold', 'number', 'The decision threshold', '0..1')
  ]
}

/** An evaluation as far as its facts go. */
interface Judged extends Pick<BinaryFigures, 'threshold' | 'baseline'> {
  rows: { positives: number }
  fairness: Fairness | null
}

/** The values of `binaryFacts`; null is a fact that was not measured. */
export function factsOf({ rows, threshold, fairness, baseline }: Judged) {
  const compared = fairness?.groups.filter((group) => group.compared) ?? []
  return {
    evaluation: { positives: rows.positives, threshold, ...(baseline && { beats_baseline: baseline.verdict === 'better' }) },
    fairness: fairness && {
      column: fairness.column,
      disparate_impact: fairness.disparateImpact,
      parity_difference: fairness.demographicParityDifference,
      tpr_difference: fairness.equalOpportunityDifference,
      fpr_difference: fairness.falsePositiveRateDifference,
      groups: compared.length,
      smallest_group: compared.length > 0 ? Math.min(...compared.map((group) => group.count)) : null
    }
  }
}
