import { promises as fs } from 'node:fs'
import { dirname, join } from 'node:path'
import type { InstalledPackage, ProgramEnvironment } from '../../../../../model/program-environment'
import { isFolder, namesIn, textOf } from './folder-digest'
import { digestOfFile } from '../../../../confined-programs'

type Found = Pick<ProgramEnvironment, 'packages' | 'files' | 'unchecked'> & { version: string | null }

/** What a Node program file will find from a folder on: the modules in each `node_modules` above it. Nothing is run. */
export async function readNode(path: string, from: string): Promise<Found> {
  const found: Found = { version: await nodeVersion(path), packages: [], files: {}, unchecked: [] }
  for (let at = from; ; at = dirname(at)) {
    const folder = join(at, 'node_modules')
    if (await isFolder(folder)) await readModules(folder, found)
    if (dirname(at) === at) return found
  }
}

async function nodeVersion(path: string): Promise<string | null> {
  const real = await fs.realpath(path).catch(() => path)
  if (real === (await fs.realpath(process.execPath)) && !process.versions.electron) return process.versions.node
  const header = await textOf(join(dirname(dirname(real)), 'include', 'node', 'node_version.h'))
  const numbers = ['MAJOR', 'MINOR', 'PATCH'].map((part) => new RegExp(`#define NODE_${part}_VERSION (\\d+)`).exec(header ?? '')?.[1])
  return numbers.includes(undefined) ? null : numbers.join('.')
}

async function readModules(folder: string, found: Found): Promise<void> {
  const names = await namesIn(folder)
  const nested = await Promise.all(
    names.map(async (name) => (name.startsWith('@') ? (await namesIn(join(folder, name))).map((inner) => `${name}/${inner}`) : [name]))
  )
  for (const name of nested.flat()) {
    const file = join(folder, name, 'package.json')
    const text = await textOf(file)
    if (text === undefined) continue
    found.packages.push({
      name,
      version: /"version"\s*:\s*"([^"]+)"/.exec(text)?.[1] ?? null,
      record: await digestOfFile(file),
      place: folder
    })
  }
  // The list of everything that was installed, with the digest of each package, also of those within others.
  const lock = join(folder, '.package-lock.json')
  const digest = await digestOfFile(lock)
  if (digest) found.files[lock] = digest
  else found.unchecked.push(`the files of the modules in ${folder}, which has no list of them`)
}

/** What an R program file will find: the packages of its libraries, and its start files. Nothing is run. */
export async function readR(path: string): Promise<Found> {
  const found: Found = { version: null, packages: [], files: {}, unchecked: [] }
  const prefix = dirname(dirname(await fs.realpath(path).catch(() => path)))
  const homes = [prefix, join(prefix, 'lib', 'R'), join(prefix, 'lib64', 'R')]
  const there = await Promise.all(homes.map((home) => isFolder(join(home, 'library', 'base'))))
  const home = homes[there.indexOf(true)]
  if (home === undefined) return { ...found, unchecked: [`where ${path} looks for packages is not known`] }
  for (const name of ['Renviron', 'Renviron.site', 'Rprofile.site']) {
    const digest = await digestOfFile(join(home, 'etc', name))
    if (digest) found.files[join(home, 'etc', name)] = digest
  }
  const isSystem = home === '/usr/lib/R' || home === '/usr/lib64/R'
  for (const library of [join(home, 'library'), join(home, 'site-library'), ...(isSystem ? ['/usr/local/lib/R/site-library'] : [])])
    for (const name of await namesIn(library)) {
      const about = await readRPackage(library, name)
      if (about) found.packages.push(about)
    }
  const bare = found.packages.filter(({ record }) => record === null).length
  if (bare) found.unchecked.push(`the files of ${bare} R packages, which have no record of them`)
  return { ...found, version: found.packages.find(({ name }) => name === 'base')?.version ?? null }
}

async function readRPackage(library: string, name: string): Promise<InstalledPackage | undefined> {
  const text = await textOf(join(library, name, 'DESCRIPTION'))
  if (text === undefined) return undefined
  const version = /^Version: *(.+?)\r?$/m.exec(text)?.[1] ?? null
  return { name, version, record: await digestOfFile(join(library, name, 'MD5')), place: library }
}
