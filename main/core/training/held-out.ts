import type { HoldBack } from '../../model/training'
import { columnOf, type Frame } from '../frames'
import { Random } from '../numerics'

export interface RowSplit {
  training: Uint32Array
  /** Empty when no row could be held back without an outcome missing on a side. */
  validation: Uint32Array
}

const largestShare = 0.5

/**
 * Holds back about a share of the rows for validation, on the terms of the split that the table came from: random rows of each outcome, the
 * newest rows, or whole groups. Rows of equal time or group stay together. Both sides have both outcomes, or nothing is held back.
 */
export function holdBack(frame: Frame, labels: Uint8Array, share: number, seed: number, terms: HoldBack): RowSplit {
  const all = Uint32Array.from(labels.keys())
  if (share <= 0) return { training: all, validation: new Uint32Array(0) }
  if (terms.by === 'random' || terms.column === null) return randomRows(labels, all, share, seed)
  const keys = keysOf(frame, terms.column)
  return takeSets(terms.by === 'time' ? newestFirst(keys) : groupsByChance(keys, share, seed), labels, all, share)
}

/** The same share of each outcome. */
function randomRows(labels: Uint8Array, all: Uint32Array, share: number, seed: number): RowSplit {
  const random = new Random(seed, 2)
  const held = new Uint8Array(labels.length)
  for (const outcome of [0, 1]) {
    const own = all.filter((row) => labels[row] === outcome)
    const count = Math.round(own.length * share)
    if (count === 0 || count === own.length) return { training: all, validation: new Uint32Array(0) }
    for (const at of random.sample(own.length, count)) held[own[at]!] = 1
  }
  return divide(all, held)
}

/** One number for each time or group; a missing one is the earliest time, and a group of its own, as in a split. */
function keysOf(frame: Frame, name: string): Float64Array {
  const column = columnOf(frame, name)
  if (column.kind === 'category') return Float64Array.from(column.codes)
  return column.values.map((value) => (Number.isNaN(value) ? -Infinity : value))
}

function rowsByKey(keys: Float64Array): Map<number, number[]> {
  const sets = new Map<number, number[]>()
  keys.forEach((key, row) => {
    const own = sets.get(key)
    if (own) own.push(row)
    else sets.set(key, [row])
  })
  return sets
}

const newestFirst = (keys: Float64Array): number[][] => [...rowsByKey(keys)].sort(([a], [b]) => b - a).map(([, rows]) => rows)

/** A group that would fill the held-back rows alone comes last, whatever chance says. */
function groupsByChance(keys: Float64Array, share: number, seed: number): number[][] {
  const sets = [...rowsByKey(keys).values()]
  const order = [...new Random(seed, 2).shuffle(Uint32Array.from(sets.keys()))].map((at) => sets[at]!)
  const isLarge = (rows: number[]): boolean => rows.length > 2 * share * keys.length
  return [...order.filter((rows) => !isLarge(rows)), ...order.filter(isLarge).sort((a, b) => a.length - b.length)]
}

/** Takes whole sets in their order, up to the end that is nearest to the share and leaves both outcomes on both sides. */
function takeSets(sets: readonly number[][], labels: Uint8Array, all: Uint32Array, share: number): RowSplit {
  const total = labels.length
  const events = labels.reduce((sum, label) => sum + label, 0)
  let taken = 0
  let takenEvents = 0
  let best = { sets: 0, distance: Infinity }
  sets.forEach((rows, index) => {
    taken += rows.length
    for (const row of rows) takenEvents += labels[row]!
    const hasBoth = (count: number, own: number): boolean => own > 0 && own < count
    if (taken > largestShare * total || !hasBoth(taken, takenEvents) || !hasBoth(total - taken, events - takenEvents)) return
    const distance = Math.abs(taken - share * total)
    if (distance < best.distance) best = { sets: index + 1, distance }
  })
  const held = new Uint8Array(total)
  for (const rows of sets.slice(0, best.sets)) for (const row of rows) held[row] = 1
  return divide(all, held)
}

const divide = (all: Uint32Array, held: Uint8Array): RowSplit => ({
  training: all.filter((row) => !held[row]),
  validation: all.filter((row) => held[row])
})
