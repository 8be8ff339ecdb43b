import { describeFact, type FactDescription } from '../fact-description'
import type { RegressionFigures, RegressionReliability } from './evaluation'
import type { AmountComparisons, RegressionFairness } from './fairness'
import type { RegressionTarget } from './target'

const unit = 'unit of the target'
const gapNames = [
  ['rmse_difference', 'RMSE'],
  ['mae_difference', 'MAE'],
  ['mean_error_difference', 'mean of prediction minus outcome']
] as const

/** Bias, slope and intercept; none has a better way but towards the value of a calibrated model. */
const reliabilityFacts = [
  ['bias', 'Mean prediction minus mean outcome; 0 is right', unit],
  ['calibration_slope', 'Slope of the outcomes over the predictions; 1 is calibrated, below 1 too extreme', 'none'],
  ['calibration_intercept', 'Intercept of the outcomes over the predictions; 0 is calibrated', unit]
].flatMap(([name, meaning, of]) => [
  describeFact(`evaluation.${name}`, 'number', meaning!, of),
  describeFact(`evaluation.${name}_lower`, 'number', `Lower end of the 95% interval of the ${name!.replace('_', ' ')}`, of),
  describeFact(`evaluation.${name}_upper`, 'number', `Upper end of the 95% interval of the ${name!.replace('_', ' ')}`, of)
])

/** The facts that an evaluation of this task supplies besides its metrics, by group. */
export const regressionFacts: Record<'fairness' | 'evaluation', readonly FactDescription[]> = {
  fairness: [
    describeFact('fairness.column', 'text', 'The column whose groups were compared'),
    describeFact(
      'fairness.worst_group_loss',
      'number',
      'Mean loss of the compared group that fares worst',
      'loss of the objective',
      'lower'
    ),
    ...gapNames.flatMap(([name, of]) => [
      describeFact(`fairness.${name}`, 'number', `Largest difference of the ${of} between compared groups`, unit, 'lower'),
      describeFact(
        `fairness.${name}_lower`,
        'number',
        `Least that the difference of the ${of} can be, the number of groups counted in`,
        unit,
        'lower'
      ),
      describeFact(
        `fairness.${name}_upper`,
        'number',
        `Most that the difference of the ${of} can be, the number of groups counted in`,
        unit,
        'lower'
      )
    ]),
    describeFact(
      'fairness.statistical_parity_distance',
      'number',
      'How far the predictions of a group are distributed from those of all compared groups',
      '0..1',
      'lower'
    ),
    describeFact(
      'fairness.verdict',
      'text',
      'What can be said of the groups: "differ", "alike" within the tolerance, or "cannot-tell" from so few rows'
    ),
    describeFact('fairness.groups', 'number', 'Groups that are large enough to be compared', 'groups'),
    describeFact('fairness.smallest_group', 'number', 'Rows in the smallest compared group', 'rows', 'higher')
  ],
  evaluation: [
    describeFact('evaluation.objective', 'text', 'What the model was fitted to: squared, absolute, quantile, poisson or gamma'),
    describeFact('evaluation.outcome_mean', 'number', 'Mean outcome of the judged rows', unit),
    describeFact(
      'evaluation.beats_baseline',
      'boolean',
      'Whether the loss is below that of a model without skill by more than chance explains'
    ),
    ...reliabilityFacts
  ]
}

/** A figure that the rows leave open gives no fact. */
function reliabilityOf({ bias, slope, intercept }: RegressionReliability): Record<string, number> {
  const facts: Record<string, number> = {}
  for (const [name, estimate] of Object.entries({ bias, calibration_slope: slope, calibration_intercept: intercept })) {
    if (!estimate || estimate.value === null || estimate.interval === null) continue
    facts[name] = estimate.value
    facts[`${name}_lower`] = estimate.interval.lower
    facts[`${name}_upper`] = estimate.interval.upper
  }
  return facts
}

const boundsOf = ({ rmse, mae, meanError, verdict }: AmountComparisons) => ({
  rmse_difference_lower: rmse.lower,
  rmse_difference_upper: rmse.upper,
  mae_difference_lower: mae.lower,
  mae_difference_upper: mae.upper,
  mean_error_difference_lower: meanError.lower,
  mean_error_difference_upper: meanError.upper,
  verdict
})

/** An evaluation as far as its facts go. */
interface Judged extends Pick<RegressionFigures, 'baseline' | 'reliability'> {
  target: Pick<RegressionTarget, 'objective'>
  rows: { mean: number }
  fairness: RegressionFairness | null
}

/** The values of `regressionFacts`; null is a fact that was not measured. */
export function factsOf({ target, rows, fairness, baseline, reliability }: Judged) {
  const compared = fairness?.groups.filter((group) => group.compared) ?? []
  return {
    evaluation: {
      objective: target.objective,
      outcome_mean: rows.mean,
      ...(baseline && { beats_baseline: baseline.verdict === 'better' }),
      ...reliabilityOf(reliability)
    },
    fairness: fairness && {
      column: fairness.column,
      worst_group_loss: fairness.worstGroupLoss,
      rmse_difference: fairness.rmseDifference,
      mae_difference: fairness.maeDifference,
      mean_error_difference: fairness.meanErrorDifference,
      statistical_parity_distance: fairness.statisticalParityDistance,
      ...boundsOf(fairness.comparisons),
      groups: compared.length,
      smallest_group: compared.length > 0 ? Math.min(...compared.map((group) => group.count)) : null
    }
  }
}
