/** Where a text stops being JSON, in characters from its start. */
export class NotJson extends Error {
  constructor(
    readonly at: number,
    what: string
  ) {
    super(what)
  }
}

/** A value within a text: from its first character to behind its last. */
export type Span = readonly [start: number, end: number]

const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
/** What Python writes for numbers that JSON does not have is taken too. */
const word = /true|false|null|NaN|-?Infinity/y
const maximumDepth = 1_000

/** The next character that is no blank. */
export function skipBlank(text: string, at: number): number {
  for (; ; at++) {
    const code = text.charCodeAt(at)
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9 && code !== 0xfeff) return at
  }
}

function stringEnd(text: string, at: number): number {
  for (let end = text.indexOf('"', at + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0
    while (text.charCodeAt(end - 1 - slashes) === 92) slashes++
    if (slashes % 2 === 0) return end + 1
  }
  throw new NotJson(at, 'a text is not closed')
}

function scalarEnd(text: string, at: number): number {
  if (text.charCodeAt(at) === 34) return stringEnd(text, at)
  for (const pattern of [word, number]) {
    pattern.lastIndex = at
    if (pattern.test(text)) return pattern.lastIndex
  }
  throw new NotJson(at, at >= text.length ? 'it breaks off' : `there is no value at "${text.slice(at, at + 20)}"`)
}

/** From the quote of a key to behind its colon. */
function keyEnd(text: string, at: number): number {
  if (text.charCodeAt(at) !== 34) throw new NotJson(at, at >= text.length ? 'it breaks off' : 'a key is expected')
  const colon = skipBlank(text, stringEnd(text, at))
  if (text.charCodeAt(colon) !== 58) throw new NotJson(colon, 'a colon is expected')
  return colon + 1
}

/** Behind the value that begins at `at`, which must not be a blank. A comma too many before a bracket is let pass. Throws NotJson. */
export function valueEnd(text: string, at: number): number {
  const open: number[] = []
  for (let i = at; ;) {
    const code = text.charCodeAt(i)
    if (code === 123 || code === 91) {
      if (open.push(code + 2) > maximumDepth) throw new NotJson(i, `it nests deeper than ${maximumDepth} levels`)
      i = skipBlank(text, i + 1)
    } else i = scalarEnd(text, i)
    let isFirst = code === 123 || code === 91
    // what is open is closed, or goes on behind a comma
    for (; open.length > 0; isFirst = false) {
      i = skipBlank(text, i)
      const next = text.charCodeAt(i)
      const closer = open[open.length - 1]
      if (next === closer) {
        open.pop()
        i++
        continue
      }
      if (!isFirst) {
        if (next !== 44) throw new NotJson(i, i >= text.length ? 'it breaks off' : 'a comma is expected')
        i = skipBlank(text, i + 1)
        if (text.charCodeAt(i) === closer) continue
      }
      if (closer === 125) i = skipBlank(text, keyEnd(text, i))
      break
    }
    if (open.length === 0) return i
  }
}

/** The members of an object by their keys; of a key that stands twice the last, as nearly every reader takes it. */
export interface JsonObject {
  members: Map<string, Span>
  /** The first key that stands twice. */
  twice?: string
}

/** The object that begins at `at`. Throws NotJson. */
export function readObject(text: string, at: number): JsonObject {
  const object: JsonObject = { members: new Map() }
  for (let i = skipBlank(text, at + 1); text.charCodeAt(i) !== 125;) {
    const start = skipBlank(text, keyEnd(text, i))
    const key = decodeText(text, [i, stringEnd(text, i)])
    const end = valueEnd(text, start)
    if (object.members.has(key)) object.twice ??= key
    object.members.set(key, [start, end])
    i = skipBlank(text, end)
    if (text.charCodeAt(i) === 44) i = skipBlank(text, i + 1)
    else if (text.charCodeAt(i) !== 125) throw new NotJson(i, i >= text.length ? 'it breaks off' : 'a comma is expected')
  }
  return object
}

/** The elements of the list that begins at `at`. Throws NotJson. */
export function readList(text: string, at: number): Span[] {
  const elements: Span[] = []
  for (let i = skipBlank(text, at + 1); text.charCodeAt(i) !== 93;) {
    const end = valueEnd(text, i)
    elements.push([i, end])
    i = skipBlank(text, end)
    if (text.charCodeAt(i) === 44) i = skipBlank(text, i + 1)
    else if (text.charCodeAt(i) !== 93) throw new NotJson(i, i >= text.length ? 'it breaks off' : 'a comma is expected')
  }
  return elements
}

function decodeText(text: string, [start, end]: Span): string {
  const inner = text.slice(start + 1, end - 1)
  if (!inner.includes('\\')) return inner
  try {
    return JSON.parse(`"${inner.replace(/[\n\r\t]/g, (c) => ({ '\n': '\\n', '\r': '\\r' })[c] ?? '\\t')}"`) as string
  } catch {
    throw new NotJson(start, 'a text has an unknown escape')
  }
}

export type JsonKind = 'object' | 'list' | 'text' | 'null' | 'plain'

export function kindAt(text: string, at: number): JsonKind {
  switch (text.charCodeAt(at)) {
    case 123:
      return 'object'
    case 91:
      return 'list'
    case 34:
      return 'text'
    case 110:
      return 'null'
    default:
      return 'plain'
  }
}

/** The text of a cell: numbers with the digits that the file has, nested values as JSON without blanks; null for null. */
export function cellText(text: string, span: Span): string | null {
  switch (kindAt(text, span[0])) {
    case 'null':
      return null
    case 'text':
      return decodeText(text, span).replaceAll('\0', '\uFFFD')
    case 'plain':
      return withoutExponent(text.slice(...span))
    default:
      return withoutBlanks(text.slice(...span))
  }
}

/** A number with its exponent worked in, digit by digit: what is a number in JSON must not look like a code. */
function withoutExponent(digits: string): string {
  const parts = /^(-?)([0-9]+)(?:\.([0-9]+))?[eE]([+-]?[0-9]+)$/.exec(digits)
  if (!parts || Math.abs(Number(parts[4])) > 30) return digits
  const [, sign, whole, fraction = '', exponent] = parts
  const point = whole.length + Number(exponent)
  const all = `${'0'.repeat(Math.max(0, 1 - point))}${whole}${fraction}`.padEnd(point, '0')
  const at = Math.max(1, point)
  const integer = all.slice(0, at).replace(/^0+(?=[0-9])/, '')
  return `${sign}${integer}${all.length > at ? `.${all.slice(at)}` : ''}`
}

function withoutBlanks(nested: string): string {
  if (!/[ \n\r\t]/.test(nested)) return nested
  let tidy = ''
  for (let i = 0; i < nested.length;) {
    const end = nested.charCodeAt(i) === 34 ? stringEnd(nested, i) : i + 1
    if (end > i + 1 || !/[ \n\r\t]/.test(nested[i])) tidy += nested.slice(i, end)
    i = end
  }
  return tidy
}
