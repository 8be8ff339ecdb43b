import { countOf } from '../count-of'
import { printable } from '../plain-text'

/** Characters of a text that are shown again. */
const mostShown = 40

/** What must not be shown again, wherever the sentence goes. */
const isSecret = (path: readonly PropertyKey[]): boolean => path.some((key) => /pass(phrase|word)|secret|token/i.test(String(key)))

/** What stands where something else belongs, in words. */
export function wordsFor(value: unknown, path: readonly PropertyKey[]): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value === 'object') return value instanceof Date ? 'a date' : 'a mapping'
  if (typeof value === 'string' && value.length > mostShown) return `a text of ${countOf(value.length, 'character')}`
  if (value === '') return 'an empty text'
  if (isSecret(path)) return `this ${typeof value === 'string' ? 'text' : 'value'}`
  if (typeof value === 'string') return `the text "${printable(value)}"`
  if (typeof value === 'number') return Number.isNaN(value) ? 'NaN, which is no number' : `the number ${value}`
  return String(value)
}

/** As `wordsFor`, where texts are told apart by what they say. */
export function saidThere(value: unknown, path: readonly PropertyKey[]): string {
  const words = wordsFor(value, path)
  return words.startsWith('the text ') ? words.slice('the text '.length) : words
}

/** What is written at a path of a value. */
export function writtenAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value
  for (const key of path)
    at = at !== null && typeof at === 'object' && Object.hasOwn(at, key) ? (at as Record<PropertyKey, unknown>)[key] : undefined
  return at
}

/** What a sentence about a place begins with: the field in quotes, or which entry of which list. */
export function nameOf(path: readonly PropertyKey[], isMapping: boolean): string {
  const last = path.at(-1)
  if (last === undefined) return isMapping ? 'The document' : 'It'
  if (typeof last !== 'number') return `"${printable(String(last))}"`
  const list = path.slice(0, -1)
  const of = list.length === 0 ? 'the list' : nameOf(list, isMapping)
  return `Entry ${last + 1} of ${of.replace(/^Entry/, 'entry')}`
}
