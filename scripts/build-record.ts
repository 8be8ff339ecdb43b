import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import type { Plugin } from 'vite'

/** A package of which something is in the built program, as the bundler saw it. */
export interface BundledPackage {
  name: string
  version: string
  /** Its folder, relative to the repository, with forward slashes. */
  path: string
  /** The built files that hold something of it. */
  files: string[]
}

/** The package that a file belongs to; undefined for files of the repository itself. */
function packageOf(file: string): Omit<BundledPackage, 'files'> | undefined {
  if (!file.split(/[\\/]/).includes('node_modules')) return undefined
  for (let folder = dirname(file); dirname(folder) !== folder; folder = dirname(folder)) {
    const description = join(folder, 'package.json')
    if (!existsSync(description)) continue
    const { name, version } = JSON.parse(readFileSync(description, 'utf8')) as { name?: string; version?: string }
    // A folder inside a package may have a description of its own, which only says how its modules are read.
    if (name && version) return { name, version, path: relative(process.cwd(), folder).split(sep).join('/') }
  }
  return undefined
}

/** What bundlers put into their output that comes of no module on the disk. */
const helpers: Record<string, string> = { '\0rolldown/runtime.js': 'rolldown', '\0vite/preload-helper.js': 'vite' }

/** Packages that a style sheet takes in by name; the bundler lists none of them as modules. */
function importedByStyle(file: string): string[] {
  const names = readFileSync(file, 'utf8').matchAll(/@import\s+(?:url\()?['"]([^'"]+)['"]/g)
  return [...names].flatMap(([, name]) => {
    const parts = /^(@[^/]+\/[^/]+|[^./@][^/]*)/.exec(name ?? '')?.[0]
    return parts ? [join(process.cwd(), 'node_modules', parts, 'package.json')] : []
  })
}

/**
 * Writes which packages went into one part of the program (`main`, `preload`, `renderer`) to the folder that DRYDOCK_BUILD_RECORD names, as
 * `<part>.json`: what is listed as delivered is what the bundler delivered, not what package.json asks for. Does nothing without that.
 */
export function buildRecord(part: string): Plugin {
  return {
    name: 'build-record',
    generateBundle(_, files) {
      const folder = process.env.DRYDOCK_BUILD_RECORD
      if (!folder) return
      const found = new Map<string, BundledPackage>()
      const add = (module: string, file: string): void => {
        const helper = helpers[module]
        const owner = packageOf(helper ? join(process.cwd(), 'node_modules', helper, 'package.json') : module.replace(/^\0|\?.*$/g, ''))
        if (!owner) return
        const known = found.get(owner.path) ?? { ...owner, files: [] }
        found.set(owner.path, known)
        if (!known.files.includes(file)) known.files.push(file)
      }
      for (const [file, output] of Object.entries(files)) {
        if (output.type === 'asset') for (const source of output.originalFileNames) add(resolve('renderer', source), `${part}/${file}`)
        else
          for (const [module, { renderedLength }] of Object.entries(output.modules)) if (renderedLength > 0) add(module, `${part}/${file}`)
      }
      const sheet = Object.keys(files).find((file) => file.endsWith('.css'))
      for (const module of this.getModuleIds()) {
        const style = module.replace(/\?.*$/, '')
        if (sheet && style.endsWith('.css') && existsSync(style))
          for (const each of [style, ...importedByStyle(style)]) add(each, `${part}/${sheet}`)
      }
      mkdirSync(folder, { recursive: true })
      const packages = [...found.values()].map((each) => ({ ...each, files: each.files.sort() })).sort((a, b) => (a.path < b.path ? -1 : 1))
      writeFileSync(join(folder, `${part}.json`), `${JSON.stringify({ part, packages }, null, 2)}\n`)
    }
  }
}
