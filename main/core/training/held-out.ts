import type { HoldBack } from '../../model/training'
import { columnOf, type Frame } from '../frames'
import { Random } from '../numerics'
import { widthOf, type Labels, type Objective } from './objective'

export interface RowSplit {
  training: Uint32Array
  /** Empty when no row could be held back without an outcome missing on a side. */
  validation: Uint32Array
}

const largestShare = 0.5

/** Rows by what they are alike in: an outcome, or a tenth of the amounts. A side of a division must not lack a whole kind. */
export interface Strata {
  codes: Uint8Array | Uint16Array
  count: number
  /** Whether both sides need every kind, as with two outcomes; else the rows that are learned from do, and the others need two. */
  isStrict: boolean
}

const amountStrata = 10

/** The kinds of rows for an objective: the classes, or tenths of the amounts by rank. */
export function strataOf(labels: Labels, objective: Objective): Strata {
  if (!(labels instanceof Float64Array))
    return { codes: labels, count: Math.max(2, widthOf(objective)), isStrict: objective.name === 'logistic' }
  const order = Uint32Array.from(labels.keys()).sort((a, b) => labels[a]! - labels[b]! || a - b)
  const codes = new Uint8Array(labels.length)
  order.forEach((row, rank) => (codes[row] = Math.floor((rank * amountStrata) / labels.length)))
  return { codes, count: amountStrata, isStrict: false }
}

/**
 * Holds back about a share of the rows for validation, on the terms of the split that the table came from: random rows of each kind, the
 * newest rows, or whole groups. Rows of equal time or group stay together. Neither side lacks a kind that it needs, or nothing is held back.
 */
export function holdBack(frame: Frame, strata: Strata, share: number, seed: number, terms: HoldBack): RowSplit {
  const all = Uint32Array.from(strata.codes.keys())
  if (share <= 0) return { training: all, validation: new Uint32Array(0) }
  if (terms.by === 'random' || terms.column === null) return randomRows(strata, all, share, seed)
  const keys = keysOf(frame, terms.column)
  return takeSets(terms.by === 'time' ? newestFirst(keys) : groupsByChance(keys, share, seed), strata, all, share)
}

/** The same share of each kind; of one that is too rare to be divided all rows are learned from, unless both sides need it. */
function randomRows({ codes, count, isStrict }: Strata, all: Uint32Array, share: number, seed: number): RowSplit {
  const random = new Random(seed, 2)
  const held = new Uint8Array(codes.length)
  const none = { training: all, validation: new Uint32Array(0) }
  let divided = 0
  for (let kind = 0; kind < count; kind++) {
    const own = all.filter((row) => codes[row] === kind)
    const size = Math.round(own.length * share)
    if (size === 0 || size === own.length) {
      if (isStrict) return none
      continue
    }
    divided++
    for (const at of random.sample(own.length, size)) held[own[at]!] = 1
  }
  return divided < 2 ? none : divide(all, held)
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

/** Takes whole sets in their order, up to the end that is nearest to the share and leaves on both sides the kinds that they need. */
function takeSets(sets: readonly number[][], { codes, count, isStrict }: Strata, all: Uint32Array, share: number): RowSplit {
  const total = codes.length
  const rest = new Uint32Array(count)
  for (const code of codes) rest[code]!++
  const kinds = rest.filter((rows) => rows > 0).length
  const takenKinds = new Uint32Array(count)
  let taken = 0
  let best = { sets: 0, distance: Infinity }
  sets.forEach((rows, index) => {
    taken += rows.length
    for (const row of rows) {
      takenKinds[codes[row]!]!++
      rest[codes[row]!]!--
    }
    const held = takenKinds.filter((own) => own > 0).length
    if (taken > largestShare * total || held < (isStrict ? count : 2) || rest.filter((own) => own > 0).length < kinds) return
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
