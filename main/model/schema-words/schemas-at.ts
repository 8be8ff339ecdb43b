import type { z } from 'zod'

/** A schema of any kind; `_zod.def.type` says of which. */
export type AnySchema = z.core.$ZodTypes

/** What a value has to be, whether or not it may be left out, has a default or becomes something else later: every form that it may have. */
export function formsOf(schema: AnySchema, depth = 0): AnySchema[] {
  const { def } = schema._zod
  // A schema may hold itself.
  if (depth > 20) return []
  const within = (inner: z.core.$ZodType): AnySchema[] => formsOf(inner as AnySchema, depth + 1)
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'readonly':
    case 'catch':
    case 'success':
    case 'promise':
      return within(def.innerType)
    case 'lazy':
      return within(def.getter())
    case 'pipe':
      return within((def.in as AnySchema)._zod.def.type === 'transform' ? def.out : def.in)
    case 'union':
      return def.options.flatMap(within)
    case 'intersection':
      return [...within(def.left), ...within(def.right)]
    default:
      return [schema]
  }
}

/** The schemas of what stands at a path, one for each form that it may have; none where the schema says nothing of it. */
export function schemasAt(schema: AnySchema, path: readonly PropertyKey[]): AnySchema[] {
  let at: AnySchema[] = [schema]
  for (const key of path) at = at.flatMap((each) => formsOf(each)).flatMap((each) => partOf(each, key))
  return at
}

function partOf(schema: AnySchema, key: PropertyKey): AnySchema[] {
  const { def } = schema._zod
  const parts: (z.core.$ZodType | null | undefined)[] =
    def.type === 'object'
      ? [Object.hasOwn(def.shape, key) ? def.shape[String(key)] : def.catchall]
      : def.type === 'array'
        ? [def.element]
        : def.type === 'tuple'
          ? [def.items[Number(key)] ?? def.rest]
          : def.type === 'record' || def.type === 'map'
            ? [def.valueType]
            : []
  return parts.flatMap((part) => (part ? [part as AnySchema] : []))
}

/** The keys that a mapping at a path may have; none where any may be there, or it is not known. */
export function keysAt(schema: AnySchema, path: readonly PropertyKey[]): string[] {
  const forms = schemasAt(schema, path).flatMap((each) => formsOf(each))
  return [...new Set(forms.flatMap(({ _zod: { def } }) => (def.type === 'object' ? Object.keys(def.shape) : [])))]
}
