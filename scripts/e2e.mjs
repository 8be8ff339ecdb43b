#!/usr/bin/env node
/** `npm run test:e2e [-- FILTER]`: the built app in a real Electron, under Xvfb where there is no display (e2e/fixtures/display.ts). */
import { join } from 'node:path'
import { build } from './build.mjs'
import { root, runtimeEnvironment } from './electron-resolver.mjs'
import { runScript, setUp } from './setup.mjs'
import { runModule } from './terminal.mjs'

/** Where Playwright leaves its totals for `npm test`. */
export const e2eReport = join(root, 'test-results', 'e2e.json')

/** @returns {Promise<number>} exit code */
export async function runEndToEnd(runtime, args = []) {
  return runModule('@playwright/test/cli.js', ['test', '--config', 'e2e/playwright.config.ts', ...args], {
    env: { ...runtimeEnvironment(runtime), PLAYWRIGHT_JSON_OUTPUT_FILE: e2eReport }
  })
}

if (process.argv[1]?.endsWith('e2e.mjs'))
  await runScript(async () => {
    const runtime = await setUp(['window', 'test'])
    await build()
    return runEndToEnd(runtime, process.argv.slice(2))
  })
