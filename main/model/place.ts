import { z } from 'zod'

/** What a command does at a place: reads a file (or a bundle folder), reads a private key, writes a file, or takes a folder as a workspace. */
export const placeUses = ['read', 'key', 'write', 'folder'] as const
export type PlaceUse = (typeof placeUses)[number]

const uses = z.registry<{ use: PlaceUse }>()

/**
 * An input that names a place on this computer. The command line names it by its path. A page names no paths: it says a place by
 * words of this file, and the host puts the path in before the input is read (`main/host/page-places.ts`).
 */
export const placeInput = (use: PlaceUse) => z.string().min(1).max(8_192).register(uses, { use })

/**
 * How a page says a place: the kind, what it is called there, and for `chosen` and `asked` the path for people to read, which nobody else does.
 * `chosen` was given out by the shell; the others the host knows itself.
 */
export const placeKinds = ['chosen', 'recent', 'bundle', 'reviewed', 'asked', 'key', 'workspace', 'sample', 'documents'] as const
export type PlaceKind = (typeof placeKinds)[number]

/** A place that the host knows itself, by what it is called there. */
export const knownPlace = (kind: Exclude<PlaceKind, 'chosen' | 'asked'>, name: string): string => `${kind}:${name}`
/** A file that was given with a question about a bundle, which the host remembers. */
export const rememberedPlace = (id: string, path: string): string => `asked:${id}:${path}`
export const chosenPlace = (token: string, path: string): string => `chosen:${token}:${path}`
const forms = new RegExp(`^(${placeKinds.join('|')}):(.*)$`, 's')

/** The parts of what a page said; null for a path or anything else. Of `workspace:` the name is a path inside the open workspace. */
export function parsePlace(text: string): { kind: PlaceKind; name: string } | null {
  const [, kind, rest] = forms.exec(text) ?? []
  if (kind === undefined) return null
  return { kind: kind as PlaceKind, name: kind === 'chosen' || kind === 'asked' ? rest.split(':', 1)[0] : rest }
}

/** A place as people read it. */
export const placeText = (place: string): string => place.replace(/^(?:chosen|asked):[^:]*:/, '')

/** An input of a schema that names a place: the keys that lead to it (`*` for each entry of a list or record) and its use. */
export interface PlaceField {
  keys: readonly string[]
  use: PlaceUse
}

/** Every input of a schema that names a place, however deep; `schemas` on the way are looked into once. */
export function placesIn(schema: z.ZodType, keys: readonly string[] = [], above: readonly z.ZodType[] = []): PlaceField[] {
  const found = uses.get(schema)
  if (found) return [{ keys, use: found.use }]
  if (above.includes(schema)) return []
  const inside = (part: z.core.$ZodType, ...more: string[]) => placesIn(part as z.ZodType, [...keys, ...more], [...above, schema])
  if (schema instanceof z.ZodObject) return Object.entries(schema.shape as z.core.$ZodShape).flatMap(([key, part]) => inside(part, key))
  if (schema instanceof z.ZodArray) return inside(schema.element, '*')
  if (schema instanceof z.ZodRecord) return inside(schema.valueType, '*')
  if (schema instanceof z.ZodTuple) return schema.def.items.flatMap((part) => inside(part, '*'))
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((part) => inside(part))
  if (schema instanceof z.ZodIntersection) return [...inside(schema.def.left), ...inside(schema.def.right)]
  if (schema instanceof z.ZodPipe) return inside(schema.def.in)
  if (schema instanceof z.ZodLazy) return inside(schema.def.getter())
  if ('innerType' in schema.def) return inside(schema.def.innerType as z.core.$ZodType)
  return []
}

type Holder = Record<string, unknown>
const isHolder = (value: unknown): value is Holder => value !== null && typeof value === 'object'

/** Each text of an input that stands where a place is named, by what holds it and its key; once, also where several forms of the input name it. */
export function textsAt(places: readonly PlaceField[], input: unknown): [Holder, string, PlaceUse][] {
  const found = new Map<Holder, Map<string, PlaceUse>>()
  const look = (value: unknown, [key, ...more]: readonly string[], use: PlaceUse): void => {
    if (!isHolder(value)) return
    for (const each of key === '*' ? Object.keys(value) : [key]) {
      if (more.length > 0) look(value[each], more, use)
      else if (typeof value[each] === 'string') found.set(value, (found.get(value) ?? new Map<string, PlaceUse>()).set(each, use))
    }
  }
  for (const { keys, use } of places) look(input, keys, use)
  return [...found].flatMap(([holder, keys]) => [...keys].map(([key, use]): [Holder, string, PlaceUse] => [holder, key, use]))
}
