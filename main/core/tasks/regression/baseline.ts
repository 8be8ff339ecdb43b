import {
  lossMetricOf,
  lossWords,
  statisticOf,
  statisticWords,
  type Aim,
  type RegressionBaseline,
  type RegressionTarget
} from '../../../model/tasks/regression'
import type { Outcomes } from '../outcomes'
import type { Clusters } from '../clusters'
import { meanWithInterval, unitsOf } from '../resampling'
import { constantOf, lossesOf } from './losses'
import { amountsOf, constantFor, meanOf } from './weighted'

/** What a model without skill states for every row of these outcomes. */
export const constantAmount = (outcomes: Outcomes, aim: RegressionTarget): number => constantFor(aim, outcomes)

/**
 * The model beside one amount that is stated for every row, the mean, median or quantile of the training rows where it is known: the loss of
 * stating it, and by how much the model's is smaller, with the 95% interval of the weighted differences row by row (Student), whole clusters
 * varying where rows come in clusters. A model whose predictions have no loss is worse than any constant.
 */
export function compareWithConstant(
  outcomes: Outcomes,
  scores: Float64Array,
  trained: number | undefined,
  { target: aim, clusters = null }: { target: RegressionTarget; clusters?: Clusters | null }
): RegressionBaseline {
  const labels = amountsOf(outcomes)
  const { weights } = outcomes
  const amount = trained ?? constantFor(aim, outcomes)
  const stated = lossesOf(aim, labels, constantOf(labels.length, amount))
  const own = lossesOf(aim, labels, scores)
  const units = unitsOf(labels.length, clusters?.codes ?? null)
  const gains = stated.map((loss, row) => loss - own[row]!)
  const { value, lower, upper } = meanWithInterval(gains, weights, units)
  const about = {
    amount,
    statistic: statisticOf(aim.objective),
    of: trained === undefined ? ('judged rows' as const) : ('training rows' as const),
    loss: meanOf(stated, weights)
  }
  if (!Number.isFinite(value)) return { ...about, gain: { value: -about.loss, lower: null, upper: null }, verdict: 'worse' }
  return {
    ...about,
    gain: { value, lower, upper },
    verdict: lower !== null && lower > 0 ? 'better' : upper !== null && upper < 0 ? 'worse' : 'cannot be told'
  }
}

/** Six digits at most, for sentences. */
export const figure = (value: number): string => String(Number(value.toPrecision(5)))

/** Says that a model is not shown to be better than a constant; empty for one that is. */
export function baselineWarnings({ verdict, amount, loss, gain, of }: RegressionBaseline, rows: string, aim: RegressionTarget): string[] {
  if (verdict === 'better') return []
  const constant = `the ${statisticWords(aim)} of the ${of}`
  const figures = `its ${lossWords(aim)} on the ${rows} is ${figure(loss - gain.value)}, that of stating ${figure(amount)} for every row ${figure(loss)}`
  return verdict === 'worse'
    ? [`The model does worse than ${constant}: ${figures}. Do not use its predictions; look for better features or more rows.`]
    : [
        `The model is not shown to beat ${constant}: ${figures}, a difference within chance. It may have learned nothing that holds for new rows.`
      ]
}

const tones = { better: 'info', worse: 'error', 'cannot be told': 'warn' } as const
const verdicts = { better: 'beats', worse: 'does worse than', 'cannot be told': 'is not shown to beat' } as const

/** The comparison in a sentence of the model card. */
export function describeBaseline({ baseline, aim }: { baseline?: RegressionBaseline; aim: Aim }): {
  tone: 'info' | 'warn' | 'error'
  text: string
} | null {
  if (!baseline) return null
  const { amount, of, loss, gain, verdict } = baseline
  const interval = gain.lower === null || gain.upper === null ? '' : `, 95 % interval ${figure(gain.lower)} to ${figure(gain.upper)}`
  return {
    tone: tones[verdict],
    text: `The model ${verdicts[verdict]} a constant: stating ${figure(amount)} for every row, the ${statisticWords(aim)} of the ${of}, has a ${lossWords(aim)} of ${figure(loss)}, the model ${figure(loss - gain.value)} (less by ${figure(gain.value)}${interval}).`
  }
}

/** The metric that is the loss of the objective. */
export const lossMetric = (aim: Aim) => lossMetricOf(aim.objective)
