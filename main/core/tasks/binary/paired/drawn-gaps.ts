import type { Bounds } from '../ranking-interval'
import { compareGroups, type CountedGroup } from '../group-gaps'
import type { PreparedRun } from './prepared-run'
import type { ScoredRun } from './scored-run'

/** Metrics of groups that are compared row by row. */
export const gapKeys: readonly string[] = [
  'disparate_impact',
  'demographic_parity_difference',
  'equal_opportunity_difference',
  'equalised_odds_difference'
]

/** The groups of a run's rows, ready to be counted again in every resample. */
export interface PreparedGroups {
  /** By place in the ranking: group times two, plus one for an event. */
  cells: Uint16Array
  /** By row of the table. */
  cellsOfRows: Uint16Array
  count: number
  /** Groups that are compared by selection, by recall and by false alarms. */
  compared: number[]
  withEvents: number[]
  withOthers: number[]
}

/** More groups than this are not counted again row by row. */
const mostGroups = 1000

/** Groups of the rows as `deriveFairness` compares them; null where the rows do not say their group. */
export function prepareGroups({ scores: { labels, groups }, groups: rules }: ScoredRun, { ranking }: PreparedRun): PreparedGroups | null {
  if (!groups || !rules) return null
  const count = groups.reduce((most, group) => Math.max(most, group + 1), 0)
  if (count > mostGroups) return null
  const cellsOfRows = Uint16Array.from(groups, (group, row) => group * 2 + labels[row]!)
  const totals = new Uint32Array(2 * count)
  for (const cell of cellsOfRows) totals[cell]!++
  const compared = Array.from({ length: count }, (_, group) => group).filter(
    (group) => totals[2 * group]! + totals[2 * group + 1]! >= rules.minimumGroupSize
  )
  const enough = (rows: number): boolean => rows > 0 && rows >= rules.minimumClassSize
  return {
    cells: Uint16Array.from(ranking.order, (row) => cellsOfRows[row]!),
    cellsOfRows,
    count,
    compared,
    withEvents: compared.filter((group) => enough(totals[2 * group + 1]!)),
    withOthers: compared.filter((group) => enough(totals[2 * group]!))
  }
}

/** Weighted rows of each cell. */
function countCells({ cellsOfRows, count }: PreparedGroups, weights: Uint8Array): Float64Array {
  const totals = new Float64Array(2 * count)
  for (let row = 0; row < cellsOfRows.length; row++) totals[cellsOfRows[row]!]! += weights[row]!
  return totals
}

/** Weighted selected rows of each cell. */
function countSelected({ cells, count }: PreparedGroups, { ranking, selected }: PreparedRun, weights: Uint8Array): Float64Array {
  const found = new Float64Array(2 * count)
  for (let at = 0; at < selected; at++) found[cells[at]!]! += weights[ranking.order[at]!]!
  return found
}

/** Gaps and ratio between the groups by metric key; NaN where a compared group has no row in this resample. */
export function drawGaps(groups: PreparedGroups, run: PreparedRun, weights: Uint8Array): Record<string, number> {
  const [totals, selected] = [countCells(groups, weights), countSelected(groups, run, weights)]
  const both = (counts: Float64Array, group: number): number => counts[2 * group]! + counts[2 * group + 1]!
  const rates = spanOf(groups.compared, (group) => both(selected, group) / both(totals, group))
  const recall = spanOf(groups.withEvents, (group) => selected[2 * group + 1]! / totals[2 * group + 1]!)
  const alarms = spanOf(groups.withOthers, (group) => selected[2 * group]! / totals[2 * group]!)
  return {
    disparate_impact: rates.lowest / rates.highest,
    demographic_parity_difference: rates.highest - rates.lowest,
    equal_opportunity_difference: recall.highest - recall.lowest,
    equalised_odds_difference: Math.max(recall.highest - recall.lowest, alarms.highest - alarms.lowest)
  }
}

/**
 * The bounds of each gap that its evaluation has too, which hold at once. Resampling gives none: chance draws groups apart that are alike, and
 * draws them further apart in every resample.
 */
export function boundGaps(groups: PreparedGroups, run: PreparedRun): Record<string, Bounds> {
  const once = new Uint8Array(run.labels.length).fill(1)
  const [totals, selected] = [countCells(groups, once), countSelected(groups, run, once)]
  const counted = (group: number): CountedGroup => {
    const [others, events] = [totals[2 * group]!, totals[2 * group + 1]!]
    const [alarms, hits] = [selected[2 * group]!, selected[2 * group + 1]!]
    return {
      count: others + events,
      positives: events,
      selected: alarms + hits,
      truePositiveRate: hits / events,
      falsePositiveRate: alarms / others
    }
  }
  const { selectionRatio, selection, truePositive, odds } = compareGroups(
    groups.compared.map(counted),
    groups.withEvents.map(counted),
    groups.withOthers.map(counted)
  )
  const found = {
    disparate_impact: selectionRatio,
    demographic_parity_difference: selection,
    equal_opportunity_difference: truePositive,
    equalised_odds_difference: odds
  }
  return Object.fromEntries(
    Object.entries(found).flatMap(([key, { lower, upper }]) => (lower === null || upper === null ? [] : [[key, { lower, upper }]]))
  )
}

function spanOf(groups: readonly number[], rateOf: (group: number) => number): { lowest: number; highest: number } {
  if (groups.length < 2) return { lowest: NaN, highest: NaN }
  const rates = groups.map(rateOf)
  return { lowest: Math.min(...rates), highest: Math.max(...rates) }
}
