import { z } from 'zod'

export interface JsonSchema {
  type?: string
  const?: unknown
  examples?: unknown[]
  enum?: unknown[]
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  properties?: Record<string, JsonSchema>
  required?: string[]
  items?: JsonSchema
  minItems?: number
  minLength?: number
  minimum?: number
  format?: string
  pattern?: string
}
/** The smallest input that a schema takes. */
export function validInput(schema: JsonSchema): unknown {
  if (schema.const !== undefined) return schema.const
  if (schema.examples) return schema.examples[0]
  if (schema.enum) return schema.enum[0]
  const union = schema.anyOf ?? schema.oneOf
  if (union) return validInput(union[0])
  if (schema.type === 'object')
    return Object.fromEntries((schema.required ?? []).map((key) => [key, validInput(schema.properties?.[key] ?? {})]))
  if (schema.type === 'array') return Array.from({ length: schema.minItems ?? 0 }, () => validInput(schema.items ?? {}))
  if (schema.type === 'integer' || schema.type === 'number') return Math.max(1, schema.minimum ?? 1)
  if (schema.type === 'boolean') return true
  if (schema.format === 'uuid') return '6f1f2c52-6c58-4b3c-9a08-2f4fd6a3f4a1'
  if (schema.pattern?.startsWith('^[1-9]')) return '1'
  const digits = /\{(\d+)\}\$$/.exec(schema.pattern ?? '')?.[1]
  // One letter again and again is no passphrase.
  const length = Number(digits ?? Math.max(1, schema.minLength ?? 1))
  return (digits ? 'a' : 'a word and ').repeat(length).slice(0, length)
}

export const jsonSchemaOf = (schema: z.ZodType): JsonSchema => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema
