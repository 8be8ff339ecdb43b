import type { ThresholdRecord } from '../../model/decision'
import { wilsonInterval } from '../numerics'
import { effectiveShare } from '../tasks'
import type { StatedRows } from './choose-threshold'

type Kind = (isChosen: boolean, isEvent: boolean) => boolean

/**
 * Shares of rows on each side of a threshold, with Wilson's 95% intervals: of rows that count by weight for as many plain rows as would say as
 * much.
 * @param period rows of a period, of which the number that are chosen is told; rows are counted for it, not their weights
 */
export function describeRates(stated: StatedRows, threshold: number, period: number | null): Omit<ThresholdRecord['chosen'], 'cost'> {
  const rows = period === null ? null : shareOf({ ...stated, weights: null }, threshold, isChosen, isAny)
  return {
    selection: shareOf(stated, threshold, isChosen, isAny),
    recall: shareOf(stated, threshold, isChosen, isEvent),
    precision: shareOf(stated, threshold, isEvent, isChosen),
    specificity: shareOf(stated, threshold, isLeft, isOther),
    ...(period !== null && rows && { perPeriod: { value: rows.value * period, lower: rows.lower * period, upper: rows.upper * period } })
  }
}

const isAny: Kind = () => true
const isChosen: Kind = (chosen) => chosen
const isLeft: Kind = (chosen) => !chosen
const isEvent: Kind = (_, event) => event
const isOther: Kind = (_, event) => !event

/** Null where there is nothing to divide by. */
function shareOf({ scores, labels, weights }: StatedRows, threshold: number, isPart: Kind, isWhole: Kind) {
  const byRow = (is: Kind): Float64Array =>
    scores.map((score, row) => (is(score >= threshold, labels[row] === 1) ? (weights?.[row] ?? 1) : 0))
  const [own, all] = [byRow((chosen, event) => isPart(chosen, event) && isWhole(chosen, event)), byRow(isWhole)]
  const [part, whole] = [sum(own), sum(all)]
  if (!(whole > 0)) return null
  const rows = weights ? effectiveShare(own, all, { count: scores.length, of: null }) : { part, whole }
  return { value: part / whole, ...wilsonInterval(rows.part, rows.whole) }
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0)
