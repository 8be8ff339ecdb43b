#!/usr/bin/env node
/**
 * Brings a machine to where the app starts and its tests run: Debian packages, then Electron. Does nothing, fast, when
 * all is there. `node scripts/setup.mjs` prepares for everything; start and test call it for what they need.
 */
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { resolveElectron } from './electron-resolver.mjs'
import { installPackages } from './system-packages.mjs'

/** @param {('window' | 'test')[]} purposes @returns the Electron runtime */
export async function setUp(purposes, options) {
  installPackages(purposes)
  return resolveElectron(options)
}

/** Runs a script's main function; an error is its message and exit code 1, not a stack. */
export async function runScript(main) {
  try {
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
