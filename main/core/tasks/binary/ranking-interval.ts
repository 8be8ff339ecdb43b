import { solveRising } from '../../numerics'
import type { Ranking } from './ranking'

export interface Bounds {
  lower: number
  upper: number
}

/** With fewer rows of the rarer outcome than this on the wrong side of the others, their spread is not seen in the scores. */
export const fewestAstray = 5

/**
 * Interval of an AUC from the scores themselves: DeLong's variance on the logit scale (DeLong 1988; Qin and Hotilovac 2008). Where that says
 * too little, since the ranking is all but perfect or an outcome is rare, Newcombe's fifth method (2006), which knows only the counts and
 * holds up to 0 and 1. Null where an outcome is missing.
 */
export function aucInterval(labels: Uint8Array, ranking: Ranking, z: number): (Bounds & { method: string }) | null {
  const { auc, variance, positives, negatives } = delong(labels, ranking)
  if (positives === 0 || negatives === 0) return null
  if (!(variance > 0) || Math.min(auc, 1 - auc) * Math.min(positives, negatives) < fewestAstray)
    return { ...newcombe(auc, positives, negatives, z), method: 'Newcombe' }
  const logit = Math.log(auc / (1 - auc))
  const half = (z * Math.sqrt(variance)) / (auc * (1 - auc))
  return { lower: 1 / (1 + Math.exp(half - logit)), upper: 1 / (1 + Math.exp(-half - logit)), method: 'DeLong' }
}

/** AUC and its variance from how each row ranks among the rows of the other outcome. */
function delong(labels: Uint8Array, { order, starts }: Ranking) {
  const rows = labels.length
  const positives = labels.reduce((sum, label) => sum + label, 0)
  const negatives = rows - positives
  const own = { sum: 0, squares: 0 }
  const other = { sum: 0, squares: 0 }
  let above = { positives: 0, negatives: 0 }
  for (let group = 0; group + 1 < starts.length; group++) {
    let inGroup = 0
    for (let i = starts[group]!; i < starts[group + 1]!; i++) inGroup += labels[order[i]!]!
    const others = starts[group + 1]! - starts[group]! - inGroup
    const ofPositive = (negatives - above.negatives - others / 2) / negatives
    const ofNegative = (above.positives + inGroup / 2) / positives
    own.sum += inGroup * ofPositive
    own.squares += inGroup * ofPositive ** 2
    other.sum += others * ofNegative
    other.squares += others * ofNegative ** 2
    above = { positives: above.positives + inGroup, negatives: above.negatives + others }
  }
  const part = ({ sum, squares }: { sum: number; squares: number }, count: number): number =>
    count > 1 ? Math.max(0, squares - sum ** 2 / count) / (count - 1) / count : 0
  return { auc: own.sum / positives, variance: part(own, positives) + part(other, negatives), positives, negatives }
}

/** Newcombe 2006, method 5: the values of the AUC that the observed one is within `z` standard errors of, as exponential scores have them. */
export function newcombe(auc: number, positives: number, negatives: number, z: number): Bounds {
  const mean = (positives + negatives) / 2 - 1
  const away = (value: number): number => {
    const variance =
      (value * (1 - value) * (1 + (mean * (1 - value)) / (2 - value) + (mean * value) / (1 + value))) / (positives * negatives)
    return Math.sign(value - auc) * ((auc - value) ** 2 - z * z * variance)
  }
  return {
    lower: auc === 0 ? 0 : solveRising(0, 0, auc - 1e-12, away),
    upper: auc === 1 ? 1 : solveRising(0, auc + 1e-12, 1, away)
  }
}
