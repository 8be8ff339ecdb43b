import {
  Composer,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  Parser,
  type CST,
  type Document,
  type ParsedNode,
  type Scalar,
  type YAMLMap,
  type YAMLSeq
} from 'yaml'
import type { PipelineProblem } from '../../model/pipeline'
import { losesDigits } from './number-text'
import type { Work } from './pieces'

/** Characters of a text. */
const MAX_TEXT = 2_000_000
const MAX_PROBLEMS = 100
/** What one piece of the work takes: words of the text, nodes that are looked at, entries of a list that are put together. */
const WORDS_A_PIECE = 1_500
export const NODES_A_PIECE = 4_000
export const ENTRIES_A_PIECE = 24
/** Equal keys are looked for below: the parser compares each with each, which takes minutes for a hostile text. */
const options = { version: '1.2', schema: 'core', uniqueKeys: false, merge: false, logLevel: 'error', prettyErrors: false } as const

export interface ReadNodes {
  /** With comments and positions, of equal keys the first; null when the text is not a single YAML mapping of plain names. */
  nodes: Document<ParsedNode> | null
  lines: LineCounter
  /** With nodes: what makes the text no pipeline although all of it can be read. */
  problems: PipelineProblem[]
  /** Numbers and truth values without quotes in a `command`. */
  typed: Scalar[]
  /** Whether parts of it are named, to stand elsewhere too. */
  hasAnchors: boolean
}

/** Reads a text as YAML nodes, in pieces of bounded work. */
export function* readNodes(text: string): Work<ReadNodes> {
  const lines = new LineCounter()
  const nothing = (...problems: PipelineProblem[]): ReadNodes => ({ nodes: null, lines, problems, typed: [], hasAnchors: false })
  if (text.length > MAX_TEXT)
    return nothing(
      syntaxProblem(`The text is longer than ${MAX_TEXT} characters. Put code and data into files and name them in the steps.`)
    )
  try {
    const { nodes, errors } = yield* composeText(text, lines)
    if (errors.length > 0) return nothing(...errors)
    if (!isMap(nodes.contents))
      return nothing(syntaxProblem('A pipeline is a YAML mapping with schema, name and steps. Begin with "schema: drydock.pipeline".'))
    const seen = yield* lookThrough(nodes, lines)
    return seen.problems.some(isOfPrototype) ? nothing(...seen.problems) : { nodes, lines, ...seen }
  } catch (error) {
    const message = error instanceof RangeError ? 'It is nested too deeply.' : (error as Error).message
    return nothing(syntaxProblem(`Not valid YAML: ${message}`))
  }
}

export const syntaxProblem = (message: string, at = { line: 1, column: 1 }): PipelineProblem => ({
  code: 'SYNTAX',
  severity: 'error',
  message,
  ...at
})

function* composeText(text: string, lines: LineCounter): Work<{ nodes: Document<ParsedNode>; errors: PipelineProblem[] }> {
  const tokens: CST.Token[] = []
  const parser = new Parser(lines.addNewLine)
  lines.addNewLine(0)
  let words = 0
  for (const word of new Lexer().lex(text)) {
    tokens.push(...parser.next(word))
    if (++words % WORDS_A_PIECE === 0) yield
  }
  tokens.push(...parser.end())
  const long = tokens.some(({ type }) => type === 'directive') ? [] : tokens.flatMap(longLists)
  // The last entry stays, because it says where the list ends and what follows begins.
  const rests = long.map((list) => ({
    list,
    rest: list.items.splice(ENTRIES_A_PIECE, list.items.length - ENTRIES_A_PIECE - 1) as List['items']
  }))
  const documents = [...new Composer(options).compose(tokens, true, text.length)] as Document<ParsedNode>[]
  const [nodes, second] = documents
  const errors = [...nodes!.errors]
  for (const { list, rest } of rests) errors.push(...(yield* insertRest(nodes!, list, rest)))
  const problems = errors
    .sort((a, b) => a.pos[0] - b.pos[0])
    .map(({ message, pos }) => syntaxProblem(`Not valid YAML: ${message.split('\n')[0]}.`, placeOf(lines, pos[0])))
  if (second)
    problems.push(
      syntaxProblem(
        'The text holds several YAML documents. A pipeline is one; put the others into texts of their own.',
        placeOf(lines, second.range![0])
      )
    )
  return { nodes: nodes!, errors: problems }
}

type List = CST.BlockSequence | CST.FlowCollection

const isList = (token: CST.Token | null | undefined): token is List =>
  token?.type === 'block-seq' || (token?.type === 'flow-collection' && token.start.source === '[')

/** Lists of a mapping that are too long to be put together in one piece. In brackets, a comment may be that of the entry before it: they stay whole. */
function longLists(token: CST.Token): List[] {
  if (token.type !== 'document' || (token.value?.type !== 'block-map' && token.value?.type !== 'flow-collection')) return []
  const values: (CST.Token | null | undefined)[] = token.value.items.map(({ value }) => value)
  const isDivisible = (list: List): boolean =>
    list.type === 'block-seq' || !list.items.some(({ start }) => start.some(({ type }) => type === 'comment'))
  return values.filter(isList).filter((list) => list.items.length > ENTRIES_A_PIECE + 1 && isDivisible(list))
}

/** Puts the rest of a list together and inserts it where it belongs in the node that the other entries became. Returns what is wrong with it. */
function* insertRest(nodes: Document<ParsedNode>, list: List, rest: List['items']): Work<Document['errors']> {
  const errors: Document['errors'] = []
  const values: unknown[] = isMap(nodes.contents) ? nodes.contents.items.map(({ value }) => value) : []
  const target = values.find((value): value is YAMLSeq.Parsed => isSeq(value) && value.range?.[0] === list.offset)
  const start = rest[0]!.start[0]?.offset ?? Infinity
  const after = target?.items.filter(({ range }) => range[0] >= start).length ?? 0
  for (let at = 0; at < rest.length; at += ENTRIES_A_PIECE) {
    yield
    const { value, outer } = partOf(list, rest.slice(at, at + ENTRIES_A_PIECE))
    const [part] = new Composer(options).compose([{ type: 'document', offset: list.offset, start: [], value }]) as Iterable<Document>
    errors.push(...part!.errors)
    if (!target || !isSeq(part!.contents)) continue
    const entries = part!.contents.items as ParsedNode[]
    target.items.splice(target.items.length - after, 0, ...entries.slice(outer, entries.length - outer))
  }
  return errors
}

/** Some entries of a list as a list of their own. In brackets they stand between two others, so that commas count as they do in the whole. */
function partOf(list: List, items: List['items']): { value: List; outer: number } {
  if (list.type === 'block-seq') return { value: { ...list, items } as List, outer: 0 }
  const { offset, indent } = list
  const value: CST.FlowScalar = { type: 'scalar', offset, indent, source: '0' }
  const comma: CST.SourceToken = { type: 'comma', offset, indent, source: ',' }
  const end: CST.SourceToken = { type: 'flow-seq-end', offset, indent, source: ']' }
  return { value: { ...list, items: [{ start: [], value }, ...items, { start: [comma], value }], end: [end] }, outer: 1 }
}

function placeOf(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col: column } = lines.linePos(offset)
  return { line, column }
}

/** Keys that stand twice in a mapping or cannot be a name, whole numbers that a number cannot hold, and what a command has without quotes. */
function* lookThrough(nodes: Document<ParsedNode>, lines: LineCounter): Work<Pick<ReadNodes, 'problems' | 'typed' | 'hasAnchors'>> {
  const keys: PipelineProblem[] = []
  const numbers: PipelineProblem[] = []
  const typed: Scalar[] = []
  let hasAnchors = false
  let seen = 0
  for (const node of nodesWithin(nodes)) {
    if (++seen % NODES_A_PIECE === 0) yield
    hasAnchors ||= isAlias(node) || (isNode(node) && 'anchor' in node && node.anchor !== undefined)
    if (isMap(node) && keys.length < MAX_PROBLEMS) keys.push(...badKeys(node, lines))
    else if (isPair(node) && isScalar(node.key) && node.key.value === 'command' && isSeq(node.value))
      typed.push(...node.value.items.filter(isTyped))
    else if (isScalar(node) && typeof node.value === 'number' && node.source !== undefined && losesDigits(node.source))
      numbers.push(syntaxProblem(`${node.source} cannot be held exactly as a number. Write it in quotes.`, placeOf(lines, node.range![0])))
  }
  return { problems: [...keys.slice(0, MAX_PROBLEMS), ...numbers.slice(0, MAX_PROBLEMS)], typed, hasAnchors }
}

const isTyped = (item: unknown): item is Scalar =>
  isScalar(item) && item.source !== undefined && ['number', 'boolean'].includes(typeof item.value)

/** Everything in a document, in its order. */
function* nodesWithin({ contents }: Document<ParsedNode>): Generator<unknown> {
  const pending: unknown[] = [contents]
  while (pending.length > 0) {
    const node = pending.pop()
    yield node
    if (isPair(node)) pending.push(node.value, node.key)
    else if (isCollection(node)) for (let at = node.items.length - 1; at >= 0; at--) pending.push(node.items[at])
  }
}

const noPrototype = '"__proto__" cannot be a name. Choose another.'
/** What stands under that name would change every mapping that it is read into. */
const isOfPrototype = ({ message }: PipelineProblem): boolean => message === noPrototype

/** Finds keys that cannot be, and takes the later ones of equal keys out of the mapping. */
function badKeys(map: YAMLMap, lines: LineCounter): PipelineProblem[] {
  const problems: PipelineProblem[] = []
  const names = new Set<string>()
  const items: typeof map.items = []
  for (const pair of map.items) {
    const { key } = pair
    const name = String(isScalar(key) ? key.value : key)
    const at = isScalar(key) && key.range ? placeOf(lines, key.range[0]) : undefined
    if (name === '__proto__') problems.push(syntaxProblem(noPrototype, at))
    else if (names.has(name)) problems.push(syntaxProblem(`Not valid YAML: "${name}" stands twice in a mapping. Remove one.`, at))
    else items.push(pair)
    names.add(name)
  }
  map.items = items
  return problems
}

/** What a document stands for, as plain values. Throws when aliases stand for more than `maxAliasCount` allows. */
export function* plainValue({ nodes, hasAnchors }: ReadNodes, maxAliasCount: number): Work<unknown> {
  // What aliases stand for is counted over the whole document.
  if (hasAnchors || !isMap(nodes?.contents)) return nodes?.toJS({ maxAliasCount }) as unknown
  const json: Record<string, unknown> = {}
  const plain = (node: unknown): unknown => (isNode(node) ? node.toJS(nodes) : node)
  for (const { key, value } of nodes.contents.items) {
    const name = String(isScalar(key) ? key.value : key)
    if (!isSeq(value)) json[name] = plain(value)
    else {
      const entries: unknown[] = (json[name] = [])
      for (const [at, item] of value.items.entries()) {
        if (at % ENTRIES_A_PIECE === 0) yield
        entries.push(plain(item))
      }
    }
  }
  return json
}
