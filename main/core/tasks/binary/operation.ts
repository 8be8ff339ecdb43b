import type { BinaryEvaluation } from '../../../model/evaluation'

/** Cases of the event that a shadow phase waits for: with fewer nothing can be said of finding them. */
const casesToSee = 50

/**
 * How often the model decides for the event, as the operator will see it: of judged rows that count by weight as often as the rows they stand
 * for.
 */
export function expectedSelection({ confusion, weightedConfusion, rows }: BinaryEvaluation): { rate: number; rowsUntilSeen: number } {
  const { truePositive, falsePositive, trueNegative, falseNegative } = weightedConfusion ?? confusion
  const [selected, positives] = [truePositive + falsePositive, truePositive + falseNegative]
  const all = selected + trueNegative + falseNegative
  const rarest = 1 / Math.max(1, rows.judged)
  return {
    rate: all > 0 ? selected / all : 0,
    rowsUntilSeen: Math.ceil(casesToSee / Math.max(rarest, all > 0 ? positives / all : 0))
  }
}

/** The objective that needs outcomes; null when the evaluation has no interval to derive it from. */
export function outcomeObjective({ metrics, bootstrap, rows }: BinaryEvaluation) {
  const { value, interval } = metrics.auc
  if (interval === null) return null
  return {
    id: 'ranking',
    measure: 'AUC once the outcomes are known',
    unit: '0..1',
    at_least: interval.lower,
    ...(value === null ? {} : { measured_before_release: value }),
    window: `at least ${casesToSee} positive outcomes`,
    basis: `lower end of the ${interval.level * 100} % ${interval.method ?? `${bootstrap.method} bootstrap`} interval, ${interval.method ? '' : `${interval.samples} resamples of `}${rows.judged} rows with ${rows.positives} positive`
  }
}

/** Sentences of the operating documents. */
export const operationText = {
  selected: ({ threshold }: BinaryEvaluation) => `share of rows scored at or above ${threshold}`,
  decides: ({ threshold }: BinaryEvaluation) => `A row counts as positive from a probability of ${threshold} on.`,
  rate: 'Decided positive',
  casesSeen: `${casesToSee} positive cases are expected among them`,
  rightAndWrong: ({ rows, confusion }: BinaryEvaluation) =>
    `of ${rows.positives} positive rows ${confusion.truePositive} were found; of ${confusion.truePositive + confusion.falsePositive} rows decided positive ${confusion.falsePositive} were not.`
}

/** The compared group in which the model finds least; undefined without groups. */
export function weakestGroup({ fairness }: BinaryEvaluation): { group: string; finds: string } | undefined {
  const groups = (fairness?.groups ?? []).filter((group) => group.compared && group.truePositiveRate !== null)
  const [worst] = [...groups].sort((a, b) => (a.truePositiveRate ?? 0) - (b.truePositiveRate ?? 0))
  return worst && { group: worst.group, finds: `${((worst.truePositiveRate ?? 0) * 100).toFixed(0)} % of ${worst.positives} positive rows` }
}
