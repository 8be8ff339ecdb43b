import {
  isMap,
  isScalar,
  Lexer,
  parseDocument,
  visit,
  YAMLParseError,
  type Document,
  type LineCounter,
  type ParsedNode,
  type Scalar
} from 'yaml'

/** Signs and words of a text: ten times what 200 rules and 500 tests of a few facts have. */
const mostWords = 150_000
const mostAnchors = 500

/**
 * Reads a text as YAML whose keys are text, in time that grows with its length. The parser compares each key of a mapping with each and
 * looks for an anchor among all, which takes minutes for a hostile text: equal keys are looked for here, and anchors are counted before.
 * @returns the document, of equal keys the first; what is wrong with the text is among its errors
 * @throws Error in words for a reader when the text has too many parts
 */
export function parseBoundedYaml(text: string, lineCounter: LineCounter): Document.Parsed<ParsedNode> {
  let words = 0
  let anchors = 0
  for (const word of new Lexer().lex(text)) {
    if (++words > mostWords) throw new Error(`it has more than ${mostWords} signs and words`)
    if (word[0] === '&' && ++anchors > mostAnchors) throw new Error(`it names more than ${mostAnchors} parts (&)`)
  }
  const tree = parseDocument(text, { lineCounter, schema: 'core', prettyErrors: false, stringKeys: true, uniqueKeys: false })
  if (tree.errors.length > 0) return tree
  visit(tree, {
    Map(_, map) {
      if (!isMap(map)) return
      const names = new Set<unknown>()
      map.items = map.items.filter(({ key }) => {
        if (!isScalar(key)) return true
        const isTwice = names.has(key.value)
        if (isTwice) tree.errors.push(standsTwice(key))
        names.add(key.value)
        return !isTwice
      })
    }
  })
  return tree
}

const standsTwice = ({ value, range }: Scalar): YAMLParseError =>
  new YAMLParseError([range?.[0] ?? 0, range?.[1] ?? 0], 'DUPLICATE_KEY', `"${String(value)}" stands twice in a mapping. Remove one.`)
