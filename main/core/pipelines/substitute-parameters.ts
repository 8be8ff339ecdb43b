import type { ParameterValue, PipelineDocument, PipelineParameter } from '../../model/pipeline'
import { WorkbenchError } from '../../model/errors'

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
  return parameter.type === 'string' ? 'value' : parameter.type === 'boolean' ? true : 1
}

const fits = (parameter: PipelineParameter, value: ParameterValue): boolean =>
  parameter.type === 'integer'
    ? Number.isInteger(value)
    : parameter.type === 'number'
      ? typeof value === 'number' && Number.isFinite(value)
      : typeof value === parameter.type

export const parameterFits = fits

/**
 * The values a run has: defaults, overridden by what was given. Texts from a command line are read as the declared type.
 * @throws WorkbenchError INVALID_INPUT for an unknown, missing or ill-typed parameter
 */
export function resolveParameters(document: PipelineDocument, given: Record<string, ParameterValue>): Record<string, ParameterValue> {
  const declared = document.parameters ?? []
  const known = declared.map((p) => p.name)
  const unknown = Object.keys(given).find((name) => !known.includes(name))
  if (unknown)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The pipeline "${document.name}" has no parameter "${unknown}". ${known.length ? `It has: ${known.join(', ')}.` : 'It has none.'} Check the name.`
    )
  const values: Record<string, ParameterValue> = {}
  for (const parameter of declared) {
    const value = Object.hasOwn(given, parameter.name) ? readAs(parameter, given[parameter.name]) : parameter.default
    if (value === undefined)
      throw new WorkbenchError(
        'INVALID_INPUT',
        `The parameter "${parameter.name}" has no value and no default. Give it a value to start the run.`
      )
    if (!fits(parameter, value))
      throw new WorkbenchError(
        'INVALID_INPUT',
        `The parameter "${parameter.name}" must be a${parameter.type === 'integer' ? 'n' : ''} ${parameter.type}, not ${JSON.stringify(value)}. Change its value.`
      )
    values[parameter.name] = value
  }
  return values
}

function readAs(parameter: PipelineParameter, value: ParameterValue): ParameterValue {
  if (typeof value !== 'string' || parameter.type === 'string') return value
  const text = value.trim()
  if (parameter.type === 'boolean') return text === 'true' ? true : text === 'false' ? false : value
  return text !== '' && Number.isFinite(Number(text)) ? Number(text) : value
}
