/** Builds out/ when a source is newer than the last build. */
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './electron-resolver.mjs'
import { judgeShippedFiles } from './shipped-files.mjs'
import { runModule, seconds } from './terminal.mjs'

const sources = [
  'main',
  'preload',
  'renderer',
  'resources',
  'package.json',
  'package-lock.json',
  'electron.vite.config.ts',
  'scripts/outside-packages.ts',
  'tsconfig.json'
]
const stamp = join(root, 'out', '.built')

function newest(path) {
  const info = statSync(path, { throwIfNoEntry: false })
  if (!info) return 0
  if (!info.isDirectory()) return /\.test\.tsx?$/.test(path) ? 0 : info.mtimeMs
  return Math.max(info.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
}

export const isBuilt = () => existsSync(stamp) && statSync(stamp).mtimeMs >= Math.max(...sources.map((path) => newest(join(root, path))))

/** Throws when the build fails. */
export async function build({ force = false } = {}) {
  if (!force && isBuilt()) return
  const started = Date.now()
  const code = await runModule('electron-vite/bin/electron-vite.js', ['build', '--logLevel', 'warn'], {
    env: { ...process.env, NODE_ENV: 'production', VITE_CONFIG_NATIVE_IGNORE_WARNING: 'true' }
  })
  if (code !== 0) throw new Error('The build failed; the messages above say where.')
  const faults = judgeShippedFiles(join(root, 'out'))
  if (faults.length > 0) throw new Error(`The build made what must not ship:\n${faults.join('\n')}`)
  writeFileSync(stamp, new Date(started).toISOString())
  console.log(`Built in ${seconds(started)}`)
}
