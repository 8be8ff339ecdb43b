import { deriveFairness } from '../fairness'
import { lossesOf } from '../losses'
import { countGroups, fewestClusters, groupingOf, mostGroups, type Bounds } from '../../paired'
import type { Units } from '../../resampling'
import { weightsOrOnes } from '../weighted'
import type { ScoredRun } from './scored-run'

/** Metrics of groups that are compared row by row. The distance of predictions has no interval, so it is not. */
export const gapKeys: readonly string[] = ['worst_group_loss', 'rmse_difference', 'mae_difference', 'mean_error_difference']

/** The gaps between the compared groups of a run, ready to be counted again in every resample. */
export interface PreparedGaps {
  figures: Record<string, number>
  /** The bounds that the evaluation has too, which hold at once; a gap without them is left out. */
  bounds: Record<string, Bounds>
  /** The gaps with each unit counted `times`; NaN where a compared group has no row. */
  figuresOf(times: Uint32Array): Record<string, number>
}

/**
 * The groups of a run's rows as its evaluation compares them; null where fewer than two are, or the rows do not say their group. Resampling
 * bounds no gap: chance draws groups apart that are alike, and draws them further apart in every resample.
 */
export function prepareGaps({ scores: found, aim, groups: rules }: ScoredRun, units: Units): PreparedGaps | null {
  const { labels, scores, groups, weights = null } = found
  if (!groups || !rules || countGroups(groups) > mostGroups) return null
  const fairness = deriveFairness(rules.column, groupingOf(groups), { aim, labels, scores, weights, units }, rules.minimumGroupSize)
  const { worstGroupLoss, rmseDifference, maeDifference, meanErrorDifference, comparisons } = fairness
  if (rmseDifference === null || maeDifference === null || meanErrorDifference === null) return null
  const places = comparedPlaces(groups, weights, rules.minimumGroupSize)
  const clusters = fewestClusters(units, groups.length, (row) => places[groups[row]!]!)
  const bounds = {
    worst_group_loss: comparisons.worstLoss,
    rmse_difference: comparisons.rmse,
    mae_difference: comparisons.mae,
    mean_error_difference: comparisons.meanError
  }
  return {
    figures: {
      worst_group_loss: worstGroupLoss ?? NaN,
      rmse_difference: rmseDifference,
      mae_difference: maeDifference,
      mean_error_difference: meanErrorDifference
    },
    bounds: Object.fromEntries(
      Object.entries(bounds).flatMap(([key, { lower, upper }]) =>
        lower === null || upper === null ? [] : [[key, { lower, upper, ...(clusters && { clusters }) }]]
      )
    ),
    figuresOf: drawnGaps(sumCells(found, aim, places, units))
  }
}

/** The place of each compared group among them, -1 of the others. */
function comparedPlaces(groups: Uint32Array, weights: Float64Array | null, minimumGroupSize: number): Int32Array {
  const counts = new Float64Array(countGroups(groups))
  const hasWeight = new Uint8Array(counts.length)
  groups.forEach((group, row) => {
    counts[group]!++
    if (!weights || weights[row]! > 0) hasWeight[group] = 1
  })
  let place = 0
  return Int32Array.from(counts, (count, group) => (count >= minimumGroupSize && hasWeight[group] ? place++ : -1))
}

/** Sums of the rows of a group in a unit: a resample takes as long as there are such cells. */
interface Cells {
  groups: number
  group: Uint32Array
  unit: Uint32Array
  weight: Float64Array
  squared: Float64Array
  absolute: Float64Array
  error: Float64Array
  loss: Float64Array
}

function sumCells(
  { labels, scores, groups, weights }: ScoredRun['scores'],
  aim: ScoredRun['aim'],
  places: Int32Array,
  units: Units
): Cells {
  const cellOf = new Map<number, number>()
  const rows = Uint32Array.from(labels.keys()).filter((row) => places[groups![row]!]! >= 0)
  const cells = Uint32Array.from(rows, (row) => {
    const key = places[groups![row]!]! * units.count + (units.of ? units.of[row]! : row)
    const known = cellOf.get(key) ?? cellOf.size
    cellOf.set(key, known)
    return known
  })
  const each = weightsOrOnes(weights ?? null, labels.length)
  const losses = lossesOf(aim, labels, scores)
  const summed = (valueOf: (row: number) => number): Float64Array => {
    const sums = new Float64Array(cellOf.size)
    rows.forEach((row, at) => (sums[cells[at]!]! += each[row]! * valueOf(row)))
    return sums
  }
  const errorOf = (row: number): number => scores[row]! - labels[row]!
  return {
    groups: places.reduce((most, place) => Math.max(most, place + 1), 0),
    group: Uint32Array.from(cellOf.keys(), (key) => Math.floor(key / units.count)),
    unit: Uint32Array.from(cellOf.keys(), (key) => key % units.count),
    weight: summed(() => 1),
    squared: summed((row) => errorOf(row) ** 2),
    absolute: summed((row) => Math.abs(errorOf(row))),
    error: summed(errorOf),
    loss: summed((row) => losses[row]!)
  }
}

function drawnGaps({ groups, group, unit, ...cells }: Cells): PreparedGaps['figuresOf'] {
  const sums = Object.fromEntries(Object.keys(cells).map((key) => [key, new Float64Array(groups)])) as Record<
    keyof typeof cells,
    Float64Array
  >
  const spanOf = (values: Float64Array): number => Math.max(...values) - Math.min(...values)
  return (times) => {
    for (const key of Object.keys(sums) as (keyof typeof cells)[]) {
      const [own, of] = [sums[key].fill(0), cells[key]]
      for (let cell = 0; cell < of.length; cell++) own[group[cell]!]! += times[unit[cell]!]! * of[cell]!
    }
    const mean = (key: keyof typeof cells): Float64Array => sums[key].map((sum, place) => sum / sums.weight[place]!)
    return {
      worst_group_loss: Math.max(...mean('loss')),
      rmse_difference: spanOf(mean('squared').map(Math.sqrt)),
      mae_difference: spanOf(mean('absolute')),
      mean_error_difference: spanOf(mean('error'))
    }
  }
}
