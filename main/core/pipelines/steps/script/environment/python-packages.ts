import { promises as fs } from 'node:fs'
import { basename, dirname, isAbsolute, join } from 'node:path'
import type { InstalledPackage, ProgramEnvironment } from '../../../../../model/program-environment'
import { sha256 } from '../../../../../storage/objects/durable-files'
import { digestOfFolder, isFolder, namesIn, textOf } from './folder-digest'
import { digestOfFile } from '../../../../confined-programs'

type Found = Pick<ProgramEnvironment, 'virtual' | 'packages' | 'files' | 'unchecked'> & { version: string | null }

/**
 * What a Python program file will find: its `pyvenv.cfg`, the distributions in its site folders, and what else lies there. Follows the
 * rules by which Python itself finds them (getpath, PEP 405, 376, 660) and runs nothing.
 */
export async function readPython(path: string): Promise<Found> {
  const virtual = await findVirtual(path)
  const base = await findBase(path)
  const found: Found = {
    version: virtual?.version ?? base?.version ?? null,
    virtual: virtual?.about ?? null,
    packages: [],
    files: {},
    unchecked: []
  }
  if (base?.library) await addFile(found, base.library)
  const folders = [
    ...(virtual ? await siteFolders(virtual.prefix, base?.minor) : []),
    ...(base && (!virtual || virtual.about.systemPackages) ? await siteFolders(base.prefix, base.minor) : [])
  ]
  if (!base && (!virtual || virtual.about.systemPackages || folders.length === 0))
    found.unchecked.push(`where ${path} looks for packages is not known`)
  const seen = new Set<string>()
  for (const folder of folders) await readSiteFolder(folder, found, seen)
  return found
}

/** `pyvenv.cfg` beside the program file or one folder above, links not followed. */
async function findVirtual(path: string) {
  for (const prefix of [dirname(path), dirname(dirname(path))]) {
    const file = join(prefix, 'pyvenv.cfg')
    const text = await textOf(file)
    if (text === undefined) continue
    const values = new Map(
      text.split(/\r?\n/).flatMap((line) => (line.includes('=') ? [line.split('=', 2).map((part) => part.trim()) as [string, string]] : []))
    )
    const systemPackages = values.get('include-system-site-packages')?.toLowerCase() === 'true'
    return {
      prefix,
      version: values.get('version') ?? values.get('version_info') ?? null,
      about: { path: file, sha256: sha256(text), home: values.get('home') ?? null, systemPackages }
    }
  }
  return undefined
}

/** The installation behind the links: its folder, `3.11`, and the library that holds the interpreter where the program file is only a start of it. */
async function findBase(path: string) {
  const real = await fs.realpath(path).catch(() => path)
  const prefix = dirname(dirname(real))
  const named = /^python(\d+\.\d+)/.exec(basename(real))?.[1]
  const minors = named ? [named] : (await namesIn(join(prefix, 'lib'))).flatMap((name) => /^python(\d+\.\d+)$/.exec(name)?.[1] ?? [])
  if (minors.length !== 1 || !(await isFolder(join(prefix, 'lib', `python${minors[0]}`)))) return undefined
  const [minor] = minors
  const library = join(prefix, 'lib', `libpython${minor}.so.1.0`)
  const isShared = (await fs.stat(library).catch(() => undefined))?.isFile()
  return { prefix, minor, library: isShared ? library : null, version: await versionIn(isShared ? library : real, minor) }
}

/** Versions by digest of the interpreter. */
const versions = new Map<string, string>()

/** `3.11.2` out of the bytes of an interpreter, which hold it as a text of its own; the minor version when they do not. */
async function versionIn(file: string, minor: string): Promise<string> {
  const digest = await digestOfFile(file)
  const before = digest === null ? undefined : versions.get(digest)
  if (before !== undefined) return before
  const bytes = await fs.readFile(file).catch(() => Buffer.alloc(0))
  for (let at = bytes.indexOf(`\0${minor}.`); at >= 0; at = bytes.indexOf(`\0${minor}.`, at + 1)) {
    const text = /^\d+\.\d+\.\d+((a|b|rc)\d+)?\+?\0/.exec(bytes.toString('latin1', at + 1, at + 24))?.[0]
    if (!text) continue
    if (digest !== null) versions.set(digest, text.slice(0, -1))
    return text.slice(0, -1)
  }
  return minor
}

async function siteFolders(prefix: string, minor: string | undefined): Promise<string[]> {
  const versions = minor ? [`python${minor}`] : (await namesIn(join(prefix, 'lib'))).filter((name) => /^python\d+\.\d+$/.test(name))
  const places = versions.flatMap((version) => [
    join(prefix, 'lib', version, 'site-packages'),
    join(prefix, 'lib64', version, 'site-packages'),
    // Debian keeps its own apart.
    ...(prefix === '/usr' ? [join('/usr/local/lib', version, 'dist-packages'), '/usr/lib/python3/dist-packages'] : [])
  ])
  const there = await Promise.all(
    [...places, join(prefix, 'Lib', 'site-packages')].map(async (place) => ((await isFolder(place)) ? await fs.realpath(place) : null))
  )
  return [...new Set(there.filter((place) => place !== null))]
}

async function addFile(found: Found, path: string): Promise<void> {
  const digest = await digestOfFile(path)
  if (digest) found.files[path] = digest
}

/** Distributions, start files (`.pth`) and the folders that these add, and what belongs to no distribution. */
async function readSiteFolder(folder: string, found: Found, seen: Set<string>): Promise<void> {
  if (seen.has(folder)) return
  seen.add(folder)
  const names = await namesIn(folder)
  const owned = new Set<string>()
  const withoutRecord: string[] = []
  for (const name of names.filter((each) => /\.(dist|egg)-info$/.test(each))) {
    const about = await readDistribution(folder, name, owned)
    found.packages.push(about.package)
    if (about.isEditable) found.unchecked.push(`the files of ${about.package.name}, which is installed to be edited elsewhere`)
    else if (about.package.record === null) withoutRecord.push(about.package.name)
  }
  if (withoutRecord.length) found.unchecked.push(`the files of ${withoutRecord.length} packages in ${folder}, which have no record of them`)
  for (const name of names) {
    const path = join(folder, name)
    if (/\.(dist|egg)-info$/.test(name) || name === '__pycache__' || owned.has(name)) continue
    if (await isFolder(path)) {
      // Of whom a folder is cannot be told where packages do not list their files.
      if (withoutRecord.length) continue
      const digest = await digestOfFolder(path)
      if (digest) found.files[path] = digest
      else found.unchecked.push(`the files in ${path}`)
    } else await addFile(found, path)
  }
  for (const name of names.filter((each) => each.endsWith('.pth')))
    for (const line of ((await textOf(join(folder, name))) ?? '').split(/\r?\n/)) {
      const added = line.trim()
      if (added === '' || added.startsWith('#') || /^import\s/.test(added)) continue
      const place = isAbsolute(added) ? added : join(folder, added)
      if (await isFolder(place)) await readSiteFolder(place, found, seen)
    }
}

async function readDistribution(
  folder: string,
  name: string,
  owned: Set<string>
): Promise<{ package: InstalledPackage; isEditable: boolean }> {
  const path = join(folder, name)
  const isPlainFile = !(await isFolder(path))
  const [record, metadata, link] = await Promise.all([
    textOf(join(path, name.endsWith('.dist-info') ? 'RECORD' : 'installed-files.txt')),
    isPlainFile ? textOf(path) : textOf(join(path, name.endsWith('.dist-info') ? 'METADATA' : 'PKG-INFO')),
    textOf(join(path, 'direct_url.json'))
  ])
  for (const line of record?.split(/\r?\n/) ?? []) {
    const [first] = line.replace(/^"|^\.\.\/(?!\.)/, '').split(/[/\\,]/)
    if (first && first !== '..') owned.add(first)
  }
  const header = (key: string): string | null => new RegExp(`^${key}: *(.+?)\\r?$`, 'm').exec(metadata ?? '')?.[1] ?? null
  const [fromName, fromVersion] = name.replace(/\.(dist|egg)-info$/, '').split('-')
  return {
    package: {
      name: header('Name') ?? fromName,
      version: header('Version') ?? fromVersion ?? null,
      record: record === undefined ? null : sha256(record),
      place: folder
    },
    isEditable: link !== undefined && /"editable"\s*:\s*true/.test(link)
  }
}
