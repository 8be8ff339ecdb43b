import type { EncodedTable, FeatureEncoding } from '../features'
import { contributionOf, predictLinear, type LinearModel } from './linear-model'

const mostSteps = 50

/**
 * Gives texts that training did not see a weight, in columns of which it saw every text: the one with which the rows that have a text would be
 * positive as often as they are, if nobody knew which one. In other columns they share the weight of the rare ones.
 */
export function weighUnknownTexts(
  model: LinearModel,
  table: EncodedTable,
  encodings: readonly FeatureEncoding[],
  labels: Uint8Array
): LinearModel {
  const whole = predictLinear(model, table)
  const terms = model.terms.map((term, index) => {
    const codes = table.columns[index]!
    const unknown = encodings[index]!.kept.length
    if (term.type !== 'category' || codes.some((code) => code === unknown)) return term
    const part = contributionOf(model, index, table)
    const rows = [...codes.keys()].filter((row) => codes[row]! < unknown)
    if (rows.length === 0) return term
    const others = Float64Array.from(rows, (row) => whole[row]! - part[row]!)
    const own = Uint8Array.from(rows, (row) => labels[row]!)
    return { ...term, weights: term.weights.map((weight, code) => (code === unknown ? balancingWeight(others, own) : weight)) }
  })
  return { ...model, terms }
}

/** The weight that makes the mean probability equal to the share of positives, by Newton's method; bounded, for rows of one outcome. */
function balancingWeight(others: Float64Array, labels: Uint8Array): number {
  const positives = labels.reduce((sum, label) => sum + label, 0)
  // Half a row of each outcome keeps the weight finite.
  const wanted = ((positives + 0.5) / (labels.length + 1)) * labels.length
  let weight = 0
  for (let step = 0; step < mostSteps; step++) {
    let sum = 0
    let slope = 0
    for (const score of others) {
      const p = 1 / (1 + Math.exp(-score - weight))
      sum += p
      slope += p * (1 - p)
    }
    const change = (wanted - sum) / Math.max(slope, 1e-9)
    weight += Math.max(-2, Math.min(2, change))
    if (Math.abs(change) < 1e-9) break
  }
  return weight
}
