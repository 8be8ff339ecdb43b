import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** Test files that change what belongs to the whole process and cannot change it back: each has a process of its own. */
const alone = ['main/offline/**/*.test.ts', 'main/core/bundle-format/countersign.test.ts']

export default defineConfig({
  root: process.cwd(),
  test: {
    exclude: ['e2e/**', 'out/**', 'node_modules/**'],
    globalSetup: 'scripts/bundle-programs.ts',
    // One more than there are cores: while one file waits for a disk, a clock or a process that it started, another works.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        extends: true,
        test: {
          name: 'program',
          include: ['{main,preload,renderer,resources,scripts}/**/*.test.ts'],
          exclude: alone,
          // Reading the modules anew for each file takes as long as a fifth of the tests.
          isolate: false
        }
      },
      { extends: true, test: { name: 'alone', include: alone } },
      {
        extends: true,
        test: {
          name: 'window',
          include: ['renderer/**/*.test.tsx'],
          environment: 'jsdom',
          setupFiles: 'renderer/host/fresh-window.ts',
          // A document and the modules of the window cost more to make anew for each file than what most files test.
          isolate: false
        }
      }
    ],
    environment: 'node',
    setupFiles: 'main/testing/programs.ts',
    // Far beyond what any of them takes: a limit is there for what hangs, not for a machine that is busy.
    testTimeout: 240_000,
    hookTimeout: 240_000
  }
})
