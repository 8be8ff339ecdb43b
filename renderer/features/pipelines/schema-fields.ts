/** What one parameter of a step type is edited with, read from its JSON Schema (draft 2020-12). */
export interface FieldSpec {
  key: string
  title: string
  description: string
  required: boolean
  default: unknown
  control:
    | { kind: 'text'; format: string | null }
    | { kind: 'number'; integer: boolean; min?: number; max?: number; exclusiveMin?: boolean; exclusiveMax?: boolean }
    | { kind: 'boolean' }
    | { kind: 'choice'; choices: string[]; format?: string }
    | { kind: 'list'; format: string | null }
    | { kind: 'record'; values: 'text' | 'value' | 'long-text' | { choices: string[] } }
    /** Text, number or boolean in one box. */
    | { kind: 'scalar' }
    | { kind: 'json' }
}

type Schema = Record<string, unknown>
const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value)
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [])
const numberOf = (value: unknown): number | undefined => (typeof value === 'number' && Math.abs(value) < 2 ** 53 - 1 ? value : undefined)

/** The fields of a step form, in the order of the schema. A shape that has no form of its own is edited as JSON. */
export function readFields(schema: Schema): FieldSpec[] {
  if (!isSchema(schema['properties'])) return []
  const required = texts(schema['required'])
  return Object.entries(schema['properties']).flatMap(([key, property]) => {
    if (!isSchema(property)) return []
    return [
      {
        key,
        title: typeof property['title'] === 'string' ? property['title'] : key,
        description: typeof property['description'] === 'string' ? property['description'] : '',
        required: required.includes(key) && property['default'] === undefined,
        default: property['default'],
        control: controlOf(property)
      }
    ]
  })
}

const formatOf = (property: Schema): string | null => (typeof property['format'] === 'string' ? property['format'] : null)
const scalars = ['string', 'number', 'integer', 'boolean']

function controlOf(property: Schema): FieldSpec['control'] {
  const choices = texts(property['enum'])
  const format = formatOf(property)
  if (choices.length) return { kind: 'choice', choices, ...(format !== null && { format }) }
  switch (property['type']) {
    case 'string':
      return { kind: 'text', format }
    case 'integer':
    case 'number': {
      const exclusiveMin = numberOf(property['exclusiveMinimum'])
      const exclusiveMax = numberOf(property['exclusiveMaximum'])
      return {
        kind: 'number',
        integer: property['type'] === 'integer',
        min: numberOf(property['minimum']) ?? exclusiveMin,
        max: numberOf(property['maximum']) ?? exclusiveMax,
        exclusiveMin: exclusiveMin !== undefined,
        exclusiveMax: exclusiveMax !== undefined
      }
    }
    case 'boolean':
      return { kind: 'boolean' }
    case 'array':
      return isSchema(property['items']) && property['items']['type'] === 'string'
        ? { kind: 'list', format: formatOf(property) }
        : { kind: 'json' }
    case 'object':
      return recordOf(property)
  }
  const types = texts(property['type'])
  if (types.length && types.every((type) => scalars.includes(type))) return { kind: 'scalar' }
  const options = [property['anyOf'], property['oneOf']].find(Array.isArray) as unknown[] | undefined
  const isScalar = options?.every((option) => isSchema(option) && scalars.includes(String(option['type'])))
  return isScalar ? { kind: 'scalar' } : { kind: 'json' }
}

function recordOf(property: Schema): FieldSpec['control'] {
  const values = property['additionalProperties']
  if (isSchema(property['properties']) || !isSchema(values)) return { kind: 'json' }
  const choices = texts(values['enum'])
  if (choices.length) return { kind: 'record', values: { choices } }
  if (values['type'] === 'string') return { kind: 'record', values: Number(values['maxLength'] ?? 0) > 1000 ? 'long-text' : 'text' }
  if (values['type'] === 'object' || values['type'] === 'array') return { kind: 'json' }
  return { kind: 'record', values: 'value' }
}

/** `true`, `12`, `0.5`, `null`, `[..]` and `{..}` are what they look like; anything else is text. */
export function parseValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}
/** The opposite: text that looks like another value is put in quotes. */
export function showValue(value: unknown): string {
  if (typeof value === 'string') return parseValue(value) === value ? value : JSON.stringify(value)
  return value === undefined ? '' : JSON.stringify(value)
}

/** True for text that takes a pipeline parameter, such as `${{ parameters.trees }}`. */
export const usesParameter = (value: unknown): value is string => typeof value === 'string' && /\$\{\{.*\}\}/s.test(value)
export const parameterExpression = (name: string): string => `\${{ parameters.${name} }}`
