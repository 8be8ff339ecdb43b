#!/usr/bin/env node
/**
 * `npm run test:interop`: other people's clients and verifiers against Drydock (e2e/conformance). They come from the
 * Python package index; where pip cannot reach it this is skipped, in one line. DRYDOCK_INTEROP_PYTHON names an interpreter that has
 * them already.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from './build.mjs'
import { root } from './electron-resolver.mjs'
import { runScript } from './setup.mjs'
import { capture, runModule } from './terminal.mjs'

const folder = join(root, 'e2e', 'conformance')

function whyNot() {
  if (!existsSync(folder) || !readdirSync(folder).some((name) => /\.test\.(ts|mjs)$/.test(name))) return 'there is no conformance test yet'
  const ready = process.env.DRYDOCK_INTEROP_PYTHON
  if (ready) return capture(ready, ['--version']).code === 0 ? undefined : `DRYDOCK_INTEROP_PYTHON names "${ready}", which does not start`
  if (capture('python3', ['-m', 'pip', '--version']).code !== 0) return 'python3 with pip is not installed'
  const probe = [
    '-m',
    'pip',
    'download',
    '--quiet',
    '--no-deps',
    '--no-cache-dir',
    '--retries',
    '0',
    '--timeout',
    '5',
    '--dest',
    join(root, 'test-results', 'probe'),
    'six==1.17.0'
  ]
  if (capture('python3', probe, { timeout: 20_000 }).code !== 0) return 'pip does not reach a Python package index'
  return undefined
}

await runScript(async () => {
  const reason = whyNot()
  if (reason) {
    console.log(`Interoperability tests skipped: ${reason}.`)
    return 0
  }
  await build()
  return runModule('vitest/vitest.mjs', ['run', '--config', 'scripts/vitest.interop.config.ts', ...process.argv.slice(2)])
})
