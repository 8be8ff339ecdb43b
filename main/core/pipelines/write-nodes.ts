import {
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  visit,
  YAMLMap,
  type Document,
  type ParsedNode,
  type ToStringOptions,
  type YAMLSeq
} from 'yaml'
import type { Work } from './pieces'
import { ENTRIES_A_PIECE } from './yaml-nodes'

/** Long lines stay whole and multi-line text is a literal block, so that SQL reads as SQL. */
const layout: ToStringOptions = { lineWidth: 0, blockQuote: 'literal', flowCollectionPadding: true }

/** Where in a text an entry of a list is written: its indent, whether brackets are around it, the names that stand before it. */
type Place = NonNullable<Parameters<YAMLMap['toString']>[0]>

/** Writes YAML nodes in the house layout, in pieces of bounded work; comments stay. The nodes are of no other use afterwards. */
export function* writeNodes(nodes: Document<ParsedNode>): Work<string> {
  const lists = longLists(nodes)
  visit(nodes, { Pair: layOutPosition, Seq: (_, list) => (lists.has(list) ? visit.SKIP : undefined) })
  const named = new Set<string>()
  for (const [list, place] of placesWithin(nodes, lists)) {
    for (const name of place.anchors) named.add(name)
    for (const [at, entry] of list.items.entries()) {
      if (at % ENTRIES_A_PIECE === 0) yield
      if (!isNode(entry)) continue
      visit(entry, { Pair: layOutPosition })
      writeAhead(entry, { ...place, anchors: named })
    }
  }
  yield
  return nodes.toString(layout)
}

function longLists({ contents }: Document<ParsedNode>): Set<YAMLSeq> {
  const values: unknown[] = isMap(contents) ? contents.items.map(({ value }) => value) : []
  return new Set(values.filter((value): value is YAMLSeq => isSeq(value) && value.items.length > ENTRIES_A_PIECE))
}

function layOutPosition(_: unknown, { key, value }: { key: unknown; value: unknown }): void {
  if ((isScalar(key) ? key.value : key) === 'position' && isMap(value)) value.flow = true
}

/** Where the entries of the lists will stand, seen by writing the document with a single entry in each list. */
function placesWithin(nodes: Document<ParsedNode>, lists: ReadonlySet<YAMLSeq>): Map<YAMLSeq, Place> {
  const places = new Map<YAMLSeq, Place>()
  const entries = new Map([...lists].map((list) => [list, list.items]))
  for (const list of lists) {
    const probe = new YAMLMap()
    probe.toString = (place) => {
      places.set(list, { ...place!, anchors: new Set(place!.anchors), options: { ...place!.options, verifyAliasOrder: true } })
      return ''
    }
    list.items = [probe]
  }
  try {
    // A name that stands in an entry is missing here; whether it stands before its uses is seen when all is written.
    if (lists.size > 0) nodes.toString({ ...layout, verifyAliasOrder: false })
  } finally {
    for (const [list, items] of entries) list.items = items
  }
  return places
}

/** Writes an entry now; when the document asks for its text it is there. */
function writeAhead(entry: ReturnType<Document['createNode']>, place: Place): void {
  if ('anchor' in entry && entry.anchor) place.anchors.add(entry.anchor)
  if (!isCollection(entry)) return
  const before = place.anchors.size
  let hasComment = false
  let keepsLines = false
  const text = entry.toString(
    place,
    () => (hasComment = true),
    () => (keepsLines = true)
  )
  const names = place.anchors.size > before ? [...place.anchors].slice(before) : []
  entry.toString = (asked?: Place, onComment?: () => void, onChompKeep?: () => void) => {
    for (const name of names) asked?.anchors.add(name)
    if (hasComment) onComment?.()
    if (keepsLines) onChompKeep?.()
    return text
  }
}
