import { countGroups, fewestClusters, mostGroups, type Bounds } from '../../paired'
import { effectiveShare, unitsOfRows, type CountedRows, type Units } from '../../resampling'
import type { CountedShare } from '../../share-gaps'
import { compareGroups } from '../group-gaps'
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

/** Groups of the rows as `deriveFairness` compares them; null where the rows do not say their group. */
export function prepareGroups({ scores: { labels, groups }, groups: rules }: ScoredRun, { ranking }: PreparedRun): PreparedGroups | null {
  if (!groups || !rules) return null
  const count = countGroups(groups)
  if (count > mostGroups) return null
  const cellsOfRows = Uint16Array.from(groups, (group, row) => group * 2 + labels[row]!)
  const totals = new Uint32Array(2 * count)
  for (const cell of cellsOfRows) totals[cell]!++
  const compared = Array.from({ length: count }, (_, group) => group).filter(
    (group) => totals[2 * group]! + totals[2 * group + 1]! >= rules.minimumGroupSize
  )
  const enough = (rows: number): boolean => rows > 0 && rows >= (rules.minimumClassSize ?? 0)
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
function countCells({ cellsOfRows, count }: PreparedGroups, weights: Uint8Array | Float64Array): Float64Array {
  const totals = new Float64Array(2 * count)
  for (let row = 0; row < cellsOfRows.length; row++) totals[cellsOfRows[row]!]! += weights[row]!
  return totals
}

/** Weighted selected rows of each cell. */
function countSelected(
  { cells, count }: PreparedGroups,
  { ranking, selected }: PreparedRun,
  weights: Uint8Array | Float64Array
): Float64Array {
  const found = new Float64Array(2 * count)
  for (let at = 0; at < selected; at++) found[cells[at]!]! += weights[ranking.order[at]!]!
  return found
}

/** Gaps and ratio between the groups by metric key; NaN where a compared group has no row in this resample. */
export function drawGaps(groups: PreparedGroups, run: PreparedRun, weights: Uint8Array | Float64Array): Record<string, number> {
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
  const { selectionRatio, selection, truePositive, odds } = compareGroups(
    ...(run.counted ? countedShares(groups, run, run.counted) : plainShares(groups, run))
  )
  const fewest = run.counted && clustersOfGaps(groups, run.counted.units)
  const found = {
    disparate_impact: selectionRatio,
    demographic_parity_difference: selection,
    equal_opportunity_difference: truePositive,
    equalised_odds_difference: odds
  }
  return Object.fromEntries(
    Object.entries(found).flatMap(([key, { lower, upper }]) =>
      lower === null || upper === null ? [] : [[key, { lower, upper, ...fewest?.(key) }]]
    )
  )
}

/** The fewest clusters behind the shares of a gap: those of a compared group, or of its rows of one outcome where only these count. */
function clustersOfGaps({ cellsOfRows: cells, compared, withEvents, withOthers }: PreparedGroups, units: Units) {
  const fewest = (partOf: (cell: number) => number): number => fewestClusters(units, cells.length, (row) => partOf(cells[row]!)) ?? Infinity
  const [all, events, others] = [compared, withEvents, withOthers].map((groups) => new Set(groups)) as [
    Set<number>,
    Set<number>,
    Set<number>
  ]
  const ofGroups = fewest((cell) => (all.has(cell >> 1) ? cell >> 1 : -1))
  const ofEvents = fewest((cell) => (cell & 1 && events.has(cell >> 1) ? cell : -1))
  const ofOthers = fewest((cell) => (!(cell & 1) && others.has(cell >> 1) ? cell : -1))
  return (key: string): { clusters?: number } => {
    const found = { equal_opportunity_difference: ofEvents, equalised_odds_difference: Math.min(ofEvents, ofOthers) }[key] ?? ofGroups
    return Number.isFinite(found) ? { clusters: found } : {}
  }
}

type Shares = [selected: CountedShare[], found: CountedShare[], alarmed: CountedShare[]]

function plainShares(groups: PreparedGroups, run: PreparedRun): Shares {
  const once = new Uint8Array(run.labels.length).fill(1)
  const [totals, selected] = [countCells(groups, once), countSelected(groups, run, once)]
  const share = (group: number, kinds: readonly number[]): CountedShare => {
    const sum = (counts: Float64Array): number => kinds.reduce((all, kind) => all + counts[2 * group + kind]!, 0)
    return { part: sum(selected), whole: sum(totals) }
  }
  return [
    groups.compared.map((group) => share(group, [0, 1])),
    groups.withEvents.map((group) => share(group, [1])),
    groups.withOthers.map((group) => share(group, [0]))
  ]
}

/** The same of rows that count by weight or come in clusters, as many plain rows as say the same. */
function countedShares(groups: PreparedGroups, { ranking, selected }: PreparedRun, { weights, units }: CountedRows): Shares {
  const rowsOf: number[][] = Array.from({ length: groups.count }, () => [])
  groups.cellsOfRows.forEach((cell, row) => rowsOf[cell >> 1]!.push(row))
  const isSelected = new Uint8Array(groups.cellsOfRows.length)
  for (let at = 0; at < selected; at++) isSelected[ranking.order[at]!] = 1
  const share = (group: number, outcome: 0 | 1 | null): CountedShare => {
    const rows = rowsOf[group]!.filter((row) => outcome === null || (groups.cellsOfRows[row]! & 1) === outcome)
    const whole = Float64Array.from(rows, (row) => (weights ? weights[row]! : 1))
    return effectiveShare(
      whole.map((weight, at) => weight * isSelected[rows[at]!]!),
      whole,
      unitsOfRows(units, rows)
    )
  }
  return [
    groups.compared.map((group) => share(group, null)),
    groups.withEvents.map((group) => share(group, 1)),
    groups.withOthers.map((group) => share(group, 0))
  ]
}

function spanOf(groups: readonly number[], rateOf: (group: number) => number): { lowest: number; highest: number } {
  if (groups.length < 2) return { lowest: NaN, highest: NaN }
  const rates = groups.map(rateOf)
  return { lowest: Math.min(...rates), highest: Math.max(...rates) }
}
