#!/usr/bin/env node
/** `npm run test:deep [-- FILTER]`: the long form of every test that has one (main/testing/deep.ts, and the damaged Arrow files). */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './electron-resolver.mjs'
import { runScript } from './setup.mjs'
import { capture, runModule } from './terminal.mjs'

await runScript(async () => {
  const { output } = capture('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.test.ts', '*.test.tsx'])
  const files = output
    .split('\n')
    .filter((file) => file && /testing\/deep'|FUZZ_MUTANTS/.test(readFileSync(join(root, file), 'utf8')))
    .filter((file) => process.argv.slice(2).every((word) => file.includes(word)))
  if (files.length === 0) throw new Error('No test with a long form has such a name.')
  const env = { ...process.env, DRYDOCK_DEEP: '1', FUZZ_MUTANTS: process.env.FUZZ_MUTANTS ?? '10000', FUZZ_SEED: String(Date.now() % 1e9) }
  console.log(`Long form of ${files.length} files; damaged files by seed ${env.FUZZ_SEED}`)
  return runModule('vitest/vitest.mjs', ['run', '--config', 'scripts/vitest.config.ts', '--testTimeout', '3600000', ...files], { env })
})
