import { countOf } from '../../../model/count-of'
import type { Fairness, FairnessGroup } from '../../../model/tasks'
import type { Grouping } from '../../frames'
import { wilsonInterval, z95 } from '../../numerics'
import { compareGroups } from './group-gaps'
import { areaUnderCurve, deriveRanking } from './ranking'
import { aucInterval } from './ranking-interval'

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
  const gap = (kind: string, fit: readonly FairnessGroup[], rate: (group: FairnessGroup) => number | null): number | null => {
    const left = compared.length - fit.length
    if (enough && left > 0)
      notes.push(
        `${countOf(left, 'compared group')} ${left === 1 ? 'has' : 'have'} fewer than ${rules.minimumClassSize} ${kind} and ${left === 1 ? 'is' : 'are'} left out of that gap.`
      )
    const values = fit.map(rate).filter((value): value is number => value !== null)
    if (values.length < 2) return null
    return values.reduce((most, value) => Math.max(most, value)) - values.reduce((least, value) => Math.min(least, value))
  }
  const withPositives = compared.filter((group) => group.positives > 0 && group.positives >= rules.minimumClassSize)
  const withNegatives = compared.filter((group) => group.count > group.positives && group.count - group.positives >= rules.minimumClassSize)
  const equalOpportunityDifference = gap('positive rows', withPositives, (group) => group.truePositiveRate)
  const falsePositiveRateDifference = gap('negative rows', withNegatives, (group) => group.falsePositiveRate)
  const listed = all.slice(0, mostListed)
  const rowsByName = new Map(names.map((name, code) => [name, rowsOf[code]!]))
  for (const group of listed) group.intervals = intervalsOf(group, rowsByName.get(group.group)!, labels, scores)
  const bothGaps = equalOpportunityDifference !== null && falsePositiveRateDifference !== null
  return {
    column,
    minimumGroupSize: rules.minimumGroupSize,
    minimumClassSize: rules.minimumClassSize,
    groups: listed,
    unlistedGroups: Math.max(0, all.length - mostListed),
    disparateImpact: enough && highest > 0 ? lowest / highest : null,
    demographicParityDifference: enough ? highest - lowest : null,
    equalOpportunityDifference,
    falsePositiveRateDifference,
    equalisedOddsDifference: bothGaps ? Math.max(equalOpportunityDifference, falsePositiveRateDifference) : null,
    comparisons: compareGroups(compared, withPositives, withNegatives),
    notes
  }
}

/** 95% intervals of the rates that have a value; the mean probability of a group is taken as it is, its outcomes are what varies. */
function intervalsOf(group: FairnessGroup, rows: readonly number[], labels: Uint8Array, scores: Float64Array): FairnessGroup['intervals'] {
  const { count, positives, selected, truePositiveRate, falsePositiveRate, precision, auc, accuracy, meanProbability } = group
  const negatives = count - positives
  const share = (rate: number | null, whole: number) => (rate === null ? undefined : wilsonInterval(Math.round(rate * whole), whole))
  const observed = wilsonInterval(positives, count)
  const own = Uint8Array.from(rows, (row) => labels[row]!)
  const area = auc === null ? null : aucInterval(own, deriveRanking(Float64Array.from(rows, (row) => scores[row]!)), z95)
  const known = {
    truePositiveRate: share(truePositiveRate, positives),
    falsePositiveRate: share(falsePositiveRate, negatives),
    precision: share(precision, selected),
    accuracy: share(accuracy, count),
    auc: area ? { lower: area.lower, upper: area.upper } : undefined,
    calibrationGap: { lower: meanProbability - observed.upper, upper: meanProbability - observed.lower }
  }
  return Object.fromEntries(Object.entries(known).filter(([, interval]) => interval !== undefined))
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
