import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { digestOfFile, type Component, type HeldFile } from './component'

/** What a runtime says of its own parts, by the names of `process.versions`; those that are only numbers of an interface are no parts. */
const interfaces: ReadonlySet<string> = new Set(['node', 'modules', 'napi', 'unicode', 'cldr', 'tz'])
const purlOf: Record<string, (version: string) => string> = {
  openssl: (version) => `pkg:github/openssl/openssl@openssl-${version}`,
  v8: (version) => `pkg:github/v8/v8@${version}`,
  uv: (version) => `pkg:github/libuv/libuv@v${version}`,
  undici: (version) => `pkg:npm/undici@${version}`
}

const read = (path: string): string => readFileSync(path, 'utf8').replaceAll('\r\n', '\n').trimEnd()
const required = (path: string, what: string): string => {
  if (existsSync(path)) return path
  throw new Error(
    `${what} is missing in the program folder (${path}), and without it nothing may be delivered. Take it over from the runtime.`
  )
}

/** Parts of a Node that can be run here; null for one of another platform, which cannot be asked. */
function partsOf(node: string): Component['parts'] | null {
  try {
    const versions = JSON.parse(execFileSync(node, ['-p', 'JSON.stringify(process.versions)'], { encoding: 'utf8' })) as Record<
      string,
      string
    >
    return Object.entries(versions)
      .filter(([name]) => !interfaces.has(name))
      .map(([name, version]) => ({ name, version, purl: purlOf[name]?.(version) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch {
    return null
  }
}

/** The Node of the package, by what it says of itself and where it cannot be run by the version that is pinned. */
export function nodeComponent(programFolder: string, resources: string, pinned: string): Component {
  const folder = join(resources, 'node')
  const path = existsSync(join(folder, 'node.exe')) ? 'node.exe' : 'bin/node'
  const binary = required(join(folder, path), 'The Node of the package')
  const parts = partsOf(binary)
  const text = read(required(join(folder, 'LICENSE'), 'The licence of Node'))
  return {
    type: 'framework',
    name: 'Node.js',
    version: pinned,
    purl: `pkg:github/nodejs/node@v${pinned}`,
    licence: 'MIT',
    texts: [{ title: 'LICENSE', text }],
    hashes: [],
    held: 'as files of its own',
    files: [{ path: relative(programFolder, binary).split(sep).join('/'), sha256: digestOfFile(binary) }],
    parts: parts ?? [],
    needs: [],
    notes: parts ? [] : [{ name: 'parts', value: 'not asked: this Node is of another platform than the one that built the release' }]
  }
}

/** Electron and Chromium name their versions side by side in what they say to servers, which stands in the binary. */
export function versionsInElectron(binary: string): { chromium: string; electron: string } {
  const bytes = readFileSync(binary)
  for (let at = bytes.indexOf('Chrome/'); at >= 0; at = bytes.indexOf('Chrome/', at + 1)) {
    const [, chromium, electron] = /^Chrome\/(\d+(?:\.\d+){3}) Electron\/(\d[\w.-]*)/.exec(bytes.toString('latin1', at, at + 80)) ?? []
    if (chromium && electron) return { chromium, electron }
  }
  throw new Error(`${binary} does not say which Electron and Chromium it is. Is it an Electron?`)
}

/** The runtime of the window and the browser inside of it. */
export function electronComponents(programFolder: string, binary: string, files: HeldFile[]): Component[] {
  const { chromium, electron } = versionsInElectron(binary)
  // The program has its own LICENSE in the place of that of Electron, which also lies in the npm package.
  const text = read(required(join('node_modules', 'electron', 'LICENSE'), 'The licence of Electron'))
  required(join(programFolder, 'LICENSES.chromium.html'), 'The list of licences of Chromium')
  const common = { type: 'framework' as const, hashes: [], held: 'as files of its own' as const, parts: [], needs: [], notes: [] }
  return [
    { ...common, name: 'Electron', version: electron, purl: `pkg:github/electron/electron@v${electron}`, licence: 'MIT', texts: [{ title: 'LICENSE', text }], files, needs: ['Chromium'] }, // prettier-ignore
    {
      ...common,
      name: 'Chromium',
      version: chromium,
      purl: `pkg:github/chromium/chromium@${chromium}`,
      licence: 'BSD-3-Clause',
      texts: [
        {
          title: 'LICENSES.chromium.html',
          text: 'The licences of Chromium and of all that it holds of others, FFmpeg and Skia among them, stand in the file LICENSES.chromium.html beside this one.'
        }
      ],
      files: [],
      notes: [
        {
          name: 'ffmpeg',
          value: 'LGPL-2.1-or-later: a library of its own that may be exchanged; its licence stands in LICENSES.chromium.html'
        }
      ]
    }
  ]
}
