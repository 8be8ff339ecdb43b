import { costRange, decideClass, expectedCost } from '../../model/class-decision'
import { decidedCosts, decidedThreshold } from '../../model/decision'
import type { ModelSignature } from '../../model/training'

/** How far probabilities are from such that the label is what the signature decides by them; of costs as a share of the dearest. */
export function distanceToDecision(own: Float64Array, label: number, signature: Pick<ModelSignature, 'decision'>): number {
  const costs = decidedCosts(signature)
  if (costs) {
    const paid = (place: number): number => expectedCost(own, 0, costs, place)
    return (paid(label) - paid(decideClass(own, 0, own.length, costs))) / costRange(costs).most
  }
  const threshold = decidedThreshold(signature)
  if (threshold === undefined) return Math.max(...own) - own[label]!
  return own[1]! >= threshold === (label === 1) ? 0 : Math.abs(own[1]! - threshold)
}
