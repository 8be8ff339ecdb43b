import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: './specs',
  outputDir: '../test-results/e2e',
  // Far beyond what any of it takes: a limit is there for what hangs, not for a machine that is busy.
  timeout: 240_000,
  expect: { timeout: 60_000 },
  // One app at a time: two cores, and each app is three processes.
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  retries: 0,
  reporter: [['list'], ['json']]
})
