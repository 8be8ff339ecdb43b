import { isMember } from './ensemble'
import type { Condition, LeafPath } from './leaf-paths'

/** For each row, which columns of the table keep it on the way to a leaf: bit i for player i of the path. */
export function patternsOf(path: LeafPath, columns: readonly Float64Array[], rows: number, into: Int32Array): void {
  into.fill(2 ** path.players.length - 1, 0, rows)
  path.conditions.forEach((conditions, player) => {
    for (const condition of conditions) {
      const column = columns[condition.column]!
      if (condition.sets.length > 0) clearOutside(condition, column, rows, into, ~(1 << player))
      else clear(column, condition.low, condition.high, condition.takesMissing, rows, into, ~(1 << player))
    }
  })
}

function clear(column: Float64Array, low: number, high: number, takesMissing: boolean, rows: number, into: Int32Array, mask: number): void {
  for (let row = 0; row < rows; row++) {
    const x = column[row]!
    const isOut = x === x ? !(x <= high) || x <= low : !takesMissing
    if (isOut) into[row]! &= mask
  }
}

function clearOutside(
  { low, high, takesMissing, sets }: Condition,
  column: Float64Array,
  rows: number,
  into: Int32Array,
  mask: number
): void {
  for (let row = 0; row < rows; row++) {
    const x = column[row]!
    const isOut = x === x ? !(x <= high) || x <= low || sets.some(({ members, isIn }) => isMember(members, x) !== isIn) : !takesMissing
    if (isOut) into[row]! &= mask
  }
}
