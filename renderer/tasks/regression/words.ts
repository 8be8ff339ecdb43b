import { lossWords, statisticWords, type RegressionBaseline } from '../../../main/model/tasks/regression'
import type { Estimate } from '../../../main/model/tasks'
import { formatAuto, formatNumber, type Status } from '../../ui'
import type { JudgedAmounts } from './judged'

/** How the outcomes of the judged rows spread. */
export const outcomesText = ({ rows, target }: Pick<JudgedAmounts, 'rows' | 'target'>): string =>
  `${target.name} ${formatAuto(rows.mean)} on average, ${formatAuto(rows.minimum)} to ${formatAuto(rows.maximum)}`

export const outcomesShort = ({ rows }: Pick<JudgedAmounts, 'rows'>): string => `mean ${formatAuto(rows.mean)}`

/** A row of the training record: what the amounts were that were learned from. */
export const trainingOutcomes = ({ mean, minimum, maximum }: { mean: number; minimum: number; maximum: number }) => ({
  label: 'Outcomes',
  value: `${formatAuto(mean)} on average, ${formatAuto(minimum)} to ${formatAuto(maximum)}`
})

/** What a prediction states. */
export const decisionText = ({ target }: Pick<JudgedAmounts, 'target'>): string =>
  `Predictions state the ${statisticWords(target)} of ${target.name}${target.exposure === undefined ? '' : ` for one unit of ${target.exposure}`}.`

/** How the intervals of the figures came about. */
export function intervalsText({ bootstrap, seed }: Pick<JudgedAmounts, 'bootstrap' | 'seed'>): string {
  const { clusters, samples, method } = bootstrap
  const drawn = clusters
    ? `, drawn as ${formatNumber(clusters.count)} whole ${clusters.by === 'group' ? 'groups' : 'blocks of time'} of ${clusters.column}`
    : ''
  return `Intervals are ${method} bootstrap, ${formatNumber(samples)} samples, seed ${seed}${drawn}; of the median error Woodruff.`
}

/** The loss that a fit lowers, as the title of an axis. */
export const lossAxis = (target: JudgedAmounts['target']): string => {
  const words = lossWords(target)
  return `${words[0]!.toUpperCase()}${words.slice(1)}`
}

/** The model's loss beside that of a constant, in a few words. */
export function againstBaseRate({ amount, loss, gain, verdict }: RegressionBaseline): string {
  const word = { better: 'better', worse: 'worse', 'cannot be told': 'cannot be told apart' }[verdict]
  return `Loss ${formatAuto(loss - gain.value)}; ${formatAuto(loss)} for stating ${formatAuto(amount)} for every row: ${word}`
}

/** The model beside one that knows nothing, in a sentence: better or worse is said only where the whole 95% interval says so. */
export function besideNaive({ baseline, reliability, target }: Pick<JudgedAmounts, 'baseline' | 'reliability' | 'target'>): {
  status: Status
  text: string
}[] {
  const sentences = baseline ? [skill(baseline, target)] : []
  const { value, interval } = reliability.bias
  // Only a model of a mean is to be right on average.
  if (!reliability.slope || value === null || interval === null) return sentences
  const isRight = interval.lower <= 0 && interval.upper >= 0
  const words = isRight
    ? 'On average it is not shown to expect too much or too little'
    : value > 0
      ? 'On average it expects too much'
      : 'On average it expects too little'
  return [
    ...sentences,
    { status: isRight ? 'ok' : 'warn', text: `${words}: bias ${formatAuto(value)} (${reachOf(interval)}); 0 is right.` }
  ]
}

function skill(
  { amount, statistic, of, loss, gain, verdict }: RegressionBaseline,
  target: JudgedAmounts['target']
): { status: Status; text: string } {
  const words = {
    better: 'Predicts better than a constant',
    worse: 'Predicts worse than a constant',
    'cannot be told': 'Whether it predicts better than a constant cannot be told'
  }[verdict]
  const reach = gain.lower === null || gain.upper === null ? '' : ` (95% CI ${formatAuto(gain.lower)} to ${formatAuto(gain.upper)})`
  return {
    status: ({ better: 'ok', worse: 'error', 'cannot be told': 'warn' } as const)[verdict],
    text: `${words}: ${formatAuto(gain.value)} of ${lossWords(target)} saved${reach}; stating ${formatAuto(amount)} for every row, the ${statistic} of the ${of}, has ${formatAuto(loss)}.`
  }
}

const reachOf = ({ lower, upper }: NonNullable<Estimate['interval']>): string => `95% CI ${formatAuto(lower)} to ${formatAuto(upper)}`

/** A figure with its interval, to stand in a sentence. */
export const withInterval = (name: string, { value, interval }: Estimate): string =>
  value === null || interval === null
    ? `${name} has no value`
    : `${name} ${formatAuto(value)} (${formatAuto(interval.lower)} to ${formatAuto(interval.upper)})`
