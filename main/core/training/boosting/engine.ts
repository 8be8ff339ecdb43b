import type { BinnedFeature } from './binning'
import type { Cells, Cut, Scales, ScanRules, Sums } from './split'
import type { Tree } from './tree'

/** A part of a tree's rows: leaves and open nodes are ranges of one list of row numbers. */
export interface Range {
  from: number
  to: number
}

/** What a tree grows on. */
export interface TreePlan {
  output: number
  /** Ascending row numbers, null for all rows to learn from; and the rest of these. */
  drawn: Uint32Array | null
  left: Uint32Array | null
  /** Features that may be split on, ascending. */
  features: Uint32Array
  scales: Scales
  rules: ScanRules
}

/** A pair of children: the smaller is counted, the larger is the parent less the smaller. */
export interface Children {
  small: Sums & Range
  large: Sums
  smallSlot: number
  /** The parent's, which becomes that of the larger child. */
  largeSlot: number
  /** Whether numeric cuts are looked for by the engine. */
  searchSmall: boolean
  searchLarge: boolean
}

/**
 * Holds codes, scores, derivatives and histograms of a fit and does what goes over rows. The rows to learn from come first; those that watch
 * begin at `watchFrom`. There are two, in WebAssembly and in plain TypeScript, which give equal bits.
 */
export interface Engine {
  readonly kind: 'wasm' | 'plain'
  readonly rows: number
  readonly watchFrom: number
  /** Rows with the watching ones and the gap before them. */
  readonly size: number
  readonly features: readonly BinnedFeature[]
  /** Margins by output, one for each row. */
  readonly scores: readonly Float64Array[]
  /** Gradient and hessian of each row to learn from, in turn, by output. */
  readonly derivatives: readonly Int32Array[]
  /** Takes the values of a tree's leaves and, from now on, labels of 0 or 1. */
  setLabels(labels: ArrayLike<number>, watching: ArrayLike<number>): void
  /** Puts all rows to the root and counts them into slot 0. */
  beginTree(plan: TreePlan): Sums
  searchRoot(sums: Sums): Cut | null
  /** Divides a range in place, left rows first, order kept. `route` has 1 for each bin that goes left. Returns how many went left. */
  divide(range: Range, feature: number, route: Uint8Array, smallIsLeft: boolean): number
  count(children: Children): { small: Cut | null; large: Cut | null }
  readCells(slot: number, feature: number, into: Cells): void
  /** Row numbers of a range. */
  rowsOf(range: Range): Uint32Array
  /** Finds the leaf of every row, also of those that the tree did not grow on. Leaves are numbered by `leaves`. */
  endTree(leaves: readonly (Range & { id: number })[], tree: Tree, routes: readonly (Uint8Array | null)[]): void
  /** Adds the leaf values of an output's last tree to its scores. */
  addLeaves(output: number, values: Float64Array): void
  /** The same, then derivatives of the log loss; returns the sums of the loss over the rows to learn from and over the watching ones. */
  logistic(values: Float64Array | null): { training: number; watching: number }
  close(): Promise<void>
}

/** What an engine is made for. */
export interface EngineShape {
  rows: number
  watching: number
  width: number
  maxLeaves: number
  /** Whether labels of 0 or 1 and the derivatives of the log loss are kept by the engine. */
  isLogistic: boolean
}

/** Rows that watch begin at an even number, so that two rows at a time never mix the two. */
export const watchFromOf = (rows: number): number => Math.ceil(rows / 64) * 64

/** Most bits of a derivative, so that sums stay below 2^51 and rows with hessians below 2^63. */
export function bitsFor(rows: number): { gradient: number; hessian: number; shift: number } {
  const bits = Math.ceil(Math.log2(rows + 1))
  const shift = 63 - bits
  return { gradient: Math.min(30, 51 - bits), hessian: Math.min(30, 51 - bits, shift - bits), shift }
}
