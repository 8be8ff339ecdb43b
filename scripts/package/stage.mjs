/** What goes into the app's archive: the built program, the packages it needs at run time, and a manifest without the rest. */
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { root } from '../electron-resolver.mjs'
import { judgeShippedFiles } from '../shipped-files.mjs'
import { runModule } from '../terminal.mjs'
import { pathsBelow } from './folders.mjs'
import { npmArchive, unpackNpmArchive } from './npm-archive.mjs'
import { isShipped, runTimePackages } from './run-time-packages.mjs'

/**
 * Builds into `folder` and records in the folder `record` which packages went in; what a checkout runs is left as it is.
 * Throws when the build fails or holds what must not ship.
 */
export async function buildProgram({ folder, version, record }) {
  const code = await runModule('electron-vite/bin/electron-vite.js', ['build', '--logLevel', 'warn'], {
    env: {
      ...process.env,
      NODE_ENV: 'production',
      VITE_CONFIG_NATIVE_IGNORE_WARNING: 'true',
      DRYDOCK_BUILD_FOLDER: folder,
      DRYDOCK_BUILD_VERSION: version,
      DRYDOCK_BUILD_RECORD: record
    }
  })
  if (code !== 0) throw new Error('The build failed; the messages above say where.')
  const faults = judgeShippedFiles(folder)
  if (faults.length > 0) throw new Error(`The build made what must not ship:\n${faults.join('\n')}`)
}

/** Copies the built program and the packages that it leaves outside into `stage`. */
export function stageProgram({ stage, program, platform, outside, scratch }) {
  cpSync(program, join(stage, 'out'), { recursive: true })
  for (const wanted of runTimePackages(outside, platform)) {
    const source = wanted.installed ? join(root, wanted.path) : join(scratch, wanted.path)
    if (!wanted.installed) unpackNpmArchive(npmArchive(wanted), source)
    for (const file of ownFiles(source)) {
      const path = relative(source, file)
      if (!isShipped(wanted.name, path, platform)) continue
      const target = join(stage, wanted.path, path)
      mkdirSync(dirname(target), { recursive: true })
      copyFileSync(file, target)
    }
  }
  assertNothingOfDevelopment(stage)
}

/** Source maps, declarations and sources in TypeScript are for who develops. Throws when the stage holds one. */
function assertNothingOfDevelopment(stage) {
  const found = pathsBelow(stage).filter((path) => /\.(map|[mc]?tsx?)$/i.test(path))
  if (found.length > 0) throw new Error(`Of development, and must not ship:\n${found.slice(0, 10).join('\n')}`)
}

/** Files of a package, without those of packages that it holds. */
function ownFiles(folder) {
  return readdirSync(folder)
    .filter((name) => name !== 'node_modules')
    .sort()
    .flatMap((name) => {
      const path = join(folder, name)
      return statSync(path).isDirectory() ? ownFiles(path) : [path]
    })
}

/** The manifest that Electron reads: who this is, nothing about how it is built. */
export function stageManifest({ stage, version }) {
  const { name, productName, description, author, license, main } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const manifest = { name, productName, version, description, author, license, main, desktopName: 'drydock.desktop' }
  writeFileSync(join(stage, 'package.json'), JSON.stringify(manifest, null, 2) + '\n')
}
