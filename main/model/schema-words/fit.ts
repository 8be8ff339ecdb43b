import type { z } from 'zod'
import { countOf } from '../count-of'
import { WorkbenchError } from '../errors'
import { didYouMean } from '../near-names'
import { printable } from '../plain-text'
import { nameOf, writtenAt } from './found'
import { sayIssue } from './say-issue'
import { formsOf, keysAt, schemasAt, type AnySchema } from './schemas-at'

/** What is wrong with a value, and where. */
export interface SchemaProblem {
  path: PropertyKey[]
  /** A sentence that names its field. */
  message: string
  /** The same for a reader who sees the field. */
  words: string
  /** Whether it is about the last key of the path itself, and not its value. */
  isKey: boolean
  /** Whether there is nothing where something has to be. */
  isMissing: boolean
  /** Of a key that is not known: a sentence with a space before it that says what was perhaps meant, or what there is. */
  next: string
}

export type Fit<T> = { success: true; data: T; problems?: undefined } | { success: false; data?: undefined; problems: Problems }
/** At least one. */
export type Problems = [SchemaProblem, ...SchemaProblem[]]

/** Keys of one mapping that are named; a reader mends no more at once. */
const mostKeys = 100
/** Problems of one value for which near words are looked for. */
const mostHints = 20

interface Options {
  /** Where the value stands in the whole that is read; the paths of the problems begin with it. */
  at?: readonly PropertyKey[]
  /** Whether near words are offered; they are unless a caller that asks thousands of times says otherwise. */
  hints?: boolean
}

/**
 * A value as its schema has it, or everything that is wrong with it in plain words. All that people read of a schema comes from here:
 * schemas say what they want in their own words or leave it to these, and zod's are never asked for.
 */
export function fit<S extends z.ZodType>(schema: S, value: unknown, { at = [], hints = true }: Options = {}): Fit<z.output<S>> {
  // Without words of the schema the message stays empty, which says that they are to be found here.
  const parsed = schema.safeParse(value, { error: () => '' })
  if (parsed.success) return parsed
  const told = tell(parsed.error.issues, { schema: schema as unknown as AnySchema, value, at, hints })
  return { success: false, problems: told as Problems }
}

/**
 * A value as its schema has it.
 * @param what what the value is, to begin a sentence
 * @throws WorkbenchError INVALID_INPUT
 */
export function fitted<S extends z.ZodType>(schema: S, value: unknown, what: string): z.output<S> {
  const parsed = fit(schema, value)
  if (parsed.success) return parsed.data
  throw new WorkbenchError('INVALID_INPUT', `${what} cannot be that: ${inOneSentence(parsed.problems)}. Nothing was done. Give another.`)
}

interface Whole extends Required<Options> {
  schema: AnySchema
  value: unknown
}

function tell(issues: readonly z.core.$ZodIssue[], whole: Whole): SchemaProblem[] {
  return issues.flatMap(nearest).flatMap((issue, index) => sayAt(issue, { ...whole, hints: whole.hints && index < mostHints }))
}

function sayAt(issue: z.core.$ZodIssue, whole: Whole): SchemaProblem[] {
  const path = [...whole.at, ...issue.path]
  if (issue.code === 'unrecognized_keys') return unknownKeys(issue.keys, issue.path, whole)
  const isKey = issue.code === 'invalid_key'
  const name = nameOf(
    path,
    formsOf(whole.schema).some(({ _zod: { def } }) => def.type === 'object')
  )
  const value = writtenAt(whole.value, issue.path)
  const about = { path, isKey, isMissing: issue.code !== 'custom' && !isKey && value === undefined, next: '' }
  if (issue.message !== '') {
    const words = printable(issue.message)
    return [{ ...about, words, message: path.length === 0 || words.includes(name) ? words : `${name}: ${words}` }]
  }
  const place = { path, value, schemas: schemasAt(whole.schema, issue.path), hints: whole.hints }
  return [{ ...about, words: sayIssue(issue, isKey ? name : 'It', place), message: sayIssue(issue, name, place) }]
}

/** Each key that is not known stands alone, with what was perhaps meant by it. */
function unknownKeys(keys: readonly string[], path: readonly PropertyKey[], { schema, at, hints }: Whole): SchemaProblem[] {
  const known = keysAt(schema, path)
  const problems = keys.slice(0, mostKeys).map((key, index): SchemaProblem => {
    const near = hints && index < mostHints ? didYouMean(key, known) : ''
    const next = near || (known.length > 0 ? ` There is ${known.join(', ')}.` : '')
    const message = `There is no key "${printable(key)}" here.${next}`
    return { path: [...at, ...path, key], message, words: message, isKey: true, isMissing: false, next }
  })
  if (keys.length <= mostKeys) return problems
  const message = `There are ${countOf(keys.length - mostKeys, 'more key')} here that nothing is known of.`
  return [...problems, { path: [...at, ...path], message, words: message, isKey: false, isMissing: false, next: '' }]
}

/** Of a value that may have several forms and fits none: what is wrong with the one form that it comes near to, if there is one. */
function nearest(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue]
  const near = issue.errors.filter((branch) => branch.every(({ path, code }) => path.length > 0 || code === 'unrecognized_keys'))
  const fewest = Math.min(...near.map(({ length }) => length))
  const [one, ...others] = near.filter(({ length }) => length === fewest)
  if (!one || others.length > 0) return [issue]
  return one.flatMap((each) => nearest({ ...each, path: [...issue.path, ...each.path] }))
}

/** The problem with its whole path before it, for who sees neither the field nor its line. */
export const withPath = ({ path, message }: SchemaProblem): string =>
  path.length < 2 ? message : `${printable(path.map(String).join('.'))}: ${message}`

/** The first problem, and how many others there are, without a stop at the end: to stand within a sentence. */
export function inOneSentence([first, ...others]: Problems): string {
  return `${withoutStop(withPath(first))}${others.length > 0 ? `; and ${countOf(others.length, 'other problem')}` : ''}`
}

/** A sentence that goes on. */
export const withoutStop = (sentence: string): string => sentence.replace(/\.$/, '')
