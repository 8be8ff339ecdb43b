import { isPlainText } from '../../model/plain-text'

/** Names in the root that upstream verifiers never cover, so anything could hide there. */
export const uncoveredNames: readonly string[] = ['.git', '.gitattributes', '.github', '.gitignore']
export const signatureFile = 'model.sig'
export const attestationFolder = 'attestations'
/** What model.sig says is outside its list, exactly and in this order. */
export const ignoredPaths: readonly string[] = [signatureFile, attestationFolder, ...uncoveredNames]

const reserved = /^(con|prn|aux|nul|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3]|conin\$|conout\$)(\..*)?$/i
const longestName = 1024
const longestSegment = 255

/**
 * Says why a relative file name is refused on some operating system or could mislead a reader; null when it is safe.
 * Names use forward slashes.
 */
export function refuseName(name: string): string | null {
  if (name === '') return 'an empty name'
  if (Buffer.from(name, 'utf8').toString('utf8') !== name || name.includes('\ufffd')) return 'a name that is not valid Unicode'
  if (name.includes('\0')) return 'a NUL in the name'
  if (name.includes('\\')) return 'a backslash in the name'
  if (name.startsWith('/')) return 'an absolute path'
  if (/^[a-z]:/i.test(name)) return 'a drive letter'
  if (/[\u0000-\u001f\u007f-\u009f]/.test(name)) return 'a control character in the name'
  if (/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(name)) return 'an invisible character that changes the writing direction'
  if (!isPlainText(name) || /\u00ad|\u200c|\u200d/.test(name)) return 'an invisible character in the name'
  if (/[<>:"|?*]/.test(name)) return 'a character that Windows does not allow in names'
  if (Buffer.byteLength(name) > longestName) return 'a name that is too long'
  for (const segment of name.split('/')) {
    if (segment === '') return 'an empty part in the path'
    if (segment === '.' || segment === '..') return `a "${segment}" part in the path`
    if (/[. ]$/.test(segment)) return 'a part that ends with a dot or a space'
    if (reserved.test(segment)) return 'a name that Windows reserves for devices'
    if (Buffer.byteLength(segment) > longestSegment) return 'a part of the path that is too long'
  }
  return null
}

/** Compares by UTF-8 bytes, which is by code points, and which the order of JavaScript strings (UTF-16) is not. */
export function compareNames(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length)
  for (let at = 0; at < shorter; at++) {
    const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)]
    if (left !== right) return rank(left) - rank(right)
  }
  return a.length - b.length
}

/** Halves of the code points beyond U+FFFF stand behind all others. */
function rank(unit: number): number {
  return unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}

/** Compares part by part, as the reference implementation does: the end of a part stands before everything that could follow in it. */
function compareByParts(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length)
  for (let at = 0; at < shorter; at++) {
    const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)]
    if (left !== right) return a[at] === '/' ? -1 : b[at] === '/' ? 1 : rank(left) - rank(right)
  }
  return a.length - b.length
}

/**
 * Finds two names whose order depends on whether paths are compared as text (the specification) or part by part (its reference
 * implementation), such as `a/x` and `a-b/x`: a signature over them would verify with one reader and not with another.
 */
export function findAmbiguousOrder(names: readonly string[]): [string, string] | null {
  const asText = [...names].sort(compareNames)
  const at = asText.findIndex((name, index) => index > 0 && compareByParts(asText[index - 1] ?? '', name) > 0)
  return at < 0 ? null : [asText[at - 1] ?? '', asText[at] ?? '']
}

/** Finds a name that equals another one, or equals it except for case or Unicode form, or is a file where another needs a directory. */
export function findCollision(names: readonly string[]): { name: string; other: string } | null {
  const fold = (name: string) => name.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC')
  const seen = new Map<string, string>()
  for (const name of names) {
    const other = seen.get(fold(name))
    if (other !== undefined) return { name, other }
    seen.set(fold(name), name)
  }
  const folders = new Map<string, string>()
  for (const name of names) {
    for (let end = name.indexOf('/'); end >= 0; end = name.indexOf('/', end + 1)) {
      const folder = name.slice(0, end)
      const file = seen.get(fold(folder))
      if (file !== undefined) return { name, other: file }
      const spelled = folders.get(fold(folder))
      if (spelled !== undefined && spelled !== folder) return { name, other: `${spelled}/` }
      folders.set(fold(folder), folder)
    }
  }
  return null
}

/** True for the files that the signature does not list: itself and everything under attestations/. */
export function isOutsideSignature(name: string): boolean {
  return name === signatureFile || name.startsWith(`${attestationFolder}/`)
}
