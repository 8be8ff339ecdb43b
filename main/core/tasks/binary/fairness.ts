import { countOf } from '../../../model/count-of'
import type { Fairness, FairnessGroup } from '../../../model/tasks'
import type { Grouping } from '../../frames'
import { wilsonInterval, z95 } from '../../numerics'
import { effectiveShare, unitsOfRows, type CountedRows } from '../resampling'
import type { CountedShare } from '../share-gaps'
import { compareGroups } from './group-gaps'
import { areaUnderCurve, deriveRanking } from './ranking'
import { aucInterval } from './ranking-interval'
import { weightedAucInterval } from './weighted-intervals'

export interface FairnessRules {
  /** Groups with fewer rows are listed but not compared. */
  minimumGroupSize: number
  /** Groups with fewer positives (negatives) are left out of the recall (false-positive) gap. */
  minimumClassSize: number
  threshold: number
}

const mostListed = 200

/** Outcomes and scores of all rows; `counted` where rows count by weight or come in clusters. */
interface JudgedGroups {
  labels: Uint8Array
  scores: Float64Array
  counted: CountedRows | null
}

/** Rows as they count; of weighted or clustered ones as many plain rows as say the same. */
interface GroupShares {
  selected: CountedShare
  /** Of the positive rows those selected, of the negative ones, and of the selected rows the positive ones. */
  found: CountedShare
  alarmed: CountedShare
  right: CountedShare
  accurate: CountedShare
  observed: CountedShare
}

interface Described {
  group: FairnessGroup
  shares: GroupShares
  rows: readonly number[]
}

/**
 * How a model treats the groups of a column: selection, error and calibration per group, and the gaps between the compared groups, each row
 * counting by its weight; counts of rows are plain.
 * Disparate impact is the lowest over the highest selection rate (the four-fifths rule of the US Uniform Guidelines, 29 CFR 1607.4 D).
 */
export function deriveFairness(
  column: string,
  { codes, names }: Grouping,
  labels: Uint8Array,
  scores: Float64Array,
  rules: FairnessRules,
  counted: CountedRows | null = null
): Fairness {
  const judged = { labels, scores, counted }
  const rowsOf: number[][] = names.map(() => [])
  codes.forEach((code, row) => rowsOf[code]!.push(row))
  const described = names
    .map((name, code) => describe(name, rowsOf[code]!, judged, rules))
    .sort((a, b) => b.group.count - a.group.count || (a.group.group < b.group.group ? -1 : 1))
  const all = described.map(({ group }) => group)
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
  const withPositives = compared.filter((group) => group.truePositiveRate !== null && group.positives >= rules.minimumClassSize)
  const withNegatives = compared.filter(
    (group) => group.falsePositiveRate !== null && group.count - group.positives >= rules.minimumClassSize
  )
  const equalOpportunityDifference = gap('positive rows', withPositives, (group) => group.truePositiveRate)
  const falsePositiveRateDifference = gap('negative rows', withNegatives, (group) => group.falsePositiveRate)
  const listed = all.slice(0, mostListed)
  for (const each of described.slice(0, mostListed)) each.group.intervals = intervalsOf(each, judged)
  const sharesOf = (groups: readonly FairnessGroup[], key: keyof GroupShares): CountedShare[] =>
    described.filter(({ group }) => groups.includes(group)).map(({ shares }) => shares[key])
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
    comparisons: compareGroups(sharesOf(compared, 'selected'), sharesOf(withPositives, 'found'), sharesOf(withNegatives, 'alarmed')),
    notes
  }
}

/** 95% intervals of the rates that have a value; the mean probability of a group is taken as it is, its outcomes are what varies. */
function intervalsOf({ group, shares, rows }: Described, { labels, scores, counted }: JudgedGroups): FairnessGroup['intervals'] {
  const { truePositiveRate, falsePositiveRate, precision, auc, meanProbability } = group
  const share = (rate: number | null, { part, whole }: CountedShare) => (rate === null ? undefined : wilsonInterval(part, whole))
  const observed = wilsonInterval(shares.observed.part, shares.observed.whole)
  const ranking = auc === null ? null : deriveRanking(Float64Array.from(rows, (row) => scores[row]!))
  const own = Uint8Array.from(rows, (row) => labels[row]!)
  const area = ranking && (counted ? weightedAucInterval(own, ranking, countedOf(rows, counted)) : aucInterval(own, ranking, z95))
  const known = {
    truePositiveRate: share(truePositiveRate, shares.found),
    falsePositiveRate: share(falsePositiveRate, shares.alarmed),
    precision: share(precision, shares.right),
    accuracy: share(group.accuracy, shares.accurate),
    auc: area ? { lower: area.lower, upper: area.upper } : undefined,
    calibrationGap: { lower: meanProbability - observed.upper, upper: meanProbability - observed.lower }
  }
  return Object.fromEntries(Object.entries(known).filter(([, interval]) => interval !== undefined))
}

/** Weights and units of some rows alone. */
const countedOf = (rows: ArrayLike<number>, { weights, units }: CountedRows): CountedRows => ({
  weights: weights && Float64Array.from(rows, (row) => weights[row]!),
  units: unitsOfRows(units, rows)
})

const sumOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0)

function describe(name: string, rows: readonly number[], judged: JudgedGroups, rules: FairnessRules): Described {
  const { labels, scores, counted } = judged
  const own = Uint8Array.from(rows, (row) => labels[row]!)
  const ownScores = Float64Array.from(rows, (row) => scores[row]!)
  const selects = Uint8Array.from(ownScores, (score) => (score >= rules.threshold ? 1 : 0))
  const within = counted && countedOf(rows, counted)
  const weights = within?.weights ?? new Float64Array(rows.length).fill(1)
  const where = (is: (label: number, selected: number) => boolean): Float64Array =>
    weights.map((weight, at) => (is(own[at]!, selects[at]!) ? weight : 0))
  const all = {
    every: weights,
    selected: where((_, selected) => selected === 1),
    positives: where((label) => label === 1),
    negatives: where((label) => label === 0),
    hits: where((label, selected) => label === 1 && selected === 1),
    alarms: where((label, selected) => label === 0 && selected === 1),
    accurate: where((label, selected) => label === selected)
  }
  const share = (part: Float64Array, whole: Float64Array): CountedShare =>
    within ? effectiveShare(part, whole, within.units) : { part: sumOf(part), whole: sumOf(whole) }
  const rate = (part: Float64Array, whole: Float64Array): number | null => {
    const total = sumOf(whole)
    return total > 0 ? Math.min(1, sumOf(part) / total) : null
  }
  const shares: GroupShares = {
    selected: share(all.selected, all.every),
    found: share(all.hits, all.positives),
    alarmed: share(all.alarms, all.negatives),
    right: share(all.hits, all.selected),
    accurate: share(all.accurate, all.every),
    observed: share(all.positives, all.every)
  }
  const count = rows.length
  const total = sumOf(weights)
  const meanProbability = total > 0 ? sumOf(ownScores.map((score, at) => score * weights[at]!)) / total : 0
  const observedRate = rate(all.positives, weights) ?? 0
  const wilson = wilsonInterval(shares.selected.part, shares.selected.whole)
  const enough = count >= rules.minimumGroupSize
  const compared = enough && total > 0
  const positives = own.reduce((sum, label) => sum + label, 0)
  const group: FairnessGroup = {
    group: name,
    count,
    positives,
    selected: selects.reduce((sum, each) => sum + each, 0),
    selectionRate: rate(all.selected, weights) ?? 0,
    selectionLower: wilson.lower,
    selectionUpper: wilson.upper,
    truePositiveRate: rate(all.hits, all.positives),
    falsePositiveRate: rate(all.alarms, all.negatives),
    precision: rate(all.hits, all.selected),
    accuracy: rate(all.accurate, weights) ?? 0,
    auc: areaUnderCurve(own, ownScores, within?.weights ?? null),
    meanProbability: Math.min(1, meanProbability),
    observedRate,
    calibrationGap: meanProbability - observedRate,
    selectionRatio: null,
    compared,
    excludedBecause: compared ? null : enough ? 'the rows have no weight' : `only ${count} of the needed ${rules.minimumGroupSize} rows`
  }
  return { group, shares, rows }
}
