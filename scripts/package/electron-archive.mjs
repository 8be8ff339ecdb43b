/** The Electron that a package is made from, as the zip that @electron/packager reads. */
import { createWriteStream, existsSync, readdirSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { pipeline } from 'node:stream/promises'
import yazl from 'yazl'
import { resolveElectron } from '../electron-resolver.mjs'

/** The texts of Chromium in other languages than that of the program, and what stands in the place of an app. */
const isLeftOut = (path) => (/^locales\//.test(path) && path !== 'locales/en-US.pak') || /^resources\//.test(path) || path === '.complete'

/**
 * Finds Electron for a platform: an official zip in `zips`, else, for this machine's platform, the runtime that the checkout runs on.
 * @param {{ platform: string, zips?: string, allowTest: boolean, scratch: string }} wish
 * @returns {Promise<{ version: string, kind: 'official' | 'override' | 'test', zips: string }>} Throws with what is missing.
 */
export async function electronArchive({ platform, zips, allowTest, scratch }) {
  const given = zips && readdirSync(zips).find((name) => /^electron-v[\d.]+-/.test(name) && name.endsWith(`-${platform}.zip`))
  if (given) return { version: /^electron-v([^-]+)-/.exec(given)[1], kind: 'official', zips }
  if (platform !== `${process.platform}-${process.arch}`)
    throw new Error(
      `no Electron for ${platform}. Put the official electron-vVERSION-${platform}.zip into a folder and name it: --electron-zips FOLDER`
    )
  const runtime = await resolveElectron({ quiet: allowTest })
  if (runtime.kind === 'test' && !allowTest)
    throw new Error(
      'The only Electron here is the test runtime, whose Chromium is past its end of life. It must not be shipped. ' +
        'Set ELECTRON_OVERRIDE_DIST_PATH or ELECTRON_MIRROR, or name a folder with official archives: --electron-zips FOLDER. ' +
        'For a package that is only tried out: --test-runtime.'
    )
  const file = join(scratch, `electron-v${runtime.version}-${platform}.zip`)
  if (!existsSync(file)) await zipFolder(runtime.directory, file)
  return { version: runtime.version, kind: runtime.kind, zips: scratch }
}

const filesBelow = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)]
  )

async function zipFolder(folder, file) {
  const zip = new yazl.ZipFile()
  for (const path of filesBelow(folder)) {
    const name = relative(folder, path).split('\\').join('/')
    if (!isLeftOut(name)) zip.addFile(path, name, { compress: false, mode: statSync(path).mode & 0o111 ? 0o100755 : 0o100644 })
  }
  zip.end()
  await pipeline(zip.outputStream, createWriteStream(file))
}
