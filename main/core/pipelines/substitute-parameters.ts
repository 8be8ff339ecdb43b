import type { ParameterValue, PipelineDocument, PipelineParameter } from '../../model/pipeline'
import { WorkbenchError } from '../../model/errors'
import { losesDigits, readNumber } from './number-text'

const REFERENCE = /\$\{\{\s*parameters\.([A-Za-z][A-Za-z0-9_]*)\s*\}\}/g
const WHOLE = /^\s*\$\{\{\s*parameters\.([A-Za-z][A-Za-z0-9_]*)\s*\}\}\s*$/

/** Names of pipeline parameters used anywhere in a value, with the path of each use. */
export function collectReferences(value: unknown, path: string[] = []): { name: string; path: string[] }[] {
  if (typeof value === 'string') return [...value.matchAll(REFERENCE)].map((match) => ({ name: match[1], path }))
  if (Array.isArray(value)) return value.flatMap((item, index) => collectReferences(item, [...path, String(index)]))
  if (value && typeof value === 'object') return Object.entries(value).flatMap(([key, item]) => collectReferences(item, [...path, key]))
  return []
}

/** Puts values in place of `${{ parameters.x }}`. A text that is nothing else becomes the value with its type; unknown names stay. */
export function substituteParameters(value: unknown, values: Record<string, ParameterValue>): unknown {
  if (typeof value === 'string') {
    const whole = WHOLE.exec(value)
    if (whole && Object.hasOwn(values, whole[1])) return values[whole[1]]
    return value.replace(REFERENCE, (text, name: string) => (Object.hasOwn(values, name) ? String(values[name]) : text))
  }
  if (Array.isArray(value)) return value.map((item) => substituteParameters(item, values))
  if (value && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, substituteParameters(item, values)]))
  return value
}

/** A value that stands in for a parameter without default while a document is only checked. */
export function sampleValue(parameter: PipelineParameter): ParameterValue {
  return parameter.type === 'string' || parameter.type === 'secret' ? 'value' : parameter.type === 'boolean' ? true : 1
}

const fits = (parameter: PipelineParameter, value: ParameterValue): boolean =>
  parameter.type === 'integer'
    ? Number.isSafeInteger(value)
    : parameter.type === 'number'
      ? typeof value === 'number' && Number.isFinite(value)
      : typeof value === (parameter.type === 'secret' ? 'string' : parameter.type)

export const parameterFits = fits

/** Characters that a secret has at least: a shorter text stands in too much by chance to be kept out of it. */
const MIN_SECRET = 6

/**
 * The values a run has: defaults, overridden by what was given; secrets apart. Texts from a command line are read as the declared type.
 * @throws WorkbenchError INVALID_INPUT for an unknown, missing or ill-typed parameter; a secret is never in the message
 */
export function resolveParameters(
  document: PipelineDocument,
  given: Record<string, ParameterValue>
): { parameters: Record<string, ParameterValue>; secrets: Record<string, string> } {
  const declared = document.parameters ?? []
  const known = declared.map((p) => p.name)
  const unknown = Object.keys(given).find((name) => !known.includes(name))
  if (unknown)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The pipeline "${document.name}" has no parameter "${unknown}". ${known.length ? `It has: ${known.join(', ')}.` : 'It has none.'} Check the name.`
    )
  const parameters: Record<string, ParameterValue> = {}
  const secrets: Record<string, string> = {}
  for (const parameter of declared) {
    const { name, type } = parameter
    const value = Object.hasOwn(given, name) ? readAs(parameter, given[name]) : parameter.default
    if (value === undefined && type === 'secret')
      throw new WorkbenchError(
        'INVALID_INPUT',
        `The secret "${name}" was not given. Give it when the run is started; on the command line with --secret ${name}=env:VARIABLE.`
      )
    if (value === undefined)
      throw new WorkbenchError('INVALID_INPUT', `The parameter "${name}" has no value and no default. Give it a value to start the run.`)
    if (type === 'secret') secrets[name] = assertSecret(name, value)
    else if (fits(parameter, value)) parameters[name] = value
    else throw new WorkbenchError('INVALID_INPUT', misfit(parameter, given[name] ?? value))
  }
  return { parameters, secrets }
}

function assertSecret(name: string, value: ParameterValue): string {
  if (typeof value === 'string' && value.trim().length >= MIN_SECRET && !value.includes('\0')) return value
  throw new WorkbenchError(
    'INVALID_INPUT',
    `The secret "${name}" needs a text of at least ${MIN_SECRET} characters. A shorter one could not be kept out of logs, because it stands in many words.`
  )
}

function misfit({ name, type }: PipelineParameter, value: ParameterValue): string {
  const text = String(value).trim()
  if (type !== 'string' && type !== 'boolean' && /^[-+]?\d+$/.test(text) && (losesDigits(text) || !Number.isSafeInteger(Number(text))))
    return `The parameter "${name}" cannot hold ${text} exactly: whole numbers are exact up to 9007199254740991. Declare it as a string, or give a smaller number.`
  return `The parameter "${name}" must be a${type === 'integer' ? 'n' : ''} ${type}, not ${JSON.stringify(value)}. Change its value.`
}

function readAs({ type }: PipelineParameter, value: ParameterValue): ParameterValue {
  if (type === 'secret') return String(value)
  if (typeof value !== 'string' || type === 'string') return value
  if (type !== 'boolean') return readNumber(value)
  const text = value.trim()
  return text === 'true' ? true : text === 'false' ? false : value
}
