import { z } from 'zod'
import { didYouMean } from './near-names'

/** What is wrong with a document, and where; `isKey` where it is the last key of the path itself, and not its value. */
export interface SchemaProblem {
  path: PropertyKey[]
  message: string
  isKey: boolean
}

/** Keys of one mapping that are named; a reader mends no more at once. */
const mostKeys = 100

type JsonSchema = { properties?: Record<string, JsonSchema>; items?: JsonSchema; additionalProperties?: JsonSchema | boolean }

/** The keys that a mapping at this place may have; none where any may be there. */
function keysAt(whole: JsonSchema, path: readonly PropertyKey[]): string[] {
  const at = path.reduce<JsonSchema | undefined>((parent, key) => {
    if (typeof key === 'number') return parent?.items
    const other = parent?.additionalProperties
    return parent?.properties?.[String(key)] ?? (typeof other === 'object' ? other : undefined)
  }, whole)
  return Object.keys(at?.properties ?? {})
}

/** What the issues of a schema say to a reader: each key that it does not know stands alone, with what was perhaps meant by it. */
export function schemaProblems(schema: z.ZodType, issues: readonly z.core.$ZodIssue[]): SchemaProblem[] {
  let whole: JsonSchema | undefined
  return issues.flatMap((issue): SchemaProblem[] => {
    if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, message: issue.message, isKey: false }]
    whole ??= z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema
    const known = keysAt(whole, issue.path)
    return issue.keys.slice(0, mostKeys).map((key) => {
      const hint = didYouMean(key, known) || (known.length > 0 ? ` There is ${known.join(', ')}.` : '')
      return { path: [...issue.path, key], message: `There is no key "${key}" here.${hint}`, isKey: true }
    })
  })
}
