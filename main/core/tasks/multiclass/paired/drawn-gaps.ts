import { deriveClassFairness, largest } from '../fairness'
import type { ClassRows } from '../figures'
import { countGroups, fewestClusters, groupingOf, mostGroups, type Bounds, type GroupRules } from '../../paired'
import { unitsOf } from '../../resampling'

/** Metrics of groups that are compared row by row. */
export const gapKeys: readonly string[] = [
  'accuracy_difference',
  'demographic_parity_difference',
  'equal_opportunity_difference',
  'equalised_odds_difference'
]

/** The gaps between the compared groups of a run, ready to be counted again in every resample. */
export interface PreparedGaps {
  figures: Record<string, number>
  /** The bounds that the evaluation has too, which hold at once; a gap without them is left out. */
  bounds: Record<string, Bounds>
  /** The gaps with each row counted `times`; NaN where no two groups have rows to compare. */
  figuresOf(times: Uint32Array): Record<string, number>
}

/** More sums of groups and classes than this are not counted again row by row. */
const mostSums = 100_000
/** More pairs of groups, in each class, than this have bounds that take too long to find while somebody waits. */
const mostPairs = 1_000_000

/**
 * The groups of a run's rows as its evaluation compares them; null where the rows do not say their group. Resampling bounds no gap: chance draws
 * groups apart that are alike, and draws them further apart in every resample.
 */
export function prepareGaps(
  prepared: ClassRows,
  groups: Uint32Array | undefined,
  rules: GroupRules | undefined,
  clusters: Uint32Array | null
): PreparedGaps | null {
  if (!groups || !rules) return null
  const count = countGroups(groups)
  if (count > mostGroups || count * prepared.classes > mostSums || count * count * prepared.classes > mostPairs) return null
  const { column, minimumGroupSize, minimumClassSize = 0 } = rules
  const { labels, weights, scores, classes, costs } = prepared
  const outcomes = { labels, weights, classes: Array.from({ length: classes }, (_, place) => place) }
  const own = { minimumGroupSize, minimumClassSize }
  const { comparisons, ...fairness } = deriveClassFairness(column, groupingOf(groups), outcomes, scores, { ...own, costs }, clusters)
  const { accuracy, selection, truePositive, falsePositive } = comparisons
  const odds = { lower: largest([truePositive.lower, falsePositive.lower]), upper: largest([truePositive.upper, falsePositive.upper]) }
  const hasOdds = truePositive.lower !== null && falsePositive.lower !== null
  const found = {
    accuracy_difference: accuracy,
    demographic_parity_difference: selection,
    equal_opportunity_difference: truePositive,
    ...(hasOdds && { equalised_odds_difference: odds })
  }
  const parts = comparedParts(prepared, groups, own)
  const fewest = clusters && clustersOfGaps(prepared, groups, parts, clusters)
  return {
    figures: {
      accuracy_difference: fairness.accuracyDifference ?? NaN,
      demographic_parity_difference: fairness.demographicParityDifference ?? NaN,
      equal_opportunity_difference: fairness.equalOpportunityDifference ?? NaN,
      equalised_odds_difference: fairness.equalisedOddsDifference ?? NaN
    },
    bounds: Object.fromEntries(
      Object.entries(found).flatMap(([key, { lower, upper }]) =>
        lower === null || upper === null ? [] : [[key, { lower, upper, ...fewest?.(key) }]]
      )
    ),
    figuresOf: drawnGaps(prepared, groups, parts)
  }
}

interface Rules {
  minimumGroupSize: number
  minimumClassSize: number
}

/** The groups that are compared: by all rows, and by class those with enough rows of it, or of the others. */
interface Parts {
  count: number
  compared: number[]
  withClass: number[][]
  withOthers: number[][]
}

function comparedParts({ labels, classes }: ClassRows, groups: Uint32Array, rules: Rules): Parts {
  const count = countGroups(groups)
  const rows = new Uint32Array(count)
  const classRows = new Uint32Array(count * classes)
  groups.forEach((group, row) => {
    rows[group]!++
    classRows[group * classes + labels[row]!]!++
  })
  const compared = [...rows.keys()].filter((group) => rows[group]! > 0 && rows[group]! >= rules.minimumGroupSize)
  const enough = (of: number): boolean => of > 0 && of >= rules.minimumClassSize
  const withClass = Array.from({ length: classes }, (_, place) => compared.filter((group) => enough(classRows[group * classes + place]!)))
  const withOthers = Array.from({ length: classes }, (_, place) =>
    compared.filter((group) => enough(rows[group]! - classRows[group * classes + place]!))
  )
  return { count, compared, withClass, withOthers }
}

/** The fewest clusters behind the shares of a gap: those of a compared group, or of its rows of one class where only these count. */
function clustersOfGaps({ labels, classes }: ClassRows, groups: Uint32Array, { compared, withClass }: Parts, clusters: Uint32Array) {
  const rows = labels.length
  const units = unitsOf(rows, clusters, Infinity)
  const [isCompared, hasClass] = [new Set(compared), withClass.map((all) => new Set(all))]
  const ofGroups = fewestClusters(units, rows, (row) => (isCompared.has(groups[row]!) ? groups[row]! : -1))
  const ofClasses = fewestClusters(units, rows, (row) => {
    const [group, label] = [groups[row]!, labels[row]!]
    return hasClass[label]!.has(group) ? group * classes + label : -1
  })
  return (key: string): { clusters?: number } => {
    const found = key === 'equal_opportunity_difference' || key === 'equalised_odds_difference' ? ofClasses : ofGroups
    return found === undefined ? {} : { clusters: found }
  }
}

function drawnGaps(
  { labels, decided, weights, classes }: ClassRows,
  groups: Uint32Array,
  { count, compared, withClass, withOthers }: Parts
): PreparedGaps['figuresOf'] {
  const [weight, right] = [new Float64Array(count), new Float64Array(count)]
  const [of, selected, hits] = [1, 2, 3].map(() => new Float64Array(count * classes)) as [Float64Array, Float64Array, Float64Array]
  return (times) => {
    for (const sums of [weight, right, of, selected, hits]) sums.fill(0)
    for (let row = 0; row < labels.length; row++) {
      const often = times[row]! * (weights ? weights[row]! : 1)
      if (often === 0) continue
      const [group, label, decision] = [groups[row]!, labels[row]!, decided[row]!]
      weight[group]! += often
      of[group * classes + label]! += often
      selected[group * classes + decision]! += often
      if (label !== decision) continue
      right[group]! += often
      hits[group * classes + label]! += often
    }
    const all = Array.from({ length: classes }, (_, place) => place)
    const worst = (span: (place: number) => number | null): number | null => largest(all.map(span))
    const at = (group: number, place: number): number => group * classes + place
    const recall = worst((place) => spanOf(withClass[place]!, (group) => [hits[at(group, place)]!, of[at(group, place)]!]))
    const alarms = worst((place) =>
      spanOf(withOthers[place]!, (group) => [selected[at(group, place)]! - hits[at(group, place)]!, weight[group]! - of[at(group, place)]!])
    )
    return {
      accuracy_difference: spanOf(compared, (group) => [right[group]!, weight[group]!]) ?? NaN,
      demographic_parity_difference: worst((place) => spanOf(compared, (group) => [selected[at(group, place)]!, weight[group]!])) ?? NaN,
      equal_opportunity_difference: recall ?? NaN,
      equalised_odds_difference: recall === null || alarms === null ? NaN : Math.max(recall, alarms)
    }
  }
}

/** The largest difference of shares of groups that have rows; null with fewer than two. */
function spanOf(groups: readonly number[], shareOf: (group: number) => readonly [number, number]): number | null {
  let [least, most, count] = [Infinity, -Infinity, 0]
  for (const group of groups) {
    const [part, whole] = shareOf(group)
    if (!(whole > 0)) continue
    least = Math.min(least, part / whole)
    most = Math.max(most, part / whole)
    count++
  }
  return count < 2 ? null : most - least
}
