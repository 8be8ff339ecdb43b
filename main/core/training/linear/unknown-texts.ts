import type { EncodedTable, FeatureEncoding } from '../features'
import type { Labels } from '../objective'
import { contributionOf, marginOf, type LinearModel } from './linear-model'
import type { LinearObjective } from './losses'

const mostSteps = 50

/** What is known of the rows that have a text: their margins without it, all rows of an output after each other, outcomes and weights. */
interface Others {
  margins: Float64Array[]
  labels: Float64Array
  weights: Float64Array
}

/**
 * Gives texts that training did not see a weight, in columns of which it saw every text: the one with which the mean prediction of the rows that
 * have a text would be their mean outcome, if nobody knew which one. In other columns they share the weight of the rare ones.
 */
export function weighUnknownTexts(
  objective: LinearObjective,
  outputs: readonly LinearModel[],
  table: EncodedTable,
  encodings: readonly FeatureEncoding[],
  labels: Labels,
  weights: Float64Array
): LinearModel[] {
  const whole = outputs.map((output) => marginOf(output, table))
  const changed = outputs.map((output) => ({ ...output, terms: [...output.terms] }))
  encodings.forEach(({ kept, kind }, index) => {
    const codes = table.columns[index]!
    const unknown = kept.length
    if (kind !== 'category' || codes.some((code) => code === unknown)) return
    const rows = [...codes.keys()].filter((row) => codes[row]! < unknown && weights[row]! > 0)
    if (rows.length === 0) return
    const margins = outputs.map((output, k) => {
      const part = contributionOf(output, index, table)
      return Float64Array.from(rows, (row) => whole[k]![row]! - part[row]!)
    })
    const pick = (values: Labels) => Float64Array.from(rows, (row) => values[row]!)
    const found = balancingWeights(objective, { margins, labels: pick(labels), weights: pick(weights) })
    for (const [k, output] of changed.entries()) {
      const term = output.terms[index]!
      if (term.type !== 'category') continue
      output.terms[index] = { ...term, weights: term.weights.map((weight, code) => (code === unknown ? found[k]! : weight)) }
    }
  })
  return changed
}

function balancingWeights({ name }: LinearObjective, others: Others): number[] {
  if (name === 'logistic') return [shareWeight(others)]
  if (name === 'softmax') return classWeights(others)
  const total = sumOf(others.weights)
  const mean = (value: (row: number) => number): number => others.weights.reduce((sum, weight, row) => sum + weight * value(row), 0) / total
  const margin = others.margins[0]!
  if (name === 'squared') return [mean((row) => others.labels[row]! - margin[row]!)]
  // Half a count keeps the weight finite where all are zero.
  const outcome = mean((row) => others.labels[row]!) || 0.5 / total
  return [Math.log(outcome / mean((row) => Math.exp(margin[row]!)))]
}

/** The weight that makes the mean probability equal to the share of the event, by Newton's method; bounded, for rows of one outcome. */
function shareWeight({ margins, labels, weights }: Others): number {
  const margin = margins[0]!
  const total = sumOf(weights)
  const events = labels.reduce((sum, label, row) => sum + label * weights[row]!, 0)
  // Half a row of each outcome keeps the weight finite.
  const wanted = ((events + 0.5) / (total + 1)) * total
  let weight = 0
  for (let step = 0; step < mostSteps; step++) {
    let sum = 0
    let slope = 0
    for (let row = 0; row < margin.length; row++) {
      const p = 1 / (1 + Math.exp(-margin[row]! - weight))
      sum += weights[row]! * p
      slope += weights[row]! * p * (1 - p)
    }
    const change = (wanted - sum) / Math.max(slope, 1e-9)
    weight += Math.max(-2, Math.min(2, change))
    if (Math.abs(change) < 1e-9) break
  }
  return weight
}

/** The weights that make the mean probabilities equal to the shares of the classes, by iterative scaling (Darroch and Ratcliff 1972). */
function classWeights({ margins, labels, weights }: Others): number[] {
  const classes = margins.length
  const total = sumOf(weights)
  const wanted = margins.map((_, k) => {
    const own = labels.reduce((sum, label, row) => sum + (label === k ? weights[row]! : 0), 0)
    return (own + 0.5) / (total + 0.5 * classes)
  })
  const found = new Array<number>(classes).fill(0)
  for (let step = 0; step < mostSteps; step++) {
    const means = new Array<number>(classes).fill(0)
    for (let row = 0; row < weights.length; row++) {
      const own = margins.map((margin, k) => margin[row]! + found[k]!)
      const most = Math.max(...own)
      const stated = own.map((margin) => Math.exp(margin - most))
      const sum = stated.reduce((all, each) => all + each, 0)
      for (let k = 0; k < classes; k++) means[k]! += (weights[row]! * stated[k]!) / sum / total
    }
    const changes = means.map((mean, k) => Math.log(wanted[k]! / mean))
    changes.forEach((change, k) => (found[k]! += change))
    if (changes.every((change) => Math.abs(change) < 1e-9)) break
  }
  return found
}

const sumOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0)
