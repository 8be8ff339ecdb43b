import { isMap, isNode, isScalar, type Document, type LineCounter } from 'yaml'

/** Where something is in a text, counted from 1. */
export interface TextPlace {
  line: number
  column: number
}

/** The place of a character, counted from 1 also in an empty text. */
export function placeAt(counter: LineCounter, offset: number): TextPlace {
  const { line, col } = counter.linePos(offset)
  return { line: Math.max(line, 1), column: Math.max(col, 1) }
}

/** Where the last key of a path stands, and not its value. */
export function placeOfKey(tree: Document, counter: LineCounter, path: readonly PropertyKey[]): TextPlace | undefined {
  const map = path.length > 1 ? tree.getIn(path.slice(0, -1), true) : tree.contents
  const key = isMap(map) && map.items.map((pair) => pair.key).find((each) => isScalar(each) && String(each.value) === String(path.at(-1)))
  return isNode(key) && key.range ? placeAt(counter, key.range[0]) : undefined
}

/** Where the value at a path stands; for what is missing, the nearest that it would stand in. */
export function placeOfValue(tree: Document, counter: LineCounter, path: readonly PropertyKey[]): TextPlace {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? tree.contents : tree.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return placeAt(counter, node.range[0])
  }
  return { line: 1, column: 1 }
}

/** Where a problem of a schema is. */
export const placeOfProblem = (
  tree: Document,
  counter: LineCounter,
  { path, isKey }: { path: readonly PropertyKey[]; isKey: boolean }
): TextPlace => (isKey ? placeOfKey(tree, counter, path) : undefined) ?? placeOfValue(tree, counter, path)
