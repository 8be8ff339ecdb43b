import { filterNames, parseRunFilter } from '../../../main/model/run-filter'
import { quoteText } from '../../../main/model/sql-quoting'
import { describeError } from '../../ui'

/** What a filter may name in this workspace. */
export interface FilterVocabulary {
  metricKeys: readonly string[]
  parameterKeys: readonly string[]
  tagKeys: readonly string[]
  experiments: readonly string[]
  algorithms: readonly string[]
}

export interface FilterMistake {
  message: string
  /** Character of the mistake, from 0. */
  at: number
  /** The text is right so far and only stops too early: one is still typing. */
  unfinished: boolean
}

/** The mistake in a filter text, or null when it can be applied. */
export function findFilterMistake(text: string): FilterMistake | null {
  try {
    parseRunFilter(text)
    return null
  } catch (error) {
    const { message, details } = describeError(error)
    const place = typeof details === 'object' && details !== null ? (details as Record<string, unknown>)['at'] : undefined
    const at = typeof place === 'number' ? Math.min(place, text.length) : text.length
    return { message, at, unfinished: at >= text.trimEnd().length }
  }
}

export interface Completion {
  /** Shown and inserted. */
  text: string
  kind: 'column' | 'operator' | 'value' | 'word'
}
export interface CompletionList {
  /** The part of the text that a choice replaces. */
  from: number
  to: number
  choices: Completion[]
}

const quoteKey = (key: string) => (/^[\p{L}_][\p{L}\p{N}_-]*$/u.test(key) ? key : `"${key.replace(/(["\\])/g, '\\$1')}"`)
const COMPARISONS = ['=', '!=', '>', '>=', '<', '<=', 'in (', 'not in (', 'like', 'is null', 'is not null', 'is finite', 'is not finite']
const TOKEN = /"(?:[^"\\]|\\.)*"?|`[^`]*`?|'(?:[^'\\]|\\.|'')*'?|<=|>=|!=|<>|==|[=<>(),]|[^\s"'`=<>!(),]+(?:"(?:[^"\\]|\\.)*"?)?/gu

/** What may follow at the cursor: columns, comparisons, values or joining words, narrowed by what is already typed there. */
export function completeFilter(text: string, cursor: number, vocabulary: FilterVocabulary): CompletionList {
  const tokens = [...text.slice(0, cursor).matchAll(TOKEN)].map((match) => ({ text: match[0], at: match.index }))
  const last = tokens.at(-1)
  const touches = last !== undefined && last.at + last.text.length === cursor && !/^[(),]$/.test(last.text)
  const fragment = touches ? last.text : ''
  const from = touches ? last.at : cursor
  const before = (touches ? tokens.slice(0, -1) : tokens).map((token) => token.text)
  const choices = expected(before, vocabulary).filter(
    (choice) => choice.text.toLowerCase() !== fragment.toLowerCase() && matches(choice.text, fragment)
  )
  return { from, to: cursor, choices: choices.slice(0, 60) }
}

/** A fragment fits the start of the text or of its part after the dot; the quotes around a name need not be typed. */
function matches(choice: string, fragment: string): boolean {
  const plain = (text: string) => text.toLowerCase().replace(/["'`]/g, '')
  const wanted = plain(fragment)
  const text = plain(choice)
  return text.startsWith(wanted) || (wanted.length > 1 && text.slice(text.indexOf('.') + 1).includes(wanted))
}

function expected(before: readonly string[], vocabulary: FilterVocabulary): Completion[] {
  const columns = [
    ...vocabulary.metricKeys.map((key) => `metrics.${quoteKey(key)}`),
    ...filterNames.filter((name) => !name.endsWith('.')),
    ...vocabulary.parameterKeys.map((key) => `params.${quoteKey(key)}`),
    ...vocabulary.tagKeys.map((key) => `tags.${quoteKey(key)}`)
  ].map((name): Completion => ({ text: name, kind: 'column' }))
  const not: Completion = { text: 'not', kind: 'word' }
  const state = readState(before)
  if (state.kind === 'column') return [...columns, not]
  if (state.kind === 'operator') return COMPARISONS.map((name) => ({ text: name, kind: 'operator' }))
  if (state.kind === 'value') return valuesOf(state.column, vocabulary).map((value) => ({ text: quoteText(value), kind: 'value' }))
  return ['and', 'or'].map((name) => ({ text: name, kind: 'word' }))
}

type State = { kind: 'column' } | { kind: 'operator' } | { kind: 'value'; column: string } | { kind: 'join' }

function readState(tokens: readonly string[]): State {
  let state: State = { kind: 'column' }
  let column = ''
  let inList = false
  for (const token of tokens) {
    const word = token.toLowerCase()
    if (state.kind === 'column') {
      if (word === 'not' || word === '(') continue
      column = token
      state = { kind: 'operator' }
    } else if (state.kind === 'operator') {
      if (word === 'not' || word === 'is') continue
      if (word === 'null') state = { kind: 'join' }
      else {
        inList = word === 'in'
        state = { kind: 'value', column }
      }
    } else if (state.kind === 'value') {
      if (word === '(') continue
      if (inList && word !== ')') state = { kind: 'join' }
      else if (!inList) state = { kind: 'join' }
    } else if (word === ',' && inList) state = { kind: 'value', column }
    else if (word === ')') inList = false
    else if (word === 'and' || word === 'or') state = { kind: 'column' }
  }
  return state
}

function valuesOf(column: string, vocabulary: FilterVocabulary): readonly string[] {
  switch (column.toLowerCase()) {
    case 'status':
      return ['finished', 'failed', 'running', 'cancelled']
    case 'gate':
      return ['pass', 'fail']
    case 'experiment':
      return vocabulary.experiments
    case 'algorithm':
    case 'params.algorithm':
      return vocabulary.algorithms
    default:
      return []
  }
}
