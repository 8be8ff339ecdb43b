/** The Electron that a package is made from, as the zip that @electron/packager reads. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { resolveElectron } from '../electron-resolver.mjs'
import { writeZip } from './zip.mjs'

/** The texts of Chromium in other languages than that of the program, and what stands in the place of an app. */
const isLeftOut = (path) => (/^locales\//.test(path) && path !== 'locales/en-US.pak') || /^resources\//.test(path) || path === '.complete'

/**
 * Finds Electron for a platform: an official zip in `zips`, else, for this machine's platform, the runtime that the checkout runs on.
 * @param {{ platform: string, zips?: string, allowTest: boolean, scratch: string, seconds: number }} wish
 * @returns {Promise<{ version: string, kind: 'official' | 'override' | 'test', zips: string }>} Throws with what is missing.
 */
export async function electronArchive({ platform, zips, allowTest, scratch, seconds }) {
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
  if (!existsSync(file)) await writeZip({ folder: runtime.directory, seconds, file, keeps: (path) => !isLeftOut(path), compress: false })
  return { version: runtime.version, kind: runtime.kind, zips: scratch }
}
