/** Packages of npm that a build needs and `npm ci` does not install: those of another platform, and a Node to ship. Each is pinned by its digest. */
import { createHash } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { root } from '../electron-resolver.mjs'

const cache = join(root, 'node_modules', '.cache', 'packages')

const digestOf = (file) => 'sha512-' + createHash('sha512').update(readFileSync(file)).digest('base64')

/**
 * The archive of a package, from the cache of this checkout or by npm.
 * @param {{ name: string, version: string, integrity: string }} pin
 * @returns {string} its path. Throws when it cannot be had or is not the pinned one.
 */
export function npmArchive({ name, version, integrity }) {
  const file = join(cache, `${name.replace('/', '+')}-${version}.tgz`)
  if (existsSync(file) && digestOf(file) === integrity) return file
  const temporary = join(cache, `.fetching-${process.pid}`)
  rmSync(temporary, { recursive: true, force: true })
  mkdirSync(temporary, { recursive: true })
  try {
    console.log(`Fetching ${name}@${version}`)
    const fetched = pack(`${name}@${version}`, temporary, ['--fetch-retries=1']) ?? pack(`${name}@${version}`, temporary, ['--offline'])
    if (!fetched)
      throw new Error(
        `${name}@${version} could not be had from the npm registry. Put its archive at ${file}, or reach a registry, and try again.`
      )
    const digest = digestOf(fetched)
    if (digest !== integrity)
      throw new Error(`The archive of ${name}@${version} is not the pinned one (${digest}). Check the npm registry you use.`)
    renameSync(fetched, file)
    return file
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

function pack(specification, destination, more) {
  const underNpm = basename(process.env.npm_execpath ?? '').startsWith('npm-cli')
  const [command, first] = underNpm ? [process.execPath, [process.env.npm_execpath]] : ['npm', []]
  spawnSync(command, [...first, 'pack', specification, '--silent', '--pack-destination', destination, '--ignore-scripts', ...more], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'ignore'],
    shell: !underNpm && process.platform === 'win32'
  })
  const name = readdirSync(destination).find((each) => each.endsWith('.tgz'))
  return name === undefined ? undefined : join(destination, name)
}

/** Unpacks the named members of an npm archive (all of it when none is named), without their first folder, into `folder`. */
export function unpackNpmArchive(archive, folder, members = []) {
  mkdirSync(folder, { recursive: true })
  const named = members.map((member) => `package/${member}`)
  const { status } = spawnSync('tar', ['-xzf', archive, '-C', folder, '--strip-components=1', ...named], { stdio: ['ignore', 'ignore', 2] })
  if (status !== 0) throw new Error(`${archive} could not be unpacked with tar. Is the disk full?`)
}
