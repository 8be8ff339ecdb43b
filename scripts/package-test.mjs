#!/usr/bin/env node
/**
 * `npm run test:package`: builds two versions as packages, installs the older one in a clean Debian 12 without a network, works with it
 * as an ordinary user, updates by file, goes back, and removes it. Needs Debian on amd64, root and a Debian package archive; where
 * that is not so it says so in one line. Sizes and times are printed.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './electron-resolver.mjs'
import { installPackages } from './system-packages.mjs'
import { runScript } from './setup.mjs'
import { capture, heading, seconds } from './terminal.mjs'

function whyNot() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'the clean machine is a Debian on amd64'
  if (process.getuid() !== 0) return 'making a clean machine needs root'
  if (capture('apt-get', ['--version']).code !== 0) return 'there is no apt-get'
  if (capture('unshare', ['-m', '-n', '-p', '-f', 'true']).code !== 0) return 'namespaces cannot be made here'
  return undefined
}

await runScript(async () => {
  const reason = whyNot()
  if (reason) {
    console.log(`Package tests skipped: ${reason}.`)
    return 0
  }
  await installPackages(['window', 'test', 'package'], { ask: false })
  const started = Date.now()
  const scratch = mkdtempSync(join(tmpdir(), 'drydock-package-test-'))
  const pictures = join(root, 'test-results', 'package')
  mkdirSync(pictures, { recursive: true })
  try {
    const { makeReleases } = await import('../e2e/package/builds.mjs')
    const { runJourney } = await import('../e2e/package/journey.mjs')
    heading('Building')
    const releases = await makeReleases(scratch, ['0.1.0', '0.2.0'])
    heading('In a clean Debian 12 without a network')
    const { counts, faults } = await runJourney({
      releases,
      scratch,
      pictures,
      cache: join(root, 'node_modules', '.cache', 'package-test')
    })
    for (const fault of faults) console.log(`Failed: ${fault}`)
    console.log(`Pictures of the window: ${pictures}\nAll in ${seconds(started)}.\n`)
    console.log(`${counts.passed} passed, ${counts.failed} failed`)
    return counts.failed > 0 ? 1 : 0
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
})
