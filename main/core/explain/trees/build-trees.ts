import { Malformed } from '../unreadable'
import type { EnsembleTree, TreeNode } from './ensemble'

/** How a node divides rows, in the order of their numbers in TreeEnsemble 5. */
export const branchModes = ['BRANCH_LEQ', 'BRANCH_LT', 'BRANCH_GTE', 'BRANCH_GT', 'BRANCH_EQ', 'BRANCH_NEQ', 'BRANCH_MEMBER'] as const
export type BranchMode = (typeof branchModes)[number]

/** A dividing node as the file has it; `yes` and `no` are places among nodes and leaves. */
export interface RawNode {
  mode: BranchMode
  column: number
  value: number
  members: Float64Array | null
  missingLeft: boolean
  yes: number
  no: number
}
export interface RawLeaf {
  weights: { target: number; weight: number }[]
}

const mostNodes = 20_000_000

/** Trees from lists: each node is reached once from its root, so that every walk ends; the rules of all modes become "at most" and "in". */
export function buildTrees(
  raw: readonly (RawNode | RawLeaf)[],
  roots: readonly number[],
  outputs: number,
  valuesOf: (leaf: RawLeaf) => Float64Array
): EnsembleTree[] {
  const isReached = new Uint8Array(raw.length)
  let count = 0
  const build = (root: number): EnsembleTree => {
    const nodes: TreeNode[] = []
    const leaves: Float64Array[] = []
    const open: { place: number; set: (child: number) => void }[] = []
    let first = 0
    open.push({ place: root, set: (child) => (first = child) })
    for (let next = open.pop(); next; next = open.pop()) {
      const each = raw[next.place]
      if (!each) throw new Malformed('a tree names a node that it does not have')
      if (++count > mostNodes) throw new Malformed('its trees do not end')
      if (!('mode' in each)) {
        next.set(-leaves.push(valuesOf(each)))
        continue
      }
      if (isReached[next.place]) throw new Malformed('a tree comes back to a node')
      isReached[next.place] = 1
      if (!(Number.isInteger(each.column) && each.column >= 0 && each.column < 10_000_000))
        throw new Malformed('a tree divides rows by a column that cannot be')
      const { node, left, right } = ruleOf(each)
      next.set(nodes.push(node) - 1)
      open.push({ place: left, set: (child) => (node.left = child) }, { place: right, set: (child) => (node.right = child) })
    }
    return { nodes, root: first, leaves }
  }
  if (roots.length === 0 || outputs < 1) throw new Malformed('it has no trees')
  return roots.map(build)
}

const double = new Float64Array(1)
const bits = new BigInt64Array(double.buffer)

/** The largest double below a number: a number of either precision is below `value` when it is at most this. */
function below(value: number): number {
  if (value === 0) return -Number.MIN_VALUE
  if (value === -Infinity || value !== value) return value
  double[0] = value
  bits[0]! += value > 0 ? -1n : 1n
  return double[0]
}

/** A rule as "at most" or "in": the other comparisons change sides, or take the next smaller number. */
function ruleOf({ mode, column, value, members, missingLeft, yes, no }: RawNode): { node: TreeNode; left: number; right: number } {
  const rule = (threshold: number, own: Float64Array | null, isTurned: boolean) => ({
    node: { column, threshold, members: own, missingLeft: missingLeft !== isTurned, left: 0, right: 0 },
    left: isTurned ? no : yes,
    right: isTurned ? yes : no
  })
  switch (mode) {
    case 'BRANCH_LEQ':
      return rule(value, null, false)
    case 'BRANCH_LT':
      return rule(below(value), null, false)
    case 'BRANCH_GT':
      return rule(value, null, true)
    case 'BRANCH_GTE':
      return rule(below(value), null, true)
    case 'BRANCH_EQ':
      return rule(value, Float64Array.of(value), false)
    case 'BRANCH_NEQ':
      return rule(value, Float64Array.of(value), true)
    case 'BRANCH_MEMBER':
      return rule(value, members, false)
  }
}
