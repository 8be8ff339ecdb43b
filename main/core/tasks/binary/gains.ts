import type { BinaryEvaluation } from '../../../model/evaluation'
import { wilsonInterval } from '../../../model/tasks'
import { cumulate } from './curves'
import type { Ranking } from './ranking'

const tenths = 10

/**
 * Cumulative gains and lift by tenth of the rows, highest scores first. Rows of one score share their events evenly, which is the average over
 * every order of them. The interval of the lift is the Wilson interval of the share of events in the tenth over the share in all rows; rows
 * with weights or in clusters have none. Empty without an event.
 */
export function gainsByTenth(
  labels: Uint8Array,
  scores: Float64Array,
  ranking: Ranking,
  weights: Float64Array | null,
  clusters: Uint32Array | null = null
): NonNullable<BinaryEvaluation['gains']> {
  const steps = cumulate(labels, scores, ranking, weights)
  const last = steps.at(-1)!
  const [total, events] = [last.positives + last.negatives, last.positives]
  if (events === 0) return []
  let at = 1
  const eventsUpTo = (rows: number): number => {
    while (at < steps.length - 1 && steps[at]!.positives + steps[at]!.negatives < rows) at++
    const [from, to] = [steps[at - 1]!, steps[at]!]
    const [start, end] = [from.positives + from.negatives, to.positives + to.negatives]
    return from.positives + ((to.positives - from.positives) * (rows - start)) / (end - start)
  }
  let before = 0
  return Array.from({ length: tenths }, (_, tenth) => {
    const upTo = tenth === tenths - 1 ? events : eventsUpTo((total * (tenth + 1)) / tenths)
    const [own, rows] = [upTo - before, total / tenths]
    before = upTo
    const bounds = weights || clusters ? null : wilsonInterval(Math.min(rows, Math.max(0, own)), rows)
    const rate = events / total
    return {
      share: (tenth + 1) / tenths,
      gain: upTo / events,
      lift: own / rows / rate,
      lower: bounds && bounds.lower / rate,
      upper: bounds && bounds.upper / rate
    }
  })
}
