import { z } from 'zod'
import type { ParameterValue } from '../../model/pipeline'
import { fit, type Fit } from '../../model/schema-words'
import type { AnyStep } from './define-step'
import { readNumber } from './number-text'
import { substituteParameters } from './substitute-parameters'

/** What a schema asks for, whether or not it may be left out. */
const inner = (schema: unknown): unknown =>
  schema instanceof z.ZodDefault || schema instanceof z.ZodOptional || schema instanceof z.ZodNullable ? inner(schema.unwrap()) : schema

/**
 * A value whose texts became numbers wherever the schema wants a number and takes no text, and the other way round for what a pipeline
 * parameter put in the place of a text. `written` is the value before that.
 */
function readTexts(schema: unknown, value: unknown, written: unknown): unknown {
  const plain = inner(schema)
  if (plain !== schema) return readTexts(plain, value, written)
  if (schema instanceof z.ZodNumber) return typeof value === 'string' ? readNumber(value) : value
  if (schema instanceof z.ZodString) return typeof written === 'string' && isScalar(value) ? String(value) : value
  if (Array.isArray(value))
    return schema instanceof z.ZodArray ? value.map((item, index) => readTexts(schema.element, item, partOf(written, index))) : value
  if (value === null || typeof value !== 'object') return value
  const within = (key: string): unknown =>
    schema instanceof z.ZodObject
      ? Object.hasOwn(schema.shape, key) && schema.shape[key]
      : schema instanceof z.ZodRecord
        ? schema.valueType
        : undefined
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, readTexts(within(key), item, partOf(written, key))]))
}
const isScalar = (value: unknown): boolean => typeof value === 'number' || typeof value === 'boolean'
const partOf = (written: unknown, key: string | number): unknown =>
  written && typeof written === 'object' ? (written as Record<string | number, unknown>)[key] : undefined

/**
 * The parameters of a step as its schema has them, defaults included. A number typed as text is one: `"1"` for 1. The check and the
 * start of a run both ask here, so that neither takes what the other refuses. `values` are those of the parameters of the pipeline.
 */
export function fitParameters(
  definition: AnyStep,
  written: unknown,
  values: Record<string, ParameterValue>,
  hints = true
): Fit<Record<string, unknown>> {
  const given = substituteParameters(written, values)
  const parsed = fit(definition.parameters as z.ZodType, readTexts(definition.parameters, given, written), { hints })
  if (!parsed.success) return parsed
  const data = parsed.data as Record<string, unknown>
  for (const [name, { by, schemas }] of Object.entries(definition.nested ?? {}))
    data[name] = readTexts(schemas[String(data[by])], data[name], partOf(written, name))
  return { success: true, data }
}
