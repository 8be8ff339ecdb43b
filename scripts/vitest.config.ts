import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: process.cwd(),
  test: {
    include: ['main/**/*.test.ts', 'preload/**/*.test.ts', 'renderer/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts', 'resources/**/*.test.ts'],
    exclude: ['e2e/**', 'out/**', 'node_modules/**'],
    environment: 'node',
    globalSetup: 'scripts/bundle-programs.ts',
    setupFiles: 'main/testing/programs.ts',
    // Every core: by itself Vitest leaves one free, which of two is half.
    maxWorkers: '100%',
    // Far beyond what any of them takes: a limit is there for what hangs, not for a machine that is busy.
    testTimeout: 240_000,
    hookTimeout: 240_000
  }
})
