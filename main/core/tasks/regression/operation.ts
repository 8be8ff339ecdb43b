import { lossWords } from '../../../model/tasks/regression'
import { figure } from './baseline'
import type { AmountEvaluation } from './evaluation'

/** Rows whose outcomes a shadow phase waits for: with fewer nothing can be said of a mean error. */
const rowsToSee = 200
/** The share of predictions above the amount whose frequency is watched. */
const watched = 0.9

/** The prediction that about a tenth of the judged rows is above: how many are so later says whether predictions drift. */
const watchedIn = ({ predictions }: AmountEvaluation) =>
  predictions.find(({ share }) => share === watched) ?? predictions[predictions.length - 1]!

/** How often a prediction is in the highest tenth, as the operator will see it. */
export const expectedSelection = (evaluation: AmountEvaluation): { rate: number; rowsUntilSeen: number } => ({
  rate: watchedIn(evaluation).above,
  rowsUntilSeen: rowsToSee
})

/** The objective that needs outcomes; null when the evaluation has no interval to derive it from. */
export function outcomeObjective({ metrics, bootstrap, rows }: AmountEvaluation) {
  const { value, interval } = metrics.rmse
  if (interval === null) return null
  const { clusters } = bootstrap
  return {
    id: 'error',
    measure: 'root mean squared error once the outcomes are known',
    unit: 'unit of the target',
    at_most: interval.upper,
    ...(value === null ? {} : { measured_before_release: value }),
    window: `at least ${rowsToSee} outcomes`,
    basis: `upper end of the ${interval.level * 100} % ${bootstrap.method} bootstrap interval, ${interval.samples} resamples of ${clusters ? `${clusters.count} clusters of ` : ''}${rows.judged} rows`
  }
}

/** Sentences of the operating documents. */
export const operationText = {
  selected: (evaluation: AmountEvaluation) => `share of rows predicted above ${figure(watchedIn(evaluation).value)}`,
  decides: ({ predictions }: AmountEvaluation) => {
    const at = (share: number) => figure(predictions.find((each) => each.share === share)!.value)
    return `The model decides nothing; it states an amount. Of the judged rows half were predicted up to ${at(0.5)}, nine of ten between ${at(0.05)} and ${at(0.95)}.`
  },
  rate: 'Predicted above the usual',
  casesSeen: `the outcomes of ${rowsToSee} rows are expected among them`,
  rightAndWrong: ({ metrics, target, baseline, errors }: AmountEvaluation) => {
    const { value, interval } = metrics.mae
    const range = interval ? ` (95 % interval ${figure(interval.lower)} to ${figure(interval.upper)})` : ''
    const half = metrics.median_absolute_error.value
    const constant = baseline
      ? `; the ${lossWords(target)} was ${figure(baseline.loss - baseline.gain.value)}, that of a constant ${figure(baseline.loss)}`
      : ''
    const beyond = errors.below + errors.above
    return `predictions were off by ${figure(value ?? NaN)} on average${range} and in half of the rows by less than ${figure(half ?? NaN)}${constant}.${beyond > 0 ? ` ${beyond} rows were off by far more.` : ''}`
  },
  weakest: 'Is off most'
}

/** The compared group in which the model is off most; undefined without groups. */
export function weakestGroup({ fairness }: AmountEvaluation): { group: string; finds: string } | undefined {
  const groups = (fairness?.groups ?? []).filter((group) => group.compared)
  const [worst] = [...groups].sort((a, b) => b.mae - a.mae)
  return worst && { group: worst.group, finds: `a mean absolute error of ${figure(worst.mae)} over ${worst.count} rows` }
}
