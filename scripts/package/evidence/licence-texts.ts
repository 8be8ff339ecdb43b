import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Every licence that may be in a release; the build fails on any other. Read each new one before it is added here. */
export const allowedLicences: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  // Fonts, which are delivered as they are.
  'OFL-1.1'
])

const own = (name: string) => join('resources', 'licences', name)

/** Texts of packages that were published without one; a name with a version fits that version alone. */
const substitutes: Record<string, string[]> = {
  'onnxruntime-common': [own('onnxruntime.txt')],
  'onnxruntime-node': [own('onnxruntime.txt')],
  'react-remove-scroll-bar': [own('react-remove-scroll-bar.txt')]
}
/** What comes on top of the licence that a package names for itself. */
const additions: Record<string, string[]> = {
  '@bufbuild/protobuf': [own('bufbuild-protobuf-varint.txt')],
  'onnxruntime-node@1.30.0': [own('onnxruntime-1.30.0-third-party.txt')]
}
/** Packages whose native library holds code of others: without the notices of just that version nothing is delivered. */
const needAdditions: ReadonlySet<string> = new Set(['onnxruntime-node'])
/** Licences whose text names no holder, so that the standard text is the licence. */
const standardTexts: Record<string, string> = { 'Apache-2.0': own('Apache-2.0.txt'), 'CC0-1.0': own('CC0-1.0.txt') }

/**
 * Which licences of an SPDX expression apply: all of those joined by AND, the first allowed one of those joined by OR.
 * @returns null when no choice is allowed
 */
export function chooseLicences(expression: string): string[] | null {
  const bare = expression.trim().replace(/^\((.*)\)$/, '$1')
  if (/[()]/.test(bare)) return null
  if (/ OR /.test(bare)) {
    for (const choice of bare.split(/ OR /)) {
      const chosen = chooseLicences(choice)
      if (chosen) return chosen
    }
    return null
  }
  const all = bare.split(/ AND /).map((id) => id.trim())
  return all.every((id) => allowedLicences.has(id)) ? all : null
}

const read = (path: string): string => readFileSync(path, 'utf8').replaceAll('\r\n', '\n').trimEnd()

/** Licence and notice files in the root of a package; failing those, the licence as it stands in its README. */
function textsInside(folder: string): { title: string; text: string }[] {
  const files = readdirSync(folder)
    .filter((name) => /^(licen[cs]es?|copying|notice|third.?party)/i.test(name) && statSync(join(folder, name)).isFile())
    .sort()
  if (files.some((name) => /^(licen|copying)/i.test(name))) return files.map((title) => ({ title, text: read(join(folder, title)) }))
  const readme = readdirSync(folder).find((name) => /^readme/i.test(name))
  const granted = readme && /^.*Copyright[^\n]*\n+Permission is hereby granted[\s\S]*$/m.exec(read(join(folder, readme)))?.[0]
  return granted ? [{ title: readme, text: granted }] : []
}

/**
 * The licence and notice texts of a package.
 * @param folders where its texts may lie; the first of them that has any counts
 * @returns empty when there is none
 */
export function licenceTextsOf(
  description: { name: string; version: string },
  folders: readonly string[],
  licences: readonly string[]
): { title: string; text: string }[] {
  const { name, version } = description
  const named = (table: Record<string, string[]>) => table[`${name}@${version}`] ?? table[name] ?? []
  const more = named(additions)
  if (more.length === 0 && needAdditions.has(name)) return []
  const file = (path: string) => ({ title: path.split(/[\\/]/).at(-1) ?? '', text: read(path) })
  // What no standard text covers, an addition must.
  const isCovered = licences.every((id) => id in standardTexts) || more.length > 0
  const sources = [
    ...folders.map((folder) => () => textsInside(folder)),
    () => named(substitutes).map(file),
    () => (isCovered ? licences.flatMap((id) => standardTexts[id] ?? []).map(file) : [])
  ]
  for (const source of sources) {
    const texts = source()
    if (texts.length > 0) return [...texts, ...more.map(file)]
  }
  return []
}
