import type { Aim } from '../../../model/tasks/regression'
import type { Outcomes } from '../outcomes'
import { constantOf, lossesOf } from './losses'
import { amountsOf, constantFor, meanOf } from './weighted'

/** Share of the loss of the best constant that is saved (D2); null where every outcome is the same or a prediction has no loss. */
export function explainedLoss(outcomes: Outcomes, scores: Float64Array, aim: Aim): number | null {
  const labels = amountsOf(outcomes)
  const own = meanOf(lossesOf(aim, labels, scores), outcomes.weights)
  const best = meanOf(lossesOf(aim, labels, constantOf(labels.length, constantFor(aim, outcomes))), outcomes.weights)
  const skill = 1 - own / best
  return Number.isFinite(skill) ? skill : null
}
