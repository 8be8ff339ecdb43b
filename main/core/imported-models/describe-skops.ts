import { inflateRawSync } from 'node:zlib'

/** A list of types is a few kilobytes; more is not read. */
const mostBytes = 16 * 1024 * 1024
const deepest = 200
/** Packages whose types a scikit-learn model is usually made of. */
const usual = new Set(['builtins', 'collections', 'numpy', 'scipy', 'sklearn'])
const shown = 12

export interface SkopsContents {
  version: string | null
  /** Full names of the types in it, sorted. */
  types: string[]
  /** Those of other packages than scikit-learn, numpy and scipy. */
  foreign: string[]
}

/**
 * What a skops file says of itself in schema.json: which types would be made if somebody loaded it. Nothing of it is loaded.
 * Undefined where it cannot be read. Sources: PKWARE APPNOTE 4.3.12 and 4.3.16; skops persistence format (`__module__`, `__class__`).
 */
export function readSkops(bytes: Uint8Array): SkopsContents | undefined {
  try {
    const text = memberOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), 'schema.json')?.toString('utf8')
    if (text === undefined) return undefined
    const schema = JSON.parse(text) as Record<string, unknown>
    const found = new Set<string>()
    collect(schema, found, 0)
    const types = [...found].sort()
    const version = typeof schema._skops_version === 'string' ? schema._skops_version.slice(0, 40) : null
    return { version, types, foreign: types.filter((name) => !usual.has(name.split('.')[0]!)) }
  } catch {
    return undefined
  }
}

/** What is in it, in a sentence or two. */
export function describeSkops({ version, types, foreign }: SkopsContents): string {
  const list = (names: readonly string[]): string =>
    names.slice(0, shown).join(', ') + (names.length > shown ? ` and ${names.length - shown} more` : '')
  const own = foreign.length
    ? `of which these are of no package of scikit-learn's own: ${list(foreign)}`
    : 'all of them of scikit-learn, numpy or scipy'
  return `Written by skops ${version ?? 'of a version that it does not name'}, it holds ${types.length} ${types.length === 1 ? 'type' : 'types'}, ${own}. The types are: ${list(types)}.`
}

function collect(value: unknown, found: Set<string>, depth: number): void {
  if (depth > deepest || value === null || typeof value !== 'object') return
  const { __module__: module, __class__: name } = value as Record<string, unknown>
  if (typeof module === 'string' && typeof name === 'string') found.add(`${module}.${name}`.replace(/[^\w.<>]/g, '?').slice(0, 200))
  for (const inner of Object.values(value)) collect(inner, found, depth + 1)
}

/** The bytes of one member of a zip archive, by its central directory. Throws RangeError where the archive contradicts itself. */
function memberOf(zip: Buffer, wanted: string): Buffer | undefined {
  const end = zip.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'))
  if (end < 0) return undefined
  let at = zip.readUInt32LE(end + 16)
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    if (zip.readUInt32LE(at) !== 0x02014b50) return undefined
    const [method, packed, plain] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20), zip.readUInt32LE(at + 24)]
    const [nameLength, extra, comment] = [28, 30, 32].map((place) => zip.readUInt16LE(at + place)) as [number, number, number]
    if (zip.toString('utf8', at + 46, at + 46 + nameLength) === wanted) {
      const local = zip.readUInt32LE(at + 42)
      const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
      if (plain > mostBytes || start + packed > zip.length) return undefined
      const own = zip.subarray(start, start + packed)
      return method === 0 ? own : method === 8 ? inflateRawSync(own, { maxOutputLength: mostBytes }) : undefined
    }
    at += 46 + nameLength + extra + comment
  }
  return undefined
}
