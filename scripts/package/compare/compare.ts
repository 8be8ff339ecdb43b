import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseAsar } from '../evidence/asar'
import { decompress, isAr, isTar, readAr, readTar, type Entry } from './archives'
import { readZip } from './zip'

/** A difference between two builds, by its place: `drydock.deb > data.tar > ./usr/lib/drydock/LICENSE`. */
export interface Difference {
  place: string
  what: string
}

type Tree = ReadonlyMap<string, Entry>

/** What is inside of a file, when it is an archive that this program knows. */
function inside(name: string, bytes: Buffer): Tree | undefined {
  const plain = decompress(bytes)
  if (plain) return new Map([[name.replace(/\.(gz|tgz|xz|zst)$/, ''), { content: plain, about: '' }]])
  if (isAr(bytes)) return readAr(bytes)
  if (isTar(bytes)) return readTar(bytes)
  if (name.endsWith('.asar')) return new Map([...parseAsar(bytes, name)].map(([path, content]) => [path, { content, about: '' }]))
  return readZip(bytes) ?? readEnvelope(bytes)
}

/** A signed statement (DSSE) in two parts, so that what it says is told apart from its signature. */
function readEnvelope(bytes: Buffer): Tree | undefined {
  if (bytes.length > 1024 * 1024 || !/^\s*\{\s*"payload"/.test(bytes.toString('latin1', 0, 40))) return undefined
  const { payload, signatures, ...rest } = JSON.parse(bytes.toString('utf8')) as { payload: string; signatures: unknown }
  return new Map([
    ['statement', { content: Buffer.from(payload, 'base64'), about: JSON.stringify(rest) }],
    ['signature', { content: Buffer.from(JSON.stringify(signatures)), about: '' }]
  ])
}

/** The first bytes that differ, and by how much the lengths do. */
function describeBytes(one: Buffer, other: Buffer): string {
  let at = 0
  while (at < one.length && one[at] === other[at]) at++
  const near = (bytes: Buffer) => JSON.stringify(bytes.toString('latin1', Math.max(0, at - 20), at + 20))
  return `${one.length} and ${other.length} bytes, first at ${at}: ${near(one)} and ${near(other)}`
}

function compareBytes(place: string, name: string, one: Buffer, other: Buffer): Difference[] {
  if (one.equals(other)) return []
  const [first, second] = [inside(name, one), inside(name, other)]
  const inner = first && second ? compareTrees(place, first, second) : []
  // Where every entry is equal, the archive itself is written another way.
  return inner.length > 0 ? inner : [{ place, what: describeBytes(one, other) }]
}

function compareTrees(place: string, first: Tree, second: Tree): Difference[] {
  const names = [...new Set([...first.keys(), ...second.keys()])].sort()
  return names.flatMap((name) => {
    const [one, other] = [first.get(name), second.get(name)]
    const at = place ? `${place} > ${name}` : name
    if (!one || !other) return [{ place: at, what: one ? 'only in the first' : 'only in the second' }]
    const about = one.about === other.about ? [] : [{ place: at, what: `${one.about} | ${other.about}` }]
    return [...about, ...compareBytes(at, basename(name), one.content, other.content)]
  })
}

function filesBelow(path: string, name = ''): string[] {
  if (!statSync(path).isDirectory()) return [name]
  return readdirSync(path).flatMap((child) => filesBelow(join(path, child), name ? `${name}/${child}` : child))
}

/**
 * What differs between two builds, files or folders, down to the files inside of Debian packages, tar, asar and update files.
 * @throws Error when one of them cannot be read
 */
export function compareBuilds(one: string, other: string): Difference[] {
  if (!statSync(one).isDirectory()) return compareBytes(basename(one), basename(one), readFileSync(one), readFileSync(other))
  const [first, second] = [new Set(filesBelow(one)), new Set(filesBelow(other))]
  return [...new Set([...first, ...second])].sort().flatMap((name) => {
    if (!first.has(name) || !second.has(name)) return [{ place: name, what: first.has(name) ? 'only in the first' : 'only in the second' }]
    const [path, same] = [join(one, name), join(other, name)]
    const modes = [path, same].map((each) => (statSync(each).mode & 0o111 ? 'may be run' : 'is no program'))
    const mode = modes[0] === modes[1] ? [] : [{ place: name, what: modes.join(' | ') }]
    return [...mode, ...compareBytes(name, basename(name), readFileSync(path), readFileSync(same))]
  })
}
