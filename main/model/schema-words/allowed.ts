import type { z } from 'zod'
import { countOf } from '../count-of'
import { formsOf, type AnySchema } from './schemas-at'

/** Values of a choice that are listed in one sentence. */
const mostListed = 30

const formats: Readonly<Record<string, string>> = {
  uuid: 'a UUID of 36 characters',
  guid: 'a UUID of 36 characters',
  datetime: 'a moment such as "2026-11-29T12:00:00.000Z"',
  date: 'a day such as "2026-11-29"',
  time: 'a time such as "12:00:00"',
  duration: 'a duration such as "P1DT12H"',
  email: 'an e-mail address',
  url: 'an address with its scheme, such as "https://example.org"',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  base64: 'base64 text',
  base64url: 'base64url text',
  json_string: 'JSON text'
}

/** What the checks of a schema leave of its kind. */
interface Bounds {
  minimum?: number | bigint
  maximum?: number | bigint
  exclusiveMinimum?: number | bigint
  exclusiveMaximum?: number | bigint
  format?: string
}

function boundsOf({ _zod: { def } }: AnySchema): Bounds {
  const bounds: Bounds = 'format' in def && def.format !== undefined ? { format: def.format } : {}
  for (const { _zod } of def.checks ?? []) {
    const check = _zod.def as z.core.$ZodChecks['_zod']['def']
    switch (check.check) {
      case 'greater_than':
      case 'less_than': {
        const { value } = check
        const side = check.check === 'greater_than' ? 'inimum' : 'aximum'
        const key = (check.inclusive ? `m${side}` : `exclusiveM${side}`) as 'minimum' | 'exclusiveMaximum'
        if (typeof value === 'number' || typeof value === 'bigint') bounds[key] = value
        break
      }
      case 'min_length':
      case 'min_size':
        bounds.minimum = check.minimum
        break
      case 'max_length':
      case 'max_size':
        bounds.maximum = check.maximum
        break
      case 'length_equals':
        bounds.minimum = bounds.maximum = check.length
        break
      case 'size_equals':
        bounds.minimum = bounds.maximum = check.size
        break
      case 'number_format':
      case 'bigint_format':
      case 'string_format':
        bounds.format = check.format
        break
    }
  }
  return bounds
}

/** `a, b or c` */
export function anyOf(words: readonly string[]): string {
  const listed = [...new Set(words)]
  if (listed.length > mostListed) return `one of ${listed.length} words, such as ${listed.slice(0, 5).join(', ')}`
  return listed.length < 2 ? (listed[0] ?? '') : `${listed.slice(0, -1).join(', ')} or ${listed.at(-1)}`
}

/** Values of a choice as they are written. */
export const written = (values: readonly unknown[]): string[] =>
  values.map((value) => (typeof value === 'string' ? `"${value}"` : value === null ? 'nothing' : String(value)))

/** `from 1 to 10`, `of at most 10`; empty without a bound. */
function range({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Bounds): string {
  const above = exclusiveMinimum !== undefined
  const below = exclusiveMaximum !== undefined
  const low = above ? `above ${exclusiveMinimum}` : minimum !== undefined ? `of at least ${minimum}` : ''
  const high = below ? `below ${exclusiveMaximum}` : maximum !== undefined ? `of at most ${maximum}` : ''
  if (low && high && !above && !below) return ` from ${minimum} to ${maximum}`
  return low && high ? ` ${low} and ${high.replace(/^of /, '')}` : low || high ? ` ${low}${high}` : ''
}

/** `of 1 to 200 characters`; empty where any number will do. */
export function size({ minimum, maximum }: Bounds, one: string): string {
  const low = Number(minimum ?? 0)
  if (maximum === undefined) return low === 0 ? '' : ` of at least ${countOf(low, one)}`
  const high = countOf(Number(maximum), one)
  return low === Number(maximum)
    ? ` of ${high}`
    : low === 0 || (low === 1 && one === 'character')
      ? ` of at most ${high}`
      : ` of ${low} to ${high}`
}

const ofText = (bounds: Bounds): string => {
  if (bounds.format !== undefined && Object.hasOwn(formats, bounds.format)) return formats[bounds.format]!
  return `a text${bounds.maximum === undefined && Number(bounds.minimum ?? 0) <= 1 ? '' : size(bounds, 'character')}`
}

/** What a value of one form is, in words; empty where zod alone knows. */
function wordsOf(schema: AnySchema): string {
  const { def } = schema._zod
  const bounds = boundsOf(schema)
  switch (def.type) {
    case 'string':
    case 'template_literal':
      return ofText(bounds)
    case 'number':
    case 'bigint':
      return `${/int/.test(bounds.format ?? def.type) ? 'a whole number' : 'a number'}${range(bounds)}`
    case 'boolean':
      return 'true or false'
    case 'enum':
      return anyOf(written(Object.values(def.entries)))
    case 'literal':
      return anyOf(written(def.values))
    case 'array':
    case 'tuple':
    case 'set':
      return `a list${size(bounds, 'entry')}`
    case 'object':
    case 'record':
    case 'map':
      return 'a mapping'
    case 'date':
      return 'a date'
    case 'null':
    case 'undefined':
    case 'void':
    case 'never':
      return 'nothing'
    default:
      return ''
  }
}

/** What may stand where these schemas hold, in words; empty where that cannot be said. */
export function allowedBy(schemas: readonly AnySchema[]): string {
  return anyOf(
    schemas
      .flatMap((schema) => formsOf(schema))
      .map(wordsOf)
      .filter((words) => words !== '')
  )
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  bigint: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  set: 'a list',
  object: 'a mapping',
  record: 'a mapping',
  map: 'a mapping',
  date: 'a date',
  null: 'nothing',
  never: 'nothing',
  nan: 'NaN'
}

/** What an issue itself says of what may stand there, for what no schema could be found for. */
export function allowedByIssue(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return kinds[issue.expected] ?? 'another value'
    case 'invalid_value':
      return anyOf(written(issue.values))
    case 'too_small':
    case 'too_big': {
      const bound = issue.code === 'too_small' ? { minimum: issue.minimum } : { maximum: issue.maximum }
      const one = issue.origin === 'string' ? 'character' : ['array', 'set', 'map'].includes(issue.origin) ? 'entry' : undefined
      return `${kinds[issue.origin] ?? 'a value'}${one ? size(bound, one) : range(bound)}`
    }
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`
    case 'invalid_format':
      return formats[issue.format] ?? (issue.pattern === undefined ? 'a text of another form' : `a text of the form ${issue.pattern}`)
    case 'invalid_union':
      return anyOf(issue.errors.flatMap((branch) => branch.filter(({ path }) => path.length === 0).map(allowedByIssue)))
    default:
      return 'another value'
  }
}
