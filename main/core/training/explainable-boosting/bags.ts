import { Random } from '../../numerics'
import { columnOf, type Frame } from '../../frames'
import type { HoldBack } from '../../../model/training'
import type { Strata } from '../held-out'
import type { Labels } from '../objective'
import type { WeightedRows } from './loss'

/** Rows of a table, each once and ascending, with their labels and weights. */
export interface ChosenRows extends WeightedRows {
  rows: Uint32Array
}

/** The rows that a part of the model learns from, and those that it leaves out. */
export interface Bag extends ChosenRows {
  left: ChosenRows
}

export interface BagTerms {
  labels: Labels
  weights: Float64Array
  /** Whole groups are left out where the split kept them together. */
  groups: Int32Array | null
  /** Rows of one outcome, or of alike amounts, are left out in equal shares. */
  strata: Strata
  count: number
  share: number
  seed: number
}

/**
 * Bags that leave out a share of the rows each, in turns as even as whole rows allow: with enough bags every row is left out by one of them at
 * least. One bag alone holds every row. Rows of no weight are in none.
 */
export function drawBags({ labels, weights, groups, strata, count, share, seed }: BagTerms): Bag[] {
  const places = placesOf(groups, strata, new Random(seed, 16))
  const choose = (isWanted: (row: number) => boolean): ChosenRows => {
    const rows = Uint32Array.from(labels.keys()).filter((row) => weights[row]! > 0 && isWanted(row))
    return {
      rows,
      labels: (labels.constructor as Float64ArrayConstructor).from(rows, (row) => labels[row]!),
      weights: Float64Array.from(rows, (row) => weights[row]!)
    }
  }
  return Array.from({ length: count }, (_, bag) => {
    const isLeft = (row: number): boolean => count > 1 && (places[row]! - bag / count + 1) % 1 < share
    return { ...choose((row) => !isLeft(row)), left: choose(isLeft) }
  })
}

/** A place on a circle of length 1 for every row, of which each bag leaves out an arc: evenly over the rows of each kind, or over whole groups. */
function placesOf(groups: Int32Array | null, { codes, count }: Strata, random: Random): Float64Array {
  const kinds: ArrayLike<number> = groups ? new Uint8Array(groups.length) : codes
  const places = new Float64Array(kinds.length)
  for (let kind = 0; kind < (groups ? 1 : count); kind++) {
    const units = groups ? Uint32Array.from(new Set(groups)) : Uint32Array.from(codes.keys()).filter((row) => codes[row] === kind)
    random.shuffle(units)
    const placeOf = new Map<number, number>()
    const offset = random.uniform()
    units.forEach((unit, rank) => placeOf.set(unit, ((rank + offset) / units.length) % 1))
    for (let row = 0; row < places.length; row++) if (kinds[row] === kind) places[row] = placeOf.get(groups ? groups[row]! : row)!
  }
  return places
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
