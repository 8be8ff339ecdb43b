import { studentQuantile, wilsonInterval, z95 } from '../../numerics'
import type { Bounds } from '../../../model/tasks'

/**
 * 95% interval of the Brier skill from what it is made of: the share of positives (Wilson) and the mean squared error of each outcome
 * (Student), put together by the method of variance estimates recovery (Zou and Donner 2008). With few events the base rate is known so
 * badly that resampling them says too little. Null with fewer than two rows of an outcome.
 */
export function brierSkillInterval(labels: Uint8Array, scores: Float64Array): Bounds | null {
  const [own, other] = [1, 0].map((outcome) => errorsOf(outcome, labels, scores)) as [Errors, Errors]
  if (own.count < 2 || other.count < 2) return null
  const share = own.count / labels.length
  /** The Brier score over that of the base rate. */
  const lossAt = (base: number): number => own.mean / (1 - base) + other.mean / base
  const loss = lossAt(share)
  const rate = wilsonInterval(own.count, labels.length, z95)
  const turns = [lossAt(rate.lower) - loss, lossAt(rate.upper) - loss]
  const [fewer, more] = [Math.max(0, ...turns.map((turn) => -turn)), Math.max(0, ...turns)]
  const [ofOwn, ofOther] = [own.reach / (1 - share), other.reach / share]
  // An error is never below zero, so no mean of them reaches further down than to it.
  const less = Math.hypot(fewer, Math.min(ofOwn, own.mean / (1 - share)), Math.min(ofOther, other.mean / share))
  return { lower: 1 - loss - Math.hypot(more, ofOwn, ofOther), upper: Math.min(1, 1 - loss + less) }
}

interface Errors {
  count: number
  mean: number
  /** Of the interval of the mean, on each side. */
  reach: number
}

/** The squared errors of the rows of one outcome. */
function errorsOf(outcome: number, labels: Uint8Array, scores: Float64Array): Errors {
  let [count, sum] = [0, 0]
  for (let row = 0; row < labels.length; row++)
    if (labels[row] === outcome) {
      count++
      sum += (scores[row]! - outcome) ** 2
    }
  const mean = count === 0 ? 0 : sum / count
  let squares = 0
  for (let row = 0; row < labels.length; row++) if (labels[row] === outcome) squares += ((scores[row]! - outcome) ** 2 - mean) ** 2
  const reach = count < 2 ? 0 : studentQuantile(0.975, count - 1) * Math.sqrt(squares / (count - 1) / count)
  return { count, mean, reach }
}
