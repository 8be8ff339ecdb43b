import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { readAsar } from './asar'
import { digestOfFile, referenceOf, type Component } from './component'
import { bundledPackages, heldFiles, shippedPackages } from './packages'
import { electronComponents, nodeComponent } from './runtimes'

/** Where the parts of a program lie on one platform. */
export interface ProgramFolder {
  programFolder: string
  /** Where Electron looks for the app, and where its Node lies: `resources`, or inside of the bundle on macOS. */
  resources: string
  /** What `scripts/build-record.ts` wrote while the program was built. */
  buildRecord: string
  /** The version of the Node that was put in. */
  nodeVersion: string
}

function unpacked(resources: string): string {
  const place = join(resources, 'app.asar.unpacked')
  if (existsSync(place)) return place
  throw new Error(`${resources} has no app.asar.unpacked. Is it of a packaged program?`)
}

/** The binary that holds Electron: the program itself, or on macOS the framework beside it. */
function electronBinary(programFolder: string): string {
  const framework = join('Contents', 'Frameworks', 'Electron Framework.framework', 'Electron Framework')
  const names = ['drydock-app', 'drydock-app.exe', 'Drydock.exe', join('Drydock.app', framework), framework]
  const found = names.map((name) => join(programFolder, name)).find((path) => existsSync(path))
  if (found) return found
  throw new Error(`${programFolder} has no program with Electron in it. Was it packaged?`)
}

/** The table of the sample, which is somebody's work as well. */
function sampleData(app: string): Component {
  const path = 'out/resources/sample/birdstrikes.csv'
  const file = join(app, path)
  const source = join('node_modules', 'vega-datasets')
  const { version } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as { version: string }
  const sha256 = digestOfFile(file)
  return {
    type: 'data',
    name: 'birdstrikes.csv',
    version,
    licence: 'BSD-3-Clause',
    texts: [{ title: 'vega-datasets.txt', text: readFileSync(join('resources', 'licences', 'vega-datasets.txt'), 'utf8').trimEnd() }],
    hashes: [{ alg: 'SHA-256', content: sha256 }],
    held: 'as files of its own',
    files: [],
    parts: [],
    needs: [],
    notes: [{ name: 'source', value: 'FAA Wildlife Strike Database, public domain, as extracted in vega-datasets' }]
  }
}

/**
 * Everything of others that a packaged program holds, by what is really in it, sorted by name.
 * @throws Error when something has no licence, one that is not allowed, or no licence text
 */
export function gatherComponents({ programFolder, resources, buildRecord, nodeVersion }: ProgramFolder): Component[] {
  const app = unpacked(resources)
  const besides = readdirSync(programFolder, { withFileTypes: true }).filter((entry) => entry.isFile() && entry.name !== 'LICENSE')
  const binary = electronBinary(programFolder)
  const itself = { path: relative(programFolder, binary).split(sep).join('/'), sha256: digestOfFile(binary) }
  const runtimeFiles = heldFiles(programFolder, programFolder).filter(
    ({ path }) => path !== itself.path && besides.some(({ name }) => name === path)
  )
  const all = [
    ...bundledPackages(buildRecord, readAsar(app.replace(/\.unpacked$/, ''))),
    ...shippedPackages(join(app, 'node_modules'), programFolder),
    ...electronComponents(programFolder, binary, [itself, ...runtimeFiles]),
    nodeComponent(programFolder, resources, nodeVersion),
    sampleData(app)
  ]
  // A package may be in the bundle and lie beside it as well.
  const unique = new Map<string, Component>()
  for (const each of all) {
    const known = unique.get(referenceOf(each))
    unique.set(referenceOf(each), known ? { ...known, files: [...known.files, ...each.files] } : each)
  }
  const order = ({ name, version }: Component) => `${name}\0${version}`
  return [...unique.values()].sort((a, b) => (order(a) < order(b) ? -1 : 1))
}
