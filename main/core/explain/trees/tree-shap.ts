import { breathe } from '../../numerics'
import type { EnsembleTree } from './ensemble'
import { leafPaths, type LeafPath } from './leaf-paths'
import { dependentWeights, interventionalWeights } from './path-weights'
import { patternsOf } from './patterns'
import { flatten, leafOf, type FlatTree } from './walk'

export type TreeMethod = 'interventional' | 'path-dependent'

/** A table of matrix columns. */
export interface Matrix {
  columns: readonly Float64Array[]
  rows: number
}

/** A tree whose leaves add to the outputs that are explained. */
export interface ScoredTree {
  tree: EnsembleTree
  values: readonly Float64Array[]
}

interface PreparedPath {
  path: LeafPath
  /** Where the values of a pattern are, one more than their place; a table while there are few players. */
  dense: Int32Array | null
  sparse: Map<number, number>
  blocks: (Float64Array | null)[]
  background: ReadonlyMap<number, number>
}

/** Patterns of so many players are kept in a table, of more in a map. */
const densePlayers = 10

/**
 * TreeSHAP (Lundberg et al. 2020) by leaves: a row's values depend on a leaf only through which columns keep it on the way there, so the values
 * of each such pattern are computed once and then looked up. Path-dependent values take what a hidden column would do from how the background
 * divides at each node; interventional ones put in the values of its rows.
 */
export class TreeShap {
  private readonly paths: PreparedPath[] = []
  private readonly flat: FlatTree[]
  /** Mean of the trees' answers over the background, by output. */
  readonly base: Float64Array

  constructor(
    private readonly trees: readonly ScoredTree[],
    playerOf: ArrayLike<number>,
    private readonly players: number,
    private readonly outputs: number,
    private readonly background: Matrix,
    private readonly method: TreeMethod
  ) {
    this.flat = trees.map(({ tree }) => flatten(tree))
    this.base = new Float64Array(outputs)
    const patterns = new Int32Array(background.rows)
    trees.forEach(({ tree, values }, at) => {
      const counts = this.count(at, tree)
      values.forEach((leaf, place) => {
        for (let output = 0; output < outputs; output++) this.base[output]! += (leaf[output]! * counts.leaves[place]!) / background.rows
      })
      for (const path of leafPaths(tree, values, playerOf, method === 'path-dependent' ? counts : null))
        if (path.players.length > 0) this.paths.push(this.prepare(path, patterns))
    })
  }

  /** Adds to `into` ([rows, players, outputs]) what each column adds to each output. */
  async explain({ columns, rows }: Matrix, into: Float64Array, signal?: AbortSignal): Promise<void> {
    const patterns = new Int32Array(rows)
    const width = this.players * this.outputs
    for (const prepared of this.paths) {
      patternsOf(prepared.path, columns, rows, patterns)
      this.fillBlocks(prepared, patterns)
      this.add(prepared, patterns, width, into)
      await breathe(signal)
    }
  }

  /** Adds the trees' answers to `into` ([rows, outputs]) by walking them, apart from any explanation. */
  async score({ columns, rows }: Matrix, into: Float64Array, signal?: AbortSignal): Promise<void> {
    for (const [at, tree] of this.flat.entries()) {
      const { values } = this.trees[at]!
      for (let row = 0; row < rows; row++) {
        const leaf = values[leafOf(tree, columns, row)]!
        for (let output = 0; output < this.outputs; output++) into[row * this.outputs + output]! += leaf[output]!
      }
      await breathe(signal)
    }
  }

  private count(at: number, tree: EnsembleTree): { nodes: Float64Array; leaves: Float64Array } {
    const counts = { nodes: new Float64Array(tree.nodes.length), leaves: new Float64Array(tree.leaves.length) }
    for (let row = 0; row < this.background.rows; row++)
      counts.leaves[leafOf(this.flat[at]!, this.background.columns, row, counts.nodes)]!++
    return counts
  }

  private prepare(path: LeafPath, patterns: Int32Array): PreparedPath {
    const counts = new Map<number, number>()
    if (this.method === 'interventional') {
      patternsOf(path, this.background.columns, this.background.rows, patterns)
      for (const pattern of patterns) counts.set(pattern, (counts.get(pattern) ?? 0) + 1)
    }
    const size = path.players.length
    return { path, dense: size <= densePlayers ? new Int32Array(2 ** size) : null, sparse: new Map(), blocks: [], background: counts }
  }

  private fillBlocks({ path, dense, sparse, blocks, background }: PreparedPath, patterns: Int32Array): void {
    const size = path.players.length
    const weights = new Float64Array(size)
    for (const pattern of patterns) {
      if (dense ? dense[pattern]! > 0 : sparse.has(pattern)) continue
      if (this.method === 'interventional') interventionalWeights(pattern, size, background, this.background.rows, weights)
      else dependentWeights(pattern, path.shares, weights)
      const place = blocks.push(weights.every((weight) => weight === 0) ? null : this.blockOf(weights, path.values))
      if (dense) dense[pattern] = place
      else sparse.set(pattern, place)
    }
  }

  private blockOf(weights: Float64Array, values: Float64Array): Float64Array {
    const block = new Float64Array(weights.length * this.outputs)
    weights.forEach((weight, player) => {
      for (let output = 0; output < this.outputs; output++) block[player * this.outputs + output] = weight * values[output]!
    })
    return block
  }

  private add({ path, dense, sparse, blocks }: PreparedPath, patterns: Int32Array, width: number, into: Float64Array): void {
    const { outputs } = this
    const places = path.players.map((player) => player * outputs)
    for (let row = 0, at = 0; row < patterns.length; row++, at += width) {
      const pattern = patterns[row]!
      const block = blocks[(dense ? dense[pattern]! : sparse.get(pattern)!) - 1]
      if (!block) continue
      if (outputs === 1) for (let player = 0; player < places.length; player++) into[at + places[player]!]! += block[player]!
      else
        for (let player = 0; player < places.length; player++)
          for (let output = 0; output < outputs; output++) into[at + places[player]! + output]! += block[player * outputs + output]!
    }
  }
}
