/** What a JSON Schema says, as rows and shapes that people read. */
export interface JsonSchema {
  [keyword: string]: unknown
  type?: string | string[]
  properties?: Record<string, JsonSchema>
  additionalProperties?: JsonSchema | boolean
  items?: JsonSchema
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  allOf?: JsonSchema[]
  required?: string[]
  enum?: unknown[]
  const?: unknown
  default?: unknown
  description?: string
  $ref?: string
  $defs?: Record<string, JsonSchema>
}

export interface Field {
  /** Its place, such as `steps[].retries` or `inputs.<name>`. */
  path: string
  type: string
  required: boolean
  default?: unknown
  description: string
}

const inCode = (value: unknown): string => JSON.stringify(value)
/** Bounds of whole numbers that only say what a number can hold. */
const isBound = (value: unknown): value is number => typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER
const choicesOf = (schema: JsonSchema): JsonSchema[] | undefined => schema.anyOf ?? schema.oneOf

/** A type in a few words: `integer, 0 to 10`. */
export function typeInWords(schema: JsonSchema): string {
  const choices = choicesOf(schema)
  if (choices) return [...new Set(choices.map(typeInWords))].join(' or ')
  if (schema.const !== undefined) return inCode(schema.const)
  if (schema.enum) return schema.enum.map(inCode).join(', ')
  if (schema.type === 'array') return `list of ${schema.items ? typeInWords(schema.items) : 'anything'}`
  if (schema.type === 'object') {
    const values = schema.additionalProperties
    return schema.properties || typeof values !== 'object' ? 'object' : `map of ${typeInWords(values)}`
  }
  if (schema.$ref !== undefined || schema.type === undefined) return 'anything'
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema
  const name = [schema.type].flat().join(' or ').replace('string', 'text')
  const bounds = [
    ...(isBound(exclusiveMinimum) ? [`above ${exclusiveMinimum}`] : isBound(minimum) ? [`from ${minimum}`] : []),
    ...(isBound(exclusiveMaximum) ? [`below ${exclusiveMaximum}`] : isBound(maximum) ? [`to ${maximum}`] : [])
  ]
  return bounds.length > 0 ? `${name}, ${bounds.join(' ')}` : name
}

/** Every field of an object, those within it after it. */
export function fieldsOf(schema: JsonSchema, prefix = ''): Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const path = prefix + name
    const own: Field = {
      path,
      type: typeInWords(property),
      required: (schema.required ?? []).includes(name),
      ...(property.default !== undefined && { default: property.default }),
      description: property.description ?? ''
    }
    return [own, ...innerFields(property, path)]
  })
}

function innerFields(schema: JsonSchema, path: string): Field[] {
  const parts = choicesOf(schema)
  if (parts) return parts.flatMap((part) => innerFields(part, path))
  if (schema.type === 'array' && schema.items) return innerFields(schema.items, `${path}[]`)
  const values = schema.additionalProperties
  return [...fieldsOf(schema, `${path}.`), ...(typeof values === 'object' ? innerFields(values, `${path}.<name>`) : [])]
}

/** A value's shape as one writes it down, `?` behind what may be absent; below `depth` only the kind of a value is said. */
export function shapeOf(schema: JsonSchema, depth: number, indent = ''): string {
  const choices = choicesOf(schema)
  if (choices) return [...new Set(choices.map((each) => shapeOf(each, depth, indent)))].join(' | ')
  if (schema.type === 'array') return schema.items ? `${bracketed(shapeOf(schema.items, depth, indent))}[]` : 'list'
  if (schema.type === 'object' && schema.properties) {
    if (depth === 0) return '{ ... }'
    const lines = Object.entries(schema.properties).map(
      ([name, property]) =>
        `${indent}  ${name}${(schema.required ?? []).includes(name) ? '' : '?'}: ${shapeOf(property, depth - 1, `${indent}  `)}`
    )
    return `{\n${lines.join('\n')}\n${indent}}`
  }
  const values = schema.additionalProperties
  if (schema.type === 'object') return typeof values === 'object' ? `{ <name>: ${shapeOf(values, depth, indent)} }` : '{ ... }'
  if (schema.const !== undefined) return inCode(schema.const)
  if (schema.enum) return schema.enum.map(inCode).join(' | ')
  return schema.type === undefined ? 'any' : [schema.type].flat().join(' | ').replace('string', 'text')
}

const bracketed = (text: string): string => (text.includes(' | ') ? `(${text})` : text)
