#!/usr/bin/env node
/** `npm run check`: types, lint, import graph, unit and contract tests. `--format` also checks the formatting. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './electron-resolver.mjs'
import { cruiseImports } from './import-graph.mjs'
import { runScript } from './setup.mjs'
import { heading, runModule, runModuleQuietly, seconds } from './terminal.mjs'

/** Where the unit tests leave their totals for `npm test`. */
export const unitReport = join(root, 'test-results', 'unit.json')

async function step(title, work) {
  heading(title)
  const started = Date.now()
  const passed = await work()
  console.log(`${title}: ${passed ? 'passed' : 'FAILED'} (${seconds(started)})`)
  return passed
}

function checkImports() {
  const { modules, violations } = cruiseImports()
  for (const { rule, from, to } of violations) console.log(`  ${from} must not import ${to} (${rule})`)
  console.log(`${modules} modules, ${violations.length} breaches`)
  return modules > 0 && violations.length === 0
}

/** The compiler works on one core for half a minute: whoever has something to do meanwhile starts it first. */
export const startTypes = () => runModuleQuietly('typescript/bin/tsc', ['--noEmit', '-p', '.'])

async function endTypes(types) {
  const { code, output } = await types
  process.stdout.write(output)
  return code === 0
}

/** @returns {Promise<string[]>} titles of the steps that failed */
export async function check({ format = false, types = startTypes() } = {}) {
  mkdirSync(join(root, 'test-results'), { recursive: true })
  const quiet = { env: { ...process.env, VITE_CONFIG_NATIVE_IGNORE_WARNING: 'true' } }
  const unit = ['run', '--config', 'scripts/vitest.config.ts', '--reporter=default', '--reporter=json', `--outputFile.json=${unitReport}`]
  const steps = [
    ['Lint', async () => (await runModule('oxlint/bin/oxlint', ['--deny-warnings'])) === 0],
    ...(format ? [['Format', async () => (await runModule('prettier/bin/prettier.cjs', ['--check', '.'])) === 0]] : []),
    ['Import graph', async () => checkImports()],
    ['Types', () => endTypes(types)],
    ['Unit and contract tests', async () => (await runModule('vitest/vitest.mjs', unit, quiet)) === 0]
  ]
  const failed = []
  for (const [title, work] of steps) if (!(await step(title, work))) failed.push(title)
  return failed
}

if (process.argv[1]?.endsWith('check.mjs'))
  await runScript(async () => {
    const failed = await check({ format: process.argv.includes('--format') })
    heading(failed.length === 0 ? 'All checks passed' : `Failed: ${failed.join(', ')}`)
    return failed.length === 0 ? 0 : 1
  })
