/** The program folder: Electron with the app in its archive, Node for the command line and the workers, the launchers. */
import { packager } from '@electron/packager'
import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from '../electron-resolver.mjs'
import { settleRights } from './folders.mjs'
import { setFuses } from './fuses.mjs'
import { writeMacIcon, writeWindowsIcon } from './icon-files.mjs'
import { putOwnNode } from './own-node.mjs'
import { writeShare } from './share.mjs'

const own = (name) => join(dirname(fileURLToPath(import.meta.url)), name)

/** Native code is no use inside the archive: the operating system loads it from files. */
const natives = '**/{*.node,*.so,*.so.*,*.dll,*.dylib}'

/**
 * @param {object} build
 * @param {string} build.stage what the archive is made of
 * @param {{ version: string, zips: string }} build.electron
 * @returns {Promise<{ programFolder: string, resources: string, node: { version: string, folder: string } }>}
 */
export async function makeProgramFolder({ stage, scratch, platform, version, electron, nodeFolder, unfused }) {
  const [system, arch] = platform.split('-')
  const [programFolder] = await packager({
    dir: stage,
    out: join(scratch, 'packager'),
    // Its usual place is shared by all builds of a machine, and each empties it.
    tmpdir: join(scratch, 'unpacked'),
    overwrite: true,
    platform: system,
    arch,
    name: 'Drydock',
    executableName: 'drydock-app',
    appVersion: version,
    appBundleId: 'org.drydock.workbench',
    appCopyright: 'The Drydock authors',
    electronVersion: electron.version,
    electronZipDir: electron.zips,
    icon: iconFor(system, scratch),
    // The rest of `out` is for Node, which reads no archive.
    ignore: (path) => path.startsWith('/out/resources'),
    prune: false,
    asar: { unpack: natives },
    extendInfo: system === 'darwin' ? macTypes : undefined,
    quiet: true
  })
  const resources = system === 'darwin' ? join(programFolder, 'Drydock.app', 'Contents', 'Resources') : join(programFolder, 'resources')
  layOutForNode({ stage, resources })
  const node = { version: putOwnNode(platform, join(resources, 'node'), nodeFolder), folder: join(resources, 'node') }
  if (!unfused) await setFuses({ binary: binaryOf(programFolder, system), platform, electronVersion: electron.version })
  renameSync(join(programFolder, 'LICENSE'), join(programFolder, 'LICENSE.electron.txt'))
  copyFileSync(join(root, 'LICENSE'), join(programFolder, 'LICENSE'))
  if (system === 'linux') writeShare({ folder: join(programFolder, 'share'), commandLine: join(stage, 'out', 'main', 'cli.js') })
  writeLaunchers({ folder: system === 'darwin' ? resources : programFolder, system, version })
  settleRights(programFolder)
  return { programFolder, resources, node }
}

function iconFor(system, scratch) {
  if (system === 'linux') return undefined
  const file = join(scratch, system === 'win32' ? 'drydock.ico' : 'drydock.icns')
  if (system === 'win32') writeWindowsIcon(file)
  else writeMacIcon(file)
  return file
}

/** What macOS is to know of our files; Windows learns it from the installer, Linux from share/mime. */
const macTypes = {
  CFBundleDocumentTypes: [
    { CFBundleTypeName: 'Drydock bundle', CFBundleTypeExtensions: ['drydock'], CFBundleTypeRole: 'Viewer', LSHandlerRank: 'Owner' },
    { CFBundleTypeName: 'Drydock update', CFBundleTypeExtensions: ['drydock-update'], CFBundleTypeRole: 'Viewer', LSHandlerRank: 'Owner' }
  ]
}

const binaryOf = (folder, system) =>
  ({ linux: join(folder, 'drydock-app'), win32: join(folder, 'drydock-app.exe'), darwin: join(folder, 'Drydock.app') })[system]

/** Node runs the same files as Electron, but from outside of the archive. */
function layOutForNode({ stage, resources }) {
  const unpacked = join(resources, 'app.asar.unpacked')
  for (const path of ['out/main', 'out/resources', 'node_modules', 'package.json'])
    cpSync(join(stage, path), join(unpacked, path), { recursive: true, force: true })
}

/** On Linux one script by two names: what it starts it knows by its name. Elsewhere the window is opened as programs are. */
function writeLaunchers({ folder, system, version }) {
  const [from, names] = {
    linux: ['launcher.sh', ['drydock', 'drydock-window']],
    win32: ['launcher.cmd', ['drydock.cmd']],
    darwin: ['launcher-macos.sh', ['drydock']]
  }[system]
  const script = readFileSync(own(from), 'utf8').replace('@VERSION@', version)
  mkdirSync(join(folder, 'bin'), { recursive: true })
  for (const name of names) {
    writeFileSync(join(folder, 'bin', name), script)
    chmodSync(join(folder, 'bin', name), 0o755)
  }
}
