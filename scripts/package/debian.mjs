/** The package for Debian and what comes from it, by electron-installer-debian, the same bytes on every machine. */
import { createHash } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pathsBelow, settleRights, settleTimes, sizeOf } from './folders.mjs'

const { Installer, transformVersion } = createRequire(import.meta.url)('electron-installer-debian')

/** The libraries that Electron and the native packages are linked with; the second name is that of Debian 13 and Ubuntu 24.04. */
const depends = [
  'libc6 (>= 2.34)',
  'libstdc++6',
  'libgcc-s1',
  'libasound2 | libasound2t64',
  'libatk1.0-0 | libatk1.0-0t64',
  'libatk-bridge2.0-0 | libatk-bridge2.0-0t64',
  'libatspi2.0-0 | libatspi2.0-0t64',
  'libcairo2',
  'libcups2 | libcups2t64',
  'libdbus-1-3',
  'libdrm2',
  'libexpat1',
  'libgbm1',
  'libglib2.0-0 | libglib2.0-0t64',
  'libgtk-3-0 | libgtk-3-0t64',
  'libnspr4',
  'libnss3',
  'libpango-1.0-0',
  'libudev1',
  'libx11-6',
  // Chromium opens this one by itself, so no list of needed libraries names it; without it the window traps at its start.
  'libx11-xcb1',
  'libxcb1',
  'libxcomposite1',
  'libxdamage1',
  'libxext6',
  'libxfixes3',
  'libxkbcommon0',
  'libxrandr2'
]

class ReproducibleInstaller extends Installer {
  /** The desktop file, icons and copyright come with the rest below /usr/share, not from templates. */
  get contentFunctions() {
    return ['copyApplication', 'copyScripts', 'createBinarySymlink', 'createControl', 'createCopyright']
  }

  generateOptions() {
    super.generateOptions()
    // Those that it would add are of Electron from ten years ago.
    Object.assign(this.options, { depends, recommends: ['xdg-utils', 'fonts-dejavu-core'], suggests: [], enhances: [], preDepends: [] })
    return this.options
  }

  /** The helper stays without setuid: postinst sets it only where the system leaves Chromium no other sandbox. */
  async updateSandboxHelperPermissions() {}

  async copyApplication() {
    await super.copyApplication()
    // It leaves the licence out, which is in the copyright file; the folder is to be the same as that of the portable archive.
    copyFileSync(join(this.options.src, 'LICENSE'), join(this.stagingAppDir, 'LICENSE'))
    const share = join(this.stagingAppDir, 'share')
    cpSync(share, join(this.stagingDir, 'usr', 'share'), { recursive: true })
    rmSync(share, { recursive: true })
  }

  async createBinarySymlink() {
    mkdirSync(join(this.stagingDir, 'usr', 'bin'), { recursive: true })
    for (const name of ['drydock', 'drydock-window']) symlinkSync(`../lib/drydock/bin/${name}`, join(this.stagingDir, 'usr', 'bin', name))
  }

  async createPackage() {
    settleRights(join(this.stagingDir, 'usr'))
    this.writeDigests()
    settleTimes(this.stagingDir, this.options.seconds)
    // More threads, or another number of them, make other bytes.
    const { status, stderr } = spawnSync(
      'dpkg-deb',
      ['--root-owner-group', '--threads-max=1', '-Zzstd', '-z9', '--build', this.stagingDir],
      {
        encoding: 'utf8',
        env: { ...process.env, SOURCE_DATE_EPOCH: String(this.options.seconds), LC_ALL: 'C' }
      }
    )
    if (status !== 0) throw new Error(`dpkg-deb failed: ${stderr}`)
  }

  /** With these `dpkg --verify drydock` finds a file that was changed after the installation. */
  writeDigests() {
    const lines = pathsBelow(join(this.stagingDir, 'usr'))
      .filter((path) => lstatSync(path).isFile())
      .map((path) => `${createHash('md5').update(readFileSync(path)).digest('hex')}  ${relative(this.stagingDir, path)}`)
    writeFileSync(join(this.stagingDir, 'DEBIAN', 'md5sums'), lines.join('\n') + '\n', { mode: 0o644 })
  }
}

const script = (name) => join(dirname(fileURLToPath(import.meta.url)), 'debian', name)

/**
 * @param {{ programFolder: string, version: string, seconds: number, out: string }} build
 * @returns {Promise<string>} path of the package
 */
export async function writeDebian({ programFolder, version, seconds, out }) {
  const installer = new ReproducibleInstaller({
    src: programFolder,
    dest: out,
    arch: 'amd64',
    name: 'drydock',
    bin: 'bin/drydock',
    version: transformVersion(version),
    section: 'science',
    description: 'Offline workbench for machine learning in regulated places',
    productDescription:
      'Imports and checks data, trains models, compares runs, and writes signed bundles that a receiver verifies. It never asks a network.',
    maintainer: 'The Drydock authors <drydock@localhost.invalid>',
    size: Math.ceil(sizeOf(programFolder) / 1024),
    scripts: { postinst: script('postinst') },
    seconds,
    rename: (folder, name) => join(folder, name),
    logger: () => {}
  })
  await installer.generateDefaults()
  installer.generateOptions()
  await installer.createStagingDir()
  await installer.createContents()
  await installer.createPackage()
  await installer.movePackage()
  return installer.options.packagePaths[0]
}
