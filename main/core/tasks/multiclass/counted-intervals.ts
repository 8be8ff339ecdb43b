import type { Interval } from '../../../model/tasks'
import { wilsonInterval } from '../../numerics'
import { effectiveShare, studentisedIntervals, unitsOf, type ResampleOptions } from '../resampling'
import type { ClassRows, Summed } from './figures'

/**
 * 95% intervals of rows that count by weight or come in clusters: of shares of rows Wilson's for the plain rows that would say as much, of the
 * mean log loss the studentised bootstrap of rows or whole clusters.
 * @throws WorkbenchError CANCELLED
 */
export async function countedIntervals(
  { rows, labels, decided, isNear, losses, weights: own }: ClassRows,
  clusters: Uint32Array | null,
  options: ResampleOptions
): Promise<Partial<Record<Summed, Interval | null>>> {
  const weights = own ?? new Float64Array(rows).fill(1)
  const units = unitsOf(rows, clusters, Infinity)
  const share = (holds: (row: number) => boolean): Interval => {
    const { part, whole } = effectiveShare(
      weights.map((weight, row) => (holds(row) ? weight : 0)),
      weights,
      units
    )
    return { ...wilsonInterval(part, whole), level: options.level, samples: 0, method: 'Wilson, effective rows' }
  }
  const accuracy = share((row) => decided[row] === labels[row])
  const loss = { numerator: losses.map((each, row) => each * weights[row]!), denominator: weights, scale: 'log' as const }
  const { log_loss: bounds } = await studentisedIntervals({ log_loss: loss }, unitsOf(rows, clusters), options)
  return {
    accuracy,
    recall_weighted: accuracy,
    ...(isNear && { top_3_accuracy: share((row) => isNear[row] === 1) }),
    ...(bounds && {
      log_loss: { lower: bounds.lower, upper: bounds.upper, level: options.level, samples: bounds.samples, method: 'studentised bootstrap' }
    })
  }
}
