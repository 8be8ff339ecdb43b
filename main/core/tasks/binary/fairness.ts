import type { Fairness, FairnessGroup } from '../../../model/tasks'
import type { Grouping } from '../../frames'
import { wilsonInterval } from '../../numerics'
import { areaUnderCurve } from './ranking'

export interface FairnessRules {
  /** Groups with fewer rows are listed but not compared. */
  minimumGroupSize: number
  /** Groups with fewer positives (negatives) are left out of the recall (false-positive) gap. */
  minimumClassSize: number
  threshold: number
}

const mostListed = 200

/**
 * How a model treats the groups of a column: selection, error and calibration per group, and the gaps between the compared groups.
 * Disparate impact is the lowest over the highest selection rate (the four-fifths rule of the US Uniform Guidelines, 29 CFR 1607.4 D).
 */
export function deriveFairness(
  column: string,
  { codes, names }: Grouping,
  labels: Uint8Array,
  scores: Float64Array,
  rules: FairnessRules
): Fairness {
  const rowsOf: number[][] = names.map(() => [])
  codes.forEach((code, row) => rowsOf[code]!.push(row))
  const all = names
    .map((name, code) => describe(name, rowsOf[code]!, labels, scores, rules))
    .sort((a, b) => b.count - a.count || (a.group < b.group ? -1 : 1))
  const compared = all.filter((group) => group.compared)
  const notes: string[] = []
  const rates = compared.map((group) => group.selectionRate)
  const highest = rates.reduce((most, rate) => Math.max(most, rate), 0)
  const lowest = rates.reduce((least, rate) => Math.min(least, rate), 1)
  for (const group of compared) group.selectionRatio = highest > 0 ? group.selectionRate / highest : null
  const enough = compared.length >= 2
  if (!enough) notes.push(`Fewer than two groups have at least ${rules.minimumGroupSize} rows, so nothing can be compared.`)
  else if (highest === 0) notes.push('No row of the compared groups is selected at this threshold, so the disparate impact has no value.')
  const gap = (kind: string, ofClass: (group: FairnessGroup) => number, rate: (group: FairnessGroup) => number | null): number | null => {
    const fit = compared.filter((group) => ofClass(group) >= rules.minimumClassSize)
    const left = compared.length - fit.length
    if (enough && left > 0)
      notes.push(`${left} compared group(s) have fewer than ${rules.minimumClassSize} ${kind} and are left out of that gap.`)
    const values = fit.map(rate).filter((value): value is number => value !== null)
    if (values.length < 2) return null
    return values.reduce((most, value) => Math.max(most, value)) - values.reduce((least, value) => Math.min(least, value))
  }
  const equalOpportunityDifference = gap(
    'positive rows',
    (group) => group.positives,
    (group) => group.truePositiveRate
  )
  const falsePositiveRateDifference = gap(
    'negative rows',
    (group) => group.count - group.positives,
    (group) => group.falsePositiveRate
  )
  const bothGaps = equalOpportunityDifference !== null && falsePositiveRateDifference !== null
  return {
    column,
    minimumGroupSize: rules.minimumGroupSize,
    minimumClassSize: rules.minimumClassSize,
    groups: all.slice(0, mostListed),
    unlistedGroups: Math.max(0, all.length - mostListed),
    disparateImpact: enough && highest > 0 ? lowest / highest : null,
    demographicParityDifference: enough ? highest - lowest : null,
    equalOpportunityDifference,
    falsePositiveRateDifference,
    equalisedOddsDifference: bothGaps ? Math.max(equalOpportunityDifference, falsePositiveRateDifference) : null,
    notes
  }
}

function describe(group: string, rows: readonly number[], labels: Uint8Array, scores: Float64Array, rules: FairnessRules): FairnessGroup {
  const own = Uint8Array.from(rows, (row) => labels[row]!)
  const ownScores = Float64Array.from(rows, (row) => scores[row]!)
  let positives = 0
  let truePositives = 0
  let selected = 0
  let sum = 0
  own.forEach((label, i) => {
    const isSelected = ownScores[i]! >= rules.threshold
    positives += label
    sum += ownScores[i]!
    if (!isSelected) return
    selected++
    truePositives += label
  })
  const count = rows.length
  const negatives = count - positives
  const falsePositives = selected - truePositives
  const wilson = wilsonInterval(selected, count)
  const compared = count >= rules.minimumGroupSize
  return {
    group,
    count,
    positives,
    selected,
    selectionRate: selected / count,
    selectionLower: wilson.lower,
    selectionUpper: wilson.upper,
    truePositiveRate: positives > 0 ? truePositives / positives : null,
    falsePositiveRate: negatives > 0 ? falsePositives / negatives : null,
    precision: selected > 0 ? truePositives / selected : null,
    accuracy: (truePositives + negatives - falsePositives) / count,
    auc: areaUnderCurve(own, ownScores),
    meanProbability: Math.min(1, sum / count),
    observedRate: positives / count,
    calibrationGap: sum / count - positives / count,
    selectionRatio: null,
    compared,
    excludedBecause: compared ? null : `only ${count} of the needed ${rules.minimumGroupSize} rows`
  }
}
