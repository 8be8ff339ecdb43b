import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: process.cwd(),
  test: {
    include: ['e2e/conformance/**/*.test.{ts,mjs}'],
    environment: 'node',
    // The first run makes Python environments.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    fileParallelism: false
  }
})
