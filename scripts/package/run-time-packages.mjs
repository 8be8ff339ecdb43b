/** Which npm packages a package ships: those that the bundles leave outside, with what they need, for one platform. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from '../electron-resolver.mjs'

/** Needed while a package is installed, never when it runs: they fetch archives from a network. */
const installTime = new Set(['adm-zip', 'global-agent'])

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'))
const locked = () => readJson(join(root, 'package-lock.json')).packages

/**
 * @param {RegExp[]} outside what the bundles do not hold (scripts/outside-packages.ts)
 * @param {string} platform such as linux-x64
 * @returns {{ path: string, name: string, version: string, integrity: string, installed: boolean }[]} `path` as in the lock file
 */
export function runTimePackages(outside, platform) {
  const [os, cpu] = platform.split('-')
  const lock = locked()
  const wanted = new Map()
  const add = (path) => {
    const entry = lock[path]
    if (wanted.has(path) || !entry || entry.dev) return
    if (!fits(entry.os, os) || !fits(entry.cpu, cpu) || !fits(entry.libc, 'glibc')) return
    // Not every package says which C library it is for.
    if (/musl/.test(path)) return
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
    if (installTime.has(name)) return
    wanted.set(path, { path, name, version: entry.version, integrity: entry.integrity, installed: existsSync(join(root, path)) })
    for (const each of Object.keys({ ...entry.dependencies, ...entry.optionalDependencies, ...neededPeers(entry) })) {
      const found = placeOf(lock, path, each)
      if (found) add(found)
    }
  }
  for (const name of Object.keys(lock[''].dependencies)) if (outside.some((each) => each.test(name))) add(`node_modules/${name}`)
  return [...wanted.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
}

const fits = (allowed, own) => !allowed || allowed.includes(own)

const neededPeers = ({ peerDependencies = {}, peerDependenciesMeta = {} }) =>
  Object.fromEntries(Object.entries(peerDependencies).filter(([name]) => !peerDependenciesMeta[name]?.optional))

/** As Node looks it up: in the package's own folder, then in each above. */
function placeOf(lock, from, name) {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, 'node_modules', name).split('\\').join('/')
    if (lock[path]) return path
    if (folder === '.' || folder === '') return undefined
  }
}

const needless = [
  /\.(map|[mc]?ts|tsx|md|markdown|flow|yml|gyp|cc|h|png)$/i,
  /(^|\/)(test|tests|__tests__|docs|example|examples|benchmark|\.github|dist\.web|dist\.d|script)\//,
  /(^|\/)(tsconfig[^/]*\.json|package-lock\.json|webpack[^/]*|\.[^/]+)$/
]
const isLicence = (path) =>
  /(^|\/)(licen[cs]es?|notices?|copying|thirdparty\w*)([-.][^/]*)?$/i.test(path) && !/\.(map|[mc]?[jt]sx?|json)$/i.test(path)

/** Whether a file of a shipped package is needed when it runs, or is its licence. `path` is relative to the package. */
export function isShipped(name, path, platform) {
  const file = path.split('\\').join('/')
  if (isLicence(file)) return true
  if (name === 'onnxruntime-node' && file.startsWith('bin/')) return file.startsWith(`bin/napi-v6/${platform.replace('-', '/')}/`)
  return !needless.some((each) => each.test(file))
}
