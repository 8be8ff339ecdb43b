import { z } from 'zod'
import { didYouMean } from './near-names'

/** What is wrong with a document, and where; `isKey` where it is the last key of the path itself, and not its value. */
export interface SchemaProblem {
  path: PropertyKey[]
  message: string
  isKey: boolean
}

type JsonSchema = { properties?: Record<string, JsonSchema>; items?: JsonSchema; additionalProperties?: JsonSchema | boolean }

/** The keys that a mapping at this place may have; none where any may be there. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let at = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema | undefined
  for (const key of path) {
    const { properties, items, additionalProperties }: JsonSchema = at ?? {}
    const other = typeof additionalProperties === 'object' ? additionalProperties : undefined
    at = typeof key === 'number' ? items : (properties?.[String(key)] ?? other)
  }
  return Object.keys(at?.properties ?? {})
}

/** What the issues of a schema say to a reader: each key that it does not know stands alone, with what was perhaps meant by it. */
export function schemaProblems(schema: z.ZodType, issues: readonly z.core.$ZodIssue[]): SchemaProblem[] {
  return issues.flatMap((issue): SchemaProblem[] => {
    if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, message: issue.message, isKey: false }]
    const known = keysAt(schema, issue.path)
    return issue.keys.map((key) => {
      const hint = didYouMean(key, known) || (known.length > 0 ? ` There is ${known.join(', ')}.` : '')
      return { path: [...issue.path, key], message: `There is no key "${key}" here.${hint}`, isKey: true }
    })
  })
}
