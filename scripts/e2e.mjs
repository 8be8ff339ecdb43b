#!/usr/bin/env node
/** `npm run test:e2e [-- FILTER]`: the built app in a real Electron, under Xvfb where there is no display. */
import { join } from 'node:path'
import { build } from './build.mjs'
import { root, runtimeEnvironment, withDisplay } from './electron-resolver.mjs'
import { runScript, setUp } from './setup.mjs'
import { run } from './terminal.mjs'

/** Where Playwright leaves its totals for `npm test`. */
export const e2eReport = join(root, 'test-results', 'e2e.json')

/** @returns {Promise<number>} exit code */
export async function runEndToEnd(runtime, args = []) {
  const playwright = ['node_modules/@playwright/test/cli.js', 'test', '--config', 'e2e/playwright.config.ts', ...args]
  const [command, commandArgs] = withDisplay(process.execPath, playwright)
  return run(command, commandArgs, { env: { ...runtimeEnvironment(runtime), PLAYWRIGHT_JSON_OUTPUT_FILE: e2eReport } })
}

if (process.argv[1]?.endsWith('e2e.mjs'))
  await runScript(async () => {
    const runtime = await setUp(['window', 'test'])
    await build()
    return runEndToEnd(runtime, process.argv.slice(2))
  })
