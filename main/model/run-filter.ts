import { WorkbenchError } from './errors'
import type { RunSummary } from './run'

/**
 * The filter language of the runs table, evaluated over summaries:
 *   expression := and ("or" and)* ; and := not ("and" not)* ; not := "not" not | "(" expression ")" | comparison
 *   comparison := name (= | != | > | >= | < | <=) literal | name [not] in (literal, ...) | name is [not] null
 *                | name is [not] finite | name [not] like 'pattern with %'
 *   name := metrics.KEY | params.KEY | tags.KEY | name | status | algorithm | experiment | pipeline | duration | started | gate | registered
 * Keys with other characters are quoted: metrics."val loss". A missing value matches nothing but `is null` and `not`, a number that is NaN
 * or infinite nothing but `is not finite`, `is not null` and `not`.
 */
export type RunFilter = (run: RunSummary) => boolean

type Value = string | number | null
type Getter = (run: RunSummary) => Value
/** A key such as `constructor` must not find what every object inherits. */
const own = <T>(record: Record<string, T>, key: string): T | undefined => (Object.hasOwn(record, key) ? record[key] : undefined)

interface Token {
  kind: 'word' | 'quoted' | 'string' | 'number' | 'symbol' | 'end'
  text: string
  at: number
}

const PLAIN: Record<string, Getter> = {
  name: (run) => run.name,
  id: (run) => run.id,
  status: (run) => run.status,
  algorithm: (run) => run.algorithm,
  experiment: (run) => run.experiment,
  pipeline: (run) => run.pipeline,
  duration: (run) => run.duration,
  started: (run) => run.startedAt,
  startedat: (run) => run.startedAt,
  gate: (run) => run.gate,
  registered: (run) => run.registered.join(', ') || null
}
/** Names that a comparison may begin with, for completion. */
export const filterNames = [...Object.keys(PLAIN).filter((name) => name !== 'startedat'), 'metrics.', 'params.', 'tags.']

function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  const pattern =
    /\s+|("(?:[^"\\]|\\.)*"|`[^`]*`)|('(?:[^'\\]|\\.|'')*')|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\p{L}\p{N}_-])|([\p{L}_][\p{L}\p{N}_-]*)|(<=|>=|!=|<>|==|[=<>(),.])/uy
  let at = 0
  while (at < text.length) {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (!match) throw problem(`There is a stray "${text[at]}"`, at)
    const [whole, quoted, string, number, word, symbol] = match
    if (quoted !== undefined) tokens.push({ kind: 'quoted', text: quoted.slice(1, -1).replace(/\\(.)/g, '$1'), at })
    else if (string !== undefined) tokens.push({ kind: 'string', text: string.slice(1, -1).replace(/''|\\(.)/g, (_m, c) => c ?? "'"), at })
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, at })
    else if (word !== undefined) tokens.push({ kind: 'word', text: word, at })
    else if (symbol !== undefined) tokens.push({ kind: 'symbol', text: symbol, at })
    at += whole.length
  }
  tokens.push({ kind: 'end', text: 'the end', at: text.length })
  return tokens
}

const problem = (message: string, at: number): WorkbenchError =>
  new WorkbenchError(
    'INVALID_INPUT',
    `The filter cannot be read: ${message} (character ${at + 1}). Example: metrics.auc > 0.8 and params.algorithm = 'gradient-boosting'.`,
    { details: { at } }
  )

/** A metric, parameter or tag that a filter names. */
export interface FilterKey {
  group: 'metrics' | 'params' | 'tags'
  key: string
}

/**
 * Compiles a filter; an empty text matches every run. `onKey` is told each metric, parameter and tag that it names.
 * Throws INVALID_INPUT with the position of the mistake.
 */
export function parseRunFilter(text: string, onKey?: (named: FilterKey) => void): RunFilter {
  if (text.trim() === '') return () => true
  const tokens = tokenize(text)
  let position = 0
  const peek = (): Token => tokens[position]
  const next = (): Token => tokens[position++]
  const isWord = (word: string): boolean => peek().kind === 'word' && peek().text.toLowerCase() === word
  const takeWord = (word: string): boolean => isWord(word) && (position++, true)
  const takeSymbol = (symbol: string): boolean => peek().kind === 'symbol' && peek().text === symbol && (position++, true)
  const expectSymbol = (symbol: string): void => {
    if (!takeSymbol(symbol)) throw problem(`"${symbol}" was expected before ${show(peek())}`, peek().at)
  }

  function expression(depth: number): RunFilter {
    if (depth > 100) throw problem('it is nested too deeply', peek().at)
    let left = conjunction(depth)
    while (takeWord('or')) {
      const [a, b] = [left, conjunction(depth)]
      left = (run) => a(run) || b(run)
    }
    return left
  }
  function conjunction(depth: number): RunFilter {
    let left = negation(depth)
    while (takeWord('and')) {
      const [a, b] = [left, negation(depth)]
      left = (run) => a(run) && b(run)
    }
    return left
  }
  function negation(depth: number): RunFilter {
    if (depth > 100) throw problem('it is nested too deeply', peek().at)
    if (takeWord('not')) {
      const inner = negation(depth + 1)
      return (run) => !inner(run)
    }
    if (takeSymbol('(')) {
      const inner = expression(depth + 1)
      expectSymbol(')')
      return inner
    }
    return comparison()
  }
  function getter(): Getter {
    const first = next()
    if (first.kind !== 'word' && first.kind !== 'quoted') throw problem(`a name was expected before ${show(first)}`, first.at)
    const group = first.text.toLowerCase()
    if (first.kind === 'word' && ['metrics', 'metric', 'params', 'parameters', 'param', 'tags', 'tag'].includes(group) && takeSymbol('.')) {
      const key = next()
      if (key.kind !== 'word' && key.kind !== 'quoted') throw problem(`a key was expected after "${first.text}."`, key.at)
      onKey?.({ group: group.startsWith('metric') ? 'metrics' : group.startsWith('param') ? 'params' : 'tags', key: key.text })
      if (group.startsWith('metric')) return (run) => own(run.metrics, key.text)?.value ?? null
      if (group.startsWith('param')) return (run) => own(run.parameters, key.text) ?? null
      return (run) => own(run.tags, key.text) ?? null
    }
    const plain = PLAIN[group]
    if (!plain) throw problem(`"${first.text}" is not a column. Columns are ${filterNames.join(', ')}`, first.at)
    return plain
  }
  function literal(): Value {
    const token = next()
    if (token.kind === 'number') return Number(token.text)
    if (token.kind === 'string' || token.kind === 'quoted') return token.text
    if (token.kind === 'word' && token.text.toLowerCase() === 'null') return null
    if (token.kind === 'word') return token.text
    throw problem(`a value was expected before ${show(token)}`, token.at)
  }
  function comparison(): RunFilter {
    const get = getter()
    if (takeWord('is')) {
      const negate = takeWord('not')
      if (takeWord('finite')) return (run) => isNumber(get(run), (value) => Number.isFinite(value) !== negate)
      if (!takeWord('null')) throw problem('"is" must be followed by "null" or "finite", with or without "not"', peek().at)
      return (run) => (get(run) === null) !== negate
    }
    const negate = takeWord('not')
    if (takeWord('in')) {
      expectSymbol('(')
      const values = [literal()]
      while (takeSymbol(',')) values.push(literal())
      expectSymbol(')')
      return (run) => present(get(run), (value) => values.some((v) => compare(value, v) === 0) !== negate)
    }
    if (takeWord('like')) {
      const pattern = String(literal())
      return (run) => present(get(run), (value) => matchesLike(String(value), pattern) !== negate)
    }
    if (negate) throw problem('"not" here must be followed by "in" or "like"', peek().at)
    const operator = next()
    const test = OPERATORS[operator.kind === 'symbol' ? operator.text : '']
    if (!test) throw problem(`a comparison such as = or > was expected before ${show(operator)}`, operator.at)
    const value = literal()
    if (value === null) throw problem('compare with null by "is null"', operator.at)
    return (run) => present(get(run), (actual) => test(compare(actual, value)))
  }

  const filter = expression(0)
  if (peek().kind !== 'end') throw problem(`${show(peek())} was not expected`, peek().at)
  return filter
}

const show = (token: Token): string => (token.kind === 'end' ? 'the end' : `"${token.text}"`)
const isNumber = (value: Value, test: (value: number) => boolean): boolean => typeof value === 'number' && test(value)
const present = (value: Value, test: (value: string | number) => boolean): boolean =>
  value !== null && (typeof value !== 'number' || Number.isFinite(value)) && test(value)
const OPERATORS: Record<string, (order: number) => boolean> = {
  '=': (o) => o === 0,
  '==': (o) => o === 0,
  '!=': (o) => o !== 0,
  '<>': (o) => o !== 0,
  '>': (o) => o > 0,
  '>=': (o) => o >= 0,
  '<': (o) => o < 0,
  '<=': (o) => o <= 0
}

/** Numbers compare as numbers, also when one side is text that reads as a number; NaN when there is no order. */
function compare(actual: string | number, wanted: Value): number {
  if (wanted === null) return NaN
  const a = typeof actual === 'number' ? actual : Number(actual)
  const b = typeof wanted === 'number' ? wanted : Number(wanted)
  const numeric = (typeof actual === 'number' || typeof wanted === 'number') && !(typeof actual === 'string' && actual.trim() === '')
  if (numeric) return a - b
  return String(actual) === String(wanted) ? 0 : String(actual) < String(wanted) ? -1 : 1
}

/** SQL LIKE with `%` and `_`, case-insensitive; linear in the text for each `%`, never exponential. */
function matchesLike(text: string, pattern: string): boolean {
  const t = text.toLowerCase()
  const p = pattern.toLowerCase()
  let i = 0
  let j = 0
  let star = -1
  let mark = 0
  while (i < t.length) {
    if (j < p.length && p[j] === '%') {
      star = j++
      mark = i
    } else if (j < p.length && (p[j] === '_' || p[j] === t[i])) {
      i++
      j++
    } else if (star >= 0) {
      j = star + 1
      i = ++mark
    } else return false
  }
  while (j < p.length && p[j] === '%') j++
  return j === p.length
}
