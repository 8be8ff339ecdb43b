#!/usr/bin/env node
/**
 * Brings a machine to where the app starts and its tests run: Debian packages, then Electron. Does nothing, fast, when
 * all is there. `node scripts/setup.mjs` prepares for everything; start and test call it for what they need.
 */
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { resolveElectron } from './electron-resolver.mjs'
import { assertNode, describeMissingLoopback } from './machine.mjs'
import { installPackages } from './system-packages.mjs'

/**
 * @param {('window' | 'test')[]} purposes
 * @param {{ ask?: boolean, quiet?: boolean }} options `ask`: system packages are installed only when the person agrees
 * @returns the Electron runtime
 */
export async function setUp(purposes, { ask = false, quiet } = {}) {
  const missing = await describeMissingLoopback()
  if (missing) console.warn(missing)
  await installPackages(purposes, { ask })
  return resolveElectron({ quiet })
}

/** Runs a script's main function; an error is its message and exit code 1, not a stack. */
export async function runScript(main) {
  try {
    assertNode()
    process.exitCode = (await main()) ?? 0
  } catch (error) {
    console.error(`\n${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = 1
  }
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url))
  await runScript(async () => {
    const runtime = await setUp(['window', 'test'])
    console.log(`Ready. Electron ${runtime.version ?? 'of unknown version'} (${runtime.kind}): ${runtime.executable}`)
  })
