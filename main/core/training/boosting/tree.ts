import { z } from 'zod'
import type { FeatureEncoding } from '../features'
import { widthOf, type Objective } from '../objective'

/**
 * A fitted tree as parallel arrays over nodes; node 0 is the root, children come after their parent.
 * `feature` is -1 for a leaf; `set` is -1 or the index of a category set; `value` is the leaf's addition to the log-odds (float32).
 */
export const treeSchema = z.object({
  feature: z.array(z.int().min(-1)),
  /** Largest value that goes left, before it is rounded to the precision of the feature; older models have it in that precision. */
  threshold: z.array(z.number()),
  set: z.array(z.int().min(-1)),
  missingLeft: z.array(z.union([z.literal(0), z.literal(1)])),
  left: z.array(z.int().min(0)),
  right: z.array(z.int().min(0)),
  value: z.array(z.number()),
  rows: z.array(z.int().min(0)),
  gain: z.array(z.number())
})
export type Tree = z.infer<typeof treeSchema>

export const boostedTreesSchema = z.object({
  /** The margin that every row starts from, float32: one number, or one for each output. The tree i belongs to output i modulo their number. */
  base: z.union([z.number(), z.array(z.number()).min(1)]),
  trees: z.array(treeSchema),
  /** Category codes that go left. */
  sets: z.array(z.array(z.int().min(0)))
})
export type BoostedTrees = z.infer<typeof boostedTreesSchema>

/** The margins that rows start from, by output. */
export const basesOf = ({ base }: BoostedTrees): number[] => (typeof base === 'number' ? [base] : base)

/**
 * Margins of encoded rows, by row and output. Sums are float32, tree after tree, the base last: the order of ONNX Runtime on one thread.
 * A category code outside a set goes right; the missing code (last one) follows the node's missing direction.
 */
export function predictTrees(
  model: BoostedTrees,
  columns: readonly (Float32Array | Float64Array | Uint32Array)[],
  missingCodes: readonly number[],
  rows: number
): Float64Array {
  const members = model.sets.map((set) => new Set(set))
  const bases = basesOf(model)
  const width = bases.length
  const sums = new Float32Array(rows * width)
  for (const [index, tree] of model.trees.entries()) {
    const output = index % width
    const nodes = tree.feature.length
    const feature = Int32Array.from(tree.feature)
    const threshold = Float64Array.from(tree.threshold, (value, node) =>
      columns[tree.feature[node]!] instanceof Float32Array ? Math.fround(value) : value
    )
    const left = Int32Array.from(tree.left)
    const right = Int32Array.from(tree.right)
    const value = Float32Array.from(tree.value)
    const missingLeft = Uint8Array.from(tree.missingLeft)
    const tables: (Uint8Array | undefined)[] = []
    for (let node = 0; node < nodes; node++) {
      const set = tree.set[node]!
      if (set < 0) continue
      const missing = missingCodes[feature[node]!]!
      const table = Uint8Array.from({ length: missing + 1 }, (_, code) => (members[set]!.has(code) ? 1 : 0))
      table[missing] = missingLeft[node]!
      tables[node] = table
    }
    for (let row = 0; row < rows; row++) {
      let node = 0
      for (let f = feature[0]!; f >= 0; f = feature[node]!) {
        const x = columns[f]![row]!
        const table = tables[node]
        const goesLeft = table ? table[x] === 1 : x !== x ? missingLeft[node] === 1 : x <= threshold[node]!
        node = goesLeft ? left[node]! : right[node]!
      }
      sums[row * width + output]! += value[node]!
    }
  }
  return Float64Array.from(sums, (sum, at) => Math.fround(sum + Math.fround(bases[at % width]!)))
}

/**
 * Children must follow their parent, so that walking a tree always ends; indexes must exist.
 * @throws Error with the reason
 */
export function assertTrees(model: BoostedTrees, features: readonly FeatureEncoding[], objective: Objective): void {
  const { trees, sets } = model
  const width = widthOf(objective)
  if (basesOf(model).length !== width || trees.length % width !== 0) throw new Error('it has not the same number of trees for each output')
  for (const tree of trees) {
    const nodes = tree.feature.length
    if (nodes === 0 || Object.values(tree).some((values) => values.length !== nodes))
      throw new Error('a tree has arrays of different length')
    for (let node = 0; node < nodes; node++) {
      if (tree.feature[node]! < 0) continue
      const isCategory = features[tree.feature[node]!]?.kind === 'category'
      if (tree.feature[node]! >= features.length || tree.set[node]! >= sets.length || isCategory !== tree.set[node]! >= 0)
        throw new Error('a tree names a feature or set that does not exist')
      for (const child of [tree.left[node]!, tree.right[node]!])
        if (child <= node || child >= nodes) throw new Error('a tree has a broken branch')
    }
  }
}
