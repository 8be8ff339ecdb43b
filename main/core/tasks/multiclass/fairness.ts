import type { ClassCosts } from '../../../model/class-decision'
import { countOf } from '../../../model/count-of'
import type { GroupGap, TargetValue } from '../../../model/tasks'
import type { ClassFairness, ClassGaps, ClassGroup } from '../../../model/tasks/multiclass'
import type { Grouping } from '../../frames'
import { wilsonInterval } from '../../numerics'
import type { Outcomes } from '../outcomes'
import { gapLevel, gapOfShares, gapTolerance, isWithinGap, type CountedShare } from '../share-gaps'
import { clusteredShares, type GroupShares } from './clustered-shares'
import { prepareRows } from './figures'

export interface ClassFairnessRules {
  /** Groups with fewer rows are listed but not compared. */
  minimumGroupSize: number
  /** Groups with fewer rows of a class (of the others) are left out of the recall (false-positive) gap of the class. */
  minimumClassSize: number
  /** What each decision costs; the likeliest class is decided for without. */
  costs?: ClassCosts | null
}

/** Values of groups and classes that are listed at most: the largest groups first. */
const mostListed = 10_000
const mostGroups = 200

/** Sums over the rows of one group; lists are by class. */
export interface GroupSums {
  name: string
  rows: number
  classRows: Uint32Array
  /** Sums of weights, and of their squares. */
  weight: number
  squares: number
  right: number
  of: Float64Array
  ofSquares: Float64Array
  decided: Float64Array
  hits: Float64Array
  /** Where rows come in clusters: what the shares of the group say by that. */
  shares?: GroupShares
}

/**
 * How a model treats the groups of a column: accuracy of each, and for each class how often it is decided for, found, and decided for wrongly; and
 * the gaps between the compared groups, named as in fairlearn with each class against the rest. Rows count by their weight;
 * those of one of the `clusters` do not stand for themselves.
 */
export function deriveClassFairness(
  column: string,
  grouping: Grouping,
  outcomes: Outcomes & { classes: readonly TargetValue[] },
  scores: Float64Array,
  rules: ClassFairnessRules,
  clusters: Uint32Array | null = null
): ClassFairness {
  const { decided } = prepareRows(outcomes, scores, rules.costs)
  const all = sumGroups(grouping, outcomes, decided, outcomes.classes.length)
  if (clusters) {
    const shares = clusteredShares(grouping, outcomes, decided, outcomes.classes.length, clusters)
    all.forEach((group, code) => (group.shares = shares[code]))
  }
  all.sort((a, b) => b.rows - a.rows || (a.name < b.name ? -1 : 1))
  const compared = all.filter(({ rows }) => rows >= rules.minimumGroupSize)
  const notes =
    compared.length < 2 ? [`Fewer than two groups have at least ${rules.minimumGroupSize} rows, so nothing can be compared.`] : []
  const { accuracy, classes } = compareClasses(compared, outcomes.classes, rules)
  if (compared.length >= 2) notes.push(...leftOut(compared, outcomes.classes, rules))
  const listed = all.slice(0, Math.max(1, Math.min(mostGroups, Math.floor(mostListed / outcomes.classes.length))))
  const [selection, truePositive, falsePositive] = (['selection', 'truePositive', 'falsePositive'] as const).map((key) =>
    worstOf(classes.map(({ comparisons }) => comparisons[key]))
  ) as [GroupGap, GroupGap, GroupGap]
  const verdicts = [accuracy.gap, selection, truePositive, falsePositive].map(({ verdict }) => verdict)
  const equalOpportunityDifference = largest(classes.map((each) => each.truePositive))
  const falsePositiveDifference = largest(classes.map((each) => each.falsePositive))
  return {
    column,
    minimumGroupSize: rules.minimumGroupSize,
    minimumClassSize: rules.minimumClassSize,
    groups: listed.map((group) => describeGroup(group, rules)),
    unlistedGroups: all.length - listed.length,
    classes,
    accuracyDifference: accuracy.value,
    demographicParityDifference: largest(classes.map((each) => each.selection)),
    equalOpportunityDifference,
    equalisedOddsDifference:
      equalOpportunityDifference === null || falsePositiveDifference === null
        ? null
        : Math.max(equalOpportunityDifference, falsePositiveDifference),
    comparisons: {
      level: gapLevel,
      tolerance: { gap: gapTolerance.gap },
      ...{ accuracy: accuracy.gap, selection, truePositive, falsePositive },
      verdict: verdicts.includes('differ') ? 'differ' : verdicts.every((verdict) => verdict === 'alike') ? 'alike' : 'cannot-tell'
    },
    notes
  }
}

/** The sums of each group. */
export function sumGroups({ codes, names }: Grouping, { labels, weights }: Outcomes, decided: Uint16Array, classes: number): GroupSums[] {
  const found = names.map((name): GroupSums => {
    const list = () => new Float64Array(classes)
    const counts = { rows: 0, weight: 0, squares: 0, right: 0 }
    return { name, ...counts, classRows: new Uint32Array(classes), of: list(), ofSquares: list(), decided: list(), hits: list() }
  })
  for (let row = 0; row < labels.length; row++) {
    const [group, label, decision, weight] = [found[codes[row]!]!, labels[row]!, decided[row]!, weights ? weights[row]! : 1]
    group.rows++
    group.classRows[label]!++
    group.weight += weight
    group.squares += weight * weight
    group.of[label]! += weight
    group.ofSquares[label]! += weight * weight
    group.decided[decision]! += weight
    if (label !== decision) continue
    group.right += weight
    group.hits[label]! += weight
  }
  return found
}

/** A share of weighted rows as counts: those of as many rows without weights as say the same (Kish 1965). */
function counted(part: number, whole: number, squares: number): CountedShare {
  const effective = squares > 0 ? (whole * whole) / squares : 0
  return { part: whole > 0 ? (part / whole) * effective : 0, whole: effective }
}

const accuracyOf = ({ shares, right, weight, squares }: GroupSums): CountedShare => shares?.accuracy ?? counted(right, weight, squares)

/** Bounds of all gaps, which hold at once: accuracy, and of each class selection, recall and false alarms. */
export function compareClasses(compared: readonly GroupSums[], classes: readonly TargetValue[], { minimumClassSize }: ClassFairnessRules) {
  const questions = 1 + 3 * classes.length
  const gapIn = (groups: readonly GroupSums[], shareOf: (group: GroupSums) => CountedShare): { value: number | null; gap: GroupGap } => {
    const shares = groups.map(shareOf).filter(({ whole }) => whole > 0)
    const rates = shares.map(({ part, whole }) => part / whole)
    return {
      value:
        rates.length < 2 ? null : rates.reduce((most, rate) => Math.max(most, rate)) - rates.reduce((least, rate) => Math.min(least, rate)),
      gap: gapOfShares(shares, questions, isWithinGap)
    }
  }
  const enough = (rows: number): boolean => rows > 0 && rows >= minimumClassSize
  const accuracy = gapIn(compared, accuracyOf)
  const found = classes.map((value, place): ClassGaps => {
    const selection = gapIn(
      compared,
      (group) => group.shares?.selection[place] ?? counted(group.decided[place]!, group.weight, group.squares)
    )
    const truePositive = gapIn(
      compared.filter((group) => enough(group.classRows[place]!)),
      (group) => group.shares?.truePositive[place] ?? counted(group.hits[place]!, group.of[place]!, group.ofSquares[place]!)
    )
    const falsePositive = gapIn(
      compared.filter((group) => enough(group.rows - group.classRows[place]!)),
      (group) =>
        group.shares?.falsePositive[place] ??
        counted(group.decided[place]! - group.hits[place]!, group.weight - group.of[place]!, group.squares - group.ofSquares[place]!)
    )
    return {
      class: value,
      selection: selection.value,
      truePositive: truePositive.value,
      falsePositive: falsePositive.value,
      comparisons: { selection: selection.gap, truePositive: truePositive.gap, falsePositive: falsePositive.gap }
    }
  })
  return { accuracy, classes: found }
}

/** The largest that has a value; null without any. */
export const largest = (values: readonly (number | null)[]): number | null =>
  values.reduce((most, value) => (value === null ? most : Math.max(most ?? value, value)), null)

/** Bounds of the largest of several gaps that all hold at once; it is alike only where every one is. */
export function worstOf(gaps: readonly GroupGap[]): GroupGap {
  const known = gaps.filter(({ lower }) => lower !== null)
  const least = known.reduce<number | null>((smallest, { p }) => (p === null ? smallest : Math.min(smallest ?? p, p)), null)
  const verdicts = gaps.map(({ verdict }) => verdict)
  return {
    lower: largest(known.map(({ lower }) => lower)),
    upper: largest(known.map(({ upper }) => upper)),
    p: least,
    groups: gaps.reduce((most, { groups }) => Math.max(most, groups), 0),
    verdict: verdicts.includes('differ') ? 'differ' : verdicts.every((verdict) => verdict === 'alike') ? 'alike' : 'cannot-tell'
  }
}

/** Says in how many classes groups had too few rows to take part in a gap. */
function leftOut(compared: readonly GroupSums[], classes: readonly TargetValue[], { minimumClassSize }: ClassFairnessRules): string[] {
  const lacking = classes.filter((_, place) => compared.some(({ classRows }) => classRows[place]! < Math.max(1, minimumClassSize)))
  if (lacking.length === 0) return []
  return [
    `In ${countOf(lacking.length, 'class', 'classes')} some compared groups have fewer than ${minimumClassSize} rows and are left out of the recall gap: ${lacking
      .slice(0, 10)
      .map((value) => JSON.stringify(value))
      .join(', ')}${lacking.length > 10 ? ' and more' : ''}.`
  ]
}

function describeGroup(group: GroupSums, { minimumGroupSize }: ClassFairnessRules): ClassGroup {
  const { name, rows, weight, right, of, decided, hits, classRows } = group
  const { part, whole } = accuracyOf(group)
  const wilson = wilsonInterval(part, whole)
  const over = (own: number, all: number): number | null => (all > 0 ? Math.min(1, Math.max(0, own / all)) : null)
  const compared = rows >= minimumGroupSize
  const places = Array.from(of.keys())
  return {
    group: name,
    count: rows,
    accuracy: over(right, weight) ?? 0,
    accuracyLower: wilson.lower,
    accuracyUpper: wilson.upper,
    classCounts: Array.from(classRows),
    selectionRate: places.map((place) => over(decided[place]!, weight) ?? 0),
    truePositiveRate: places.map((place) => over(hits[place]!, of[place]!)),
    falsePositiveRate: places.map((place) => over(decided[place]! - hits[place]!, weight - of[place]!)),
    compared,
    excludedBecause: compared ? null : `only ${rows} of the needed ${minimumGroupSize} rows`
  }
}
