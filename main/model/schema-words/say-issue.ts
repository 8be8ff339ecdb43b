import type { z } from 'zod'
import { countOf } from '../count-of'
import { didYouMean } from '../near-names'
import { printable } from '../plain-text'
import { allowedBy, allowedByIssue } from './allowed'
import { saidThere, wordsFor } from './found'
import { formsOf, type AnySchema } from './schemas-at'

/** What is known of the place of an issue. */
export interface Place {
  path: readonly PropertyKey[]
  /** What is written there; undefined where nothing is. */
  value: unknown
  /** What the schema has there, a form each. */
  schemas: readonly AnySchema[]
  /** Whether near words are looked for: a hostile text has thousands of mistakes. */
  hints: boolean
}

/** The longest word that near ones are looked for. */
const longestWord = 64

/** A sentence of an issue that has no words of its schema, about `name`: what may stand there, what does, and what was perhaps meant. */
export function sayIssue(issue: z.core.$ZodIssue, name: string, place: Place): string {
  const { path, value } = place
  const takes = allowedBy(place.schemas) || allowedByIssue(issue)
  switch (issue.code) {
    case 'invalid_type':
    case 'invalid_union':
      if (issue.code === 'invalid_union' && issue.inclusive === false)
        return `${name} fits more than one of the forms that it may have, and has to fit one.`
      return absent(name, takes, value) ?? `${name} takes ${takes}, not ${found(place)}.${meant(place) || quoted(issue, value)}`
    case 'invalid_value':
      return absent(name, takes, value) ?? `${name} takes ${takes}, not ${saidThere(value, path)}.${meant(place)}`
    case 'too_small':
    case 'too_big':
      return saySize(issue, name, takes, place)
    case 'not_multiple_of':
      return `${name} takes a multiple of ${issue.divisor}, not ${wordsFor(value, path)}.`
    case 'invalid_format':
      // What a schema says of a text may leave out the form that this one lacks.
      return `${name} takes ${formOf(issue, takes)}, not ${saidThere(value, path)}.`
    case 'unrecognized_keys':
      return `There is no key ${issue.keys.map((key) => `"${printable(key)}"`).join(', ')} here.`
    case 'invalid_key':
      return `${name} cannot be a key here.${within(issue.issues)}`
    case 'invalid_element':
      return `${name} has an entry that does not fit.${within(issue.issues)}`
    case 'custom':
      return `${name} does not fit: there is ${wordsFor(value, path)}.`
  }
}

/** A word among words is told by what it says. */
const found = ({ value, path, schemas }: Place): string => (choicesOf(schemas).length > 0 ? saidThere(value, path) : wordsFor(value, path))

function absent(name: string, takes: string, value: unknown): string | undefined {
  if (takes === 'nothing') return undefined
  if (value === undefined) return `${name} is missing. It takes ${takes}.`
  return value === null ? `${name} is empty. It takes ${takes}.` : undefined
}

/** What was perhaps meant by a word that is none of a choice. */
function meant({ value, schemas, hints }: Place): string {
  if (!hints || typeof value !== 'string' || value.length > longestWord) return ''
  // Where only one thing may stand, the sentence has named it.
  return schemas.flatMap((schema) => formsOf(schema)).length + choicesOf(schemas).length > 2 ? didYouMean(value, choicesOf(schemas)) : ''
}

const choicesOf = (schemas: readonly AnySchema[]): string[] =>
  schemas
    .flatMap((schema) => formsOf(schema))
    .flatMap(({ _zod: { values } }) => [...(values ?? [])].filter((word): word is string => typeof word === 'string'))

/** A number that was written as a text, or the other way round: quotes decide. */
function quoted(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.code !== 'invalid_type') return ''
  const isNumber = ['number', 'int'].includes(issue.expected)
  if (isNumber && typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))) return ' Write it without quotes.'
  return issue.expected === 'string' && ['number', 'boolean'].includes(typeof value) ? ' Write it in quotes.' : ''
}

type SizeIssue = Extract<z.core.$ZodIssue, { code: 'too_small' | 'too_big' }>

function saySize(issue: SizeIssue, name: string, takes: string, { path, value }: Place): string {
  const length = typeof value === 'string' || Array.isArray(value) ? value.length : undefined
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value))
    return `${name} takes ${takes} that a number can hold exactly, not ${wordsFor(value, path)}.`
  if (!['string', 'array', 'set', 'map'].includes(issue.origin) || length === undefined)
    return `${name} takes ${takes}, not ${wordsFor(value, path)}.`
  if (length === 0 || (typeof value === 'string' && value.trim() === '')) return `${name} is empty. It takes ${takes}.`
  return `${name} takes ${takes}; there ${length === 1 ? 'is' : 'are'} ${countOf(length, typeof value === 'string' ? 'character' : 'entry')}.`
}

function formOf(issue: Extract<z.core.$ZodIssue, { code: 'invalid_format' }>, takes: string): string {
  if (issue.format === 'starts_with') return `a text that begins with "${String((issue as { prefix?: unknown }).prefix)}"`
  if (issue.format === 'ends_with') return `a text that ends with "${String((issue as { suffix?: unknown }).suffix)}"`
  if (issue.format === 'includes') return `a text with "${String((issue as { includes?: unknown }).includes)}" in it`
  return issue.format === 'regex' || takes.startsWith('a text') ? allowedByIssue(issue) : takes
}

/** What is wrong with the key or the entry itself, in the words of its schema or in those for its kind. */
function within(issues: readonly z.core.$ZodIssue[]): string {
  const [first] = issues
  if (!first) return ''
  return ` ${first.message || `It takes ${allowedByIssue(first)}.`}`
}
