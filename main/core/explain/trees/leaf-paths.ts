import { Unreadable } from '../unreadable'
import type { EnsembleTree } from './ensemble'

/** What a row must be to stay on the way to a leaf, in one column: above `low` (NaN: no bound), at most `high`, or missing; in and out of sets. */
export interface Condition {
  column: number
  low: number
  high: number
  takesMissing: boolean
  sets: readonly { members: Float64Array; isIn: boolean }[]
}

/** The way to one leaf, by what it asks of each column of the table. */
export interface LeafPath {
  /** Columns of the table, by place, in the order in which the way meets them. */
  players: Int32Array
  /** For each of them. */
  conditions: readonly (readonly Condition[])[]
  /** For each of them, the share of the background that goes on the way where it was known to be so far; for path-dependent values alone. */
  shares: Float64Array
  /** What the leaf adds to each output. */
  values: Float64Array
}

/** Patterns of who keeps to a way are whole numbers of 31 bits. */
const mostPlayers = 30

/**
 * The ways to all leaves of a tree.
 * @param playerOf the column of the table that a column of the matrix follows from
 * @param counts rows of the background at each node, then at each leaf; null where shares are not needed
 * @throws Unreadable for a way over more than 30 columns
 */
export function leafPaths(
  tree: EnsembleTree,
  values: readonly Float64Array[],
  playerOf: ArrayLike<number>,
  counts: { nodes: Float64Array; leaves: Float64Array } | null
): LeafPath[] {
  const paths: LeafPath[] = []
  const countOf = (place: number): number => (place < 0 ? counts!.leaves[-1 - place]! : counts!.nodes[place]!)
  const open: { place: number; steps: Step | null }[] = [{ place: tree.root, steps: null }]
  for (let next = open.pop(); next; next = open.pop()) {
    const { place, steps } = next
    if (place < 0) {
      paths.push(pathOf(steps, values[-1 - place]!))
      continue
    }
    const node = tree.nodes[place]!
    const all = counts ? countOf(place) : 0
    for (const isLeft of [false, true]) {
      const child = isLeft ? node.left : node.right
      // Where no row of the background comes, neither side is likelier.
      const share = !counts ? 1 : all > 0 ? countOf(child) / all : 0.5
      open.push({ place: child, steps: { node, isLeft, share, player: playerOf[node.column]!, before: steps } })
    }
  }
  return paths
}

interface Step {
  node: EnsembleTree['nodes'][number]
  isLeft: boolean
  share: number
  player: number
  before: Step | null
}

function pathOf(last: Step | null, values: Float64Array): LeafPath {
  const found = new Map<number, { share: number; conditions: Map<number, Condition> }>()
  for (let step = last; step; step = step.before) {
    const own = found.get(step.player) ?? { share: 1, conditions: new Map<number, Condition>() }
    found.set(step.player, own)
    own.share *= step.share
    const { column } = step.node
    own.conditions.set(column, narrow(own.conditions.get(column), step))
  }
  if (found.size > mostPlayers) throw new Unreadable(`asks for ${found.size} columns on the way to one leaf, more than ${mostPlayers}`)
  return {
    players: Int32Array.from(found.keys()),
    conditions: Array.from(found.values(), ({ conditions }) => [...conditions.values()]),
    shares: Float64Array.from(found.values(), ({ share }) => share),
    values
  }
}

function narrow(before: Condition | undefined, { node, isLeft }: Step): Condition {
  const { low, high, takesMissing, sets } = before ?? { low: NaN, high: Infinity, takesMissing: true, sets: [] }
  const own = { column: node.column, takesMissing: takesMissing && node.missingLeft === isLeft }
  if (node.members) return { ...own, low, high, sets: [...sets, { members: node.members, isIn: isLeft }] }
  return isLeft
    ? { ...own, low, high: Math.min(high, node.threshold), sets }
    : { ...own, low: low >= node.threshold ? low : node.threshold, high, sets }
}
