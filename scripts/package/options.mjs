/** What `npm run package` is asked for. */
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from '../electron-resolver.mjs'

const usage = `Usage: npm run package -- [options]
  --version X            the version that the package says it is (default: that of package.json)
  --platform LIST        linux-x64, win32-x64, darwin-arm64; several with commas (default: this machine's)
  --out FOLDER           where the result goes (default: dist)
  --electron-zips FOLDER official archives of Electron, electron-vVERSION-PLATFORM.zip
  --node-folder FOLDER   an unpacked official release of Node, or a folder of several, for platforms without a pin
  --release-key FILE     private key that signs the release; its passphrase comes from DRYDOCK_PASSPHRASE
  --trust-key FILE       further public key that this release is to accept updates from; may be given again
  --rotation FILE        statement by which the release key was changed
  --test-runtime         allow the test runtime in the place of Electron; for trying out only
  --unfused              leave Electron's fuses as they are, so that tests can attach to the window`

const platforms = ['linux-x64', 'win32-x64', 'darwin-arm64', 'darwin-x64']

/** Throws with the usage when an option is unknown or names what is not there. */
export function readOptions(argv) {
  const { values } = parsed(argv)
  if (values.help) return { help: usage }
  const version = values.version ?? JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version
  if (!/^\d+\.\d+\.\d+(-[0-9A-Za-z.]+)?$/.test(version)) throw new Error(`"${version}" is no version such as 1.2.3 or 1.2.3-rc.1.`)
  const wanted = (values.platform ?? `${process.platform}-${process.arch}`).split(',')
  const unknown = wanted.filter((each) => !platforms.includes(each))
  if (unknown.length > 0) throw new Error(`There are no packages for ${unknown.join(', ')}; only for ${platforms.join(', ')}.`)
  return {
    version,
    platforms: wanted,
    out: resolve(values.out ?? join(root, 'dist')),
    zips: there(values['electron-zips']),
    nodeFolder: there(values['node-folder']),
    releaseKey: there(values['release-key']),
    trustKeys: (values['trust-key'] ?? []).map(there),
    rotation: there(values.rotation),
    testRuntime: values['test-runtime'] ?? false,
    unfused: values.unfused ?? false
  }
}

function parsed(args) {
  const text = { type: 'string' }
  const flag = { type: 'boolean' }
  try {
    return parseArgs({
      args,
      options: {
        version: text,
        platform: text,
        out: text,
        'electron-zips': text,
        'node-folder': text,
        'release-key': text,
        'trust-key': { type: 'string', multiple: true },
        rotation: text,
        'test-runtime': flag,
        unfused: flag,
        help: flag
      }
    })
  } catch (error) {
    throw new Error(`${error.message}\n\n${usage}`)
  }
}

/** Relative paths are relative to where npm was called. */
function there(path) {
  if (path === undefined) return undefined
  const found = resolve(process.env.INIT_CWD ?? process.cwd(), path)
  if (!existsSync(found)) throw new Error(`${path} is not there.`)
  return found
}
