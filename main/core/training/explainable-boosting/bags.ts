import { Random } from '../../numerics'
import { columnOf, type Frame } from '../../frames'
import type { HoldBack } from '../../../model/training'
import type { Labels } from '../objective'
import type { WeightedRows } from './loss'

/** Rows of a bag, each once and ascending; the weights hold how often a row was drawn. */
export interface Bag extends WeightedRows {
  rows: Uint32Array
  /** How often each was drawn. */
  draws: Uint16Array
}

/**
 * Bootstrap samples of the rows (Efron 1979), whole groups at a time where the split kept them together: their spread is that of the fit. One
 * bag alone holds every row once. Rows of no weight are left out.
 */
export function drawBags(labels: Labels, weights: Float64Array, groups: Int32Array | null, count: number, seed: number): Bag[] {
  return Array.from({ length: count }, (_, bag) => {
    const draws = count === 1 ? new Uint16Array(labels.length).fill(1) : drawRows(labels.length, groups, new Random(seed, 16 + bag))
    const rows = Uint32Array.from(labels.keys()).filter((row) => draws[row]! > 0 && weights[row]! > 0)
    return {
      rows,
      draws: Uint16Array.from(rows, (row) => draws[row]!),
      labels: (labels.constructor as Float64ArrayConstructor).from(rows, (row) => labels[row]!),
      weights: Float64Array.from(rows, (row) => draws[row]! * weights[row]!)
    }
  })
}

function drawRows(rows: number, groups: Int32Array | null, random: Random): Uint16Array {
  const units = groups ? groups.reduce((most, group) => Math.max(most, group), -1) + 1 : rows
  const drawn = new Uint16Array(units)
  for (let draw = 0; draw < units; draw++) drawn[random.below(units)]!++
  return groups ? Uint16Array.from(groups, (group) => drawn[group]!) : drawn
}

/** The group of every row, numbered from 0, where whole groups are held back; a missing one is a group of its own. */
export function groupsOf(frame: Frame, { by, column }: HoldBack): Int32Array | null {
  if (by !== 'group' || column === null || !frame.columns.has(column)) return null
  const cells = columnOf(frame, column)
  const keys = cells.kind === 'category' ? cells.codes : cells.values
  const known = new Map<number, number>()
  return Int32Array.from(keys, (key) => {
    const group = Number.isNaN(key) ? -1 : key
    if (!known.has(group)) known.set(group, known.size)
    return known.get(group)!
  })
}
