import { availableParallelism } from 'node:os'
import { defineConfig } from '@playwright/test'
import { lacksDisplay } from './fixtures/display'

export default defineConfig({
  testDir: './specs',
  outputDir: '../test-results/e2e',
  // Far beyond what any of it takes: a limit is there for what hangs, not for a machine that is busy.
  timeout: 240_000,
  expect: { timeout: 60_000 },
  // Two apps at a time, each on a display of its own; on a display that is there already they would take the focus from each other.
  workers: lacksDisplay ? Math.min(2, availableParallelism()) : 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  retries: 0,
  reporter: [['list'], ['json']]
})
