import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { npmPurl } from '../../../main/core/bundle-format/documents/bill-of-materials'
import type { BundledPackage } from '../../build-record'
import { digestOfFile, type Component, type HeldFile } from './component'
import { chooseLicences, licenceTextsOf } from './licence-texts'

interface Description {
  name: string
  version: string
  license?: unknown
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  os?: string[]
}
const describe = (folder: string) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Description

const isNative = /\.(node|dll|dylib|exe)$|\.so(\.\d+)*$/
const isFont = /\.(woff2?|ttf|otf)$/

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesBelow(path)
    return entry.isFile() ? [path] : []
  })
}

/** Machine code and fonts of a folder with their digests; paths relative to the program folder. */
export function heldFiles(folder: string, programFolder: string): HeldFile[] {
  return filesBelow(folder)
    .filter((path) => isNative.test(path) || isFont.test(path))
    .map((path) => ({ path: relative(programFolder, path).split(sep).join('/'), sha256: digestOfFile(path) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** The folders of all packages below a node_modules, nested ones as well. */
export function packageFolders(modules: string): string[] {
  if (!existsSync(modules)) return []
  return readdirSync(modules)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(join(modules, name)).map((inner) => join(modules, name, inner)) : [join(modules, name)]
    )
    .filter((folder) => statSync(folder).isDirectory() && existsSync(join(folder, 'package.json')))
    .flatMap((folder) => [folder, ...packageFolders(join(folder, 'node_modules'))])
    .sort()
}

interface Locked {
  version?: string
  integrity?: string
}
let lock: Record<string, Locked> | undefined

/** SHA-512 of the archive from which the package was installed, from the lock file of the repository. */
function archiveDigests(name: string, version: string): Component['hashes'] {
  lock ??= (JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Locked> }).packages
  const entry = Object.entries(lock).find(([path, each]) => path.endsWith(`node_modules/${name}`) && each.version === version)?.[1]
  const digest = /^sha512-(.+)$/.exec(entry?.integrity ?? '')?.[1]
  return digest ? [{ alg: 'SHA-512', content: Buffer.from(digest, 'base64').toString('hex') }] : []
}

/**
 * Describes an npm package as a component.
 * @param folders where its description and licence may lie: as delivered, as installed, then the package of which this one is the part for
 *   one platform
 * @throws Error when its licence is not allowed, or its text is not to be found
 */
function describePackage(folders: readonly string[], held: Component['held'], files: HeldFile[]): Component {
  const description = describe(folders[0])
  const { name, version } = description
  const licence = typeof description.license === 'string' ? description.license : ''
  const chosen = chooseLicences(licence)
  if (chosen === null)
    throw new Error(
      `${name} ${version} is under "${licence || 'no licence that it names'}", which is not allowed in a release. Read that licence and add it to scripts/package/evidence/licence-texts.ts, or take another package.`
    )
  const texts = licenceTextsOf(description, folders, chosen)
  if (texts.length === 0)
    throw new Error(
      `${name} ${version} comes without the text of its licence (${licence}). Put the text into resources/licences and name it in scripts/package/evidence/licence-texts.ts.`
    )
  const needs = Object.keys({ ...description.dependencies, ...description.optionalDependencies }).sort()
  const base = { type: 'library' as const, name, version, purl: npmPurl(name, version), licence: licence.replace(/^\((.*)\)$/, '$1') }
  return { ...base, texts, hashes: archiveDigests(name, version), held, files, parts: [], needs, notes: [] }
}

/**
 * Packages of which the bundler put something into the program, by its own record (`scripts/build-record.ts`).
 * @param built the files of the app's archive by their paths, where the fonts are
 */
export function bundledPackages(record: string, built: ReadonlyMap<string, Buffer>): Component[] {
  const parts = ['main', 'preload', 'renderer'].map((part) => join(record, `${part}.json`))
  const listed = parts.flatMap((file) => (JSON.parse(readFileSync(file, 'utf8')) as { packages: BundledPackage[] }).packages)
  const byPath = new Map<string, BundledPackage>()
  for (const each of listed) byPath.set(each.path, { ...each, files: [...(byPath.get(each.path)?.files ?? []), ...each.files] })
  return [...byPath.values()].map(({ path, files }) => {
    const fonts = files.flatMap((file) => {
      const bytes = isFont.test(file) ? built.get(`out/${file}`) : undefined
      return bytes ? [{ path: `resources/app.asar/out/${file}`, sha256: createHash('sha256').update(bytes).digest('hex') }] : []
    })
    return describePackage([path], 'in the built program', fonts)
  })
}

/** Packages that lie in the program folder as they are, with their machine code. What is not needed at run time was left out of them. */
export function shippedPackages(modules: string, programFolder: string): Component[] {
  const described = packageFolders(modules).map((folder) => ({ folder, description: describe(folder) }))
  const installed = (folder: string): string[] => {
    const place = join('node_modules', relative(modules, folder))
    return existsSync(join(place, 'package.json')) && describe(place).version === describe(folder).version ? [place] : []
  }
  return described.map(({ folder, description }) => {
    const whole = described.find(({ description: other }) => description.os && description.name in (other.optionalDependencies ?? {}))
    const folders = [folder, ...installed(folder), ...(whole ? [whole.folder] : [])]
    return describePackage(folders, 'as files of its own', heldFiles(folder, programFolder))
  })
}
