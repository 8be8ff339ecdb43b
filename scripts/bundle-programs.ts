import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import type { TestProject } from 'vitest/node'
import { codeSplitting, outside, treeshake } from './outside-packages'

/** Programs that tests start as processes of their own: those that ship, and fixtures that are killed or compared. */
const programs = {
  cli: 'main/cli/index.ts',
  'step-worker': 'main/workers/step-worker.ts',
  'score-worker': 'main/workers/score-worker.ts',
  'compare-worker': 'main/workers/compare-worker.ts',
  'fold-worker': 'main/workers/fold-worker.ts',
  'crash-app': 'main/core/pipelines/fixtures/crash-app.ts',
  'spare-app': 'main/core/pipelines/fixtures/spare-app.ts',
  'apply-app': 'main/core/updates/apply-app.fixture.ts',
  'fit-digest': 'main/core/training/fixtures/fit-digest.ts',
  'mutant-runner': 'main/storage/arrow/testing/mutant-runner.ts',
  'hold-workspace': 'main/testing/hold-workspace.ts'
}

declare module 'vitest' {
  export interface ProvidedContext {
    /** Folder of the bundled programs, `<name>.js` each. */
    programs: string
  }
}

const parent = 'node_modules'
const prefix = '.test-programs-'

/** What a run that was killed left behind: the name says whose it was. */
function removeAbandoned(): void {
  for (const name of readdirSync(parent)) {
    const pid = Number(/^\.test-programs-(\d+)-/.exec(name)?.[1])
    if (!pid) continue
    try {
      process.kill(pid, 0)
    } catch {
      rmSync(join(parent, name), { recursive: true, force: true })
    }
  }
}

/**
 * Bundles the programs once for a run of the tests. Each start of one from its sources would read and translate hundreds of files,
 * which takes several times what the programs themselves do. They lie in node_modules, where native packages are found from.
 */
export async function setup(project: TestProject): Promise<() => void> {
  removeAbandoned()
  const folder = join(process.cwd(), mkdtempSync(join(parent, `${prefix}${process.pid}-`)))
  await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    ssr: { noExternal: true },
    build: {
      ssr: true,
      target: 'node18.15',
      outDir: folder,
      minify: false,
      reportCompressedSize: false,
      rollupOptions: {
        external: outside,
        treeshake,
        input: programs,
        output: { format: 'cjs', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js', codeSplitting }
      }
    }
  })
  project.provide('programs', folder)
  return () => rmSync(folder, { recursive: true, force: true })
}
