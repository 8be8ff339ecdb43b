import { z } from 'zod'
import type { AnyStep } from './define-step'

/** A number as JSON and YAML write it, and nothing else: no hexadecimal, no units, no empty text. */
const NUMBER = /^[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$/

/** The number that a text says; the text itself where it says none, or a whole number that would lose digits. */
function readNumber(text: string): number | string {
  const value = NUMBER.test(text.trim()) ? Number(text) : NaN
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value)) ? value : text
}

/** A value whose texts became numbers wherever the schema wants a number and takes no text. */
function readTexts(schema: unknown, value: unknown): unknown {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    return readTexts(schema.unwrap(), value)
  if (schema instanceof z.ZodNumber) return typeof value === 'string' ? readNumber(value) : value
  if (Array.isArray(value)) return schema instanceof z.ZodArray ? value.map((item) => readTexts(schema.element, item)) : value
  if (value === null || typeof value !== 'object') return value
  const inner = (key: string): unknown =>
    schema instanceof z.ZodObject
      ? Object.hasOwn(schema.shape, key) && schema.shape[key]
      : schema instanceof z.ZodRecord
        ? schema.valueType
        : undefined
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, readTexts(inner(key), item)]))
}

/**
 * The parameters of a step as its schema has them, defaults included. A number typed as text is one: `"1"` for 1. The check and the
 * start of a run both ask here, so that neither takes what the other refuses.
 */
export function fitParameters(definition: AnyStep, given: unknown): z.ZodSafeParseResult<Record<string, unknown>> {
  const parsed = (definition.parameters as z.ZodType).safeParse(readTexts(definition.parameters, given))
  if (!parsed.success) return parsed as z.ZodSafeParseError<Record<string, unknown>>
  const data = parsed.data as Record<string, unknown>
  for (const [name, schema] of Object.entries(definition.nested?.(data as never) ?? {})) data[name] = readTexts(schema, data[name])
  return { success: true, data }
}
