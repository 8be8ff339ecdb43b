import { isMember, type EnsembleTree } from './ensemble'

/** A tree as parallel arrays, for walks over many rows. */
export interface FlatTree {
  column: Int32Array
  threshold: Float64Array
  missingLeft: Uint8Array
  left: Int32Array
  right: Int32Array
  members: readonly (Float64Array | null)[]
  root: number
}

export function flatten({ nodes, root }: EnsembleTree): FlatTree {
  return {
    column: Int32Array.from(nodes, ({ column }) => column),
    threshold: Float64Array.from(nodes, ({ threshold }) => threshold),
    missingLeft: Uint8Array.from(nodes, ({ missingLeft }) => (missingLeft ? 1 : 0)),
    left: Int32Array.from(nodes, ({ left }) => left),
    right: Int32Array.from(nodes, ({ right }) => right),
    members: nodes.map(({ members }) => members),
    root
  }
}

/** The leaf that a row comes to; `counts` of the nodes on the way go up by one. */
export function leafOf(tree: FlatTree, columns: readonly Float64Array[], row: number, counts?: Float64Array): number {
  let place = tree.root
  while (place >= 0) {
    if (counts) counts[place]!++
    const x = columns[tree.column[place]!]![row]!
    const members = tree.members[place]
    const isLeft = x !== x ? tree.missingLeft[place] === 1 : members ? isMember(members, x) : x <= tree.threshold[place]!
    place = isLeft ? tree.left[place]! : tree.right[place]!
  }
  return -1 - place
}
