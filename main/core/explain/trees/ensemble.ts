/** How a node divides rows: numbers at most the threshold go left, or those that are in the set. */
export interface TreeNode {
  column: number
  threshold: number
  /** Sorted numbers, in place of a threshold. */
  members: Float64Array | null
  missingLeft: boolean
  /** A node by its place; a leaf as -1 minus its place. */
  left: number
  right: number
}

/** One tree: children follow their parents; `root` is a node, or a leaf where nothing is divided. */
export interface EnsembleTree {
  nodes: readonly TreeNode[]
  root: number
  /** What each leaf adds to each output. */
  leaves: readonly Float64Array[]
}

export type PostTransform = 'none' | 'logistic' | 'softmax'

/** A tree ensemble operator, whichever of its versions wrote it: outputs are `base` plus the leaves of all trees. */
export interface Ensemble {
  /** The tensor of shape [N, columns] whose columns the nodes name. */
  input: string
  columns: number
  outputs: number
  base: Float64Array
  trees: readonly EnsembleTree[]
  post: PostTransform
  /** A classifier of two classes with one score: that of the second class. */
  isSingleScore: boolean
}

export const goesLeft = ({ threshold, members, missingLeft }: TreeNode, x: number): boolean =>
  x !== x ? missingLeft : members ? isMember(members, x) : x <= threshold

export function isMember(members: Float64Array, x: number): boolean {
  let low = 0
  let high = members.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (members[middle]! < x) low = middle + 1
    else high = middle
  }
  return members[low] === x
}
