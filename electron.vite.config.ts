import { chmodSync, cpSync, existsSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import type { Plugin } from 'vite'
import { buildRecord } from './scripts/build-record'
import { codeSplitting, outside, treeshake } from './scripts/outside-packages'

const inRepository = (path: string) => resolve(process.cwd(), path)
/** Packaging builds into a folder of its own, for a version of its own, and leaves what a checkout runs alone. */
const target = inRepository(process.env.DRYDOCK_BUILD_FOLDER ?? 'out')
const version = process.env.DRYDOCK_BUILD_VERSION
const define = version ? { BUILT_VERSION: JSON.stringify(version) } : {}

const programs = {
  index: 'main/index.ts',
  host: 'main/host/index.ts',
  cli: 'main/cli/index.ts',
  'step-worker': 'main/workers/step-worker.ts',
  'score-worker': 'main/workers/score-worker.ts',
  'compare-worker': 'main/workers/compare-worker.ts',
  'fold-worker': 'main/workers/fold-worker.ts'
}
const present = Object.fromEntries(Object.entries(programs).filter(([, path]) => existsSync(inRepository(path))))

function executableCommandLine(): Plugin {
  return {
    name: 'executable-command-line',
    closeBundle: () => {
      const file = join(target, 'main', 'cli.js')
      if (existsSync(file)) chmodSync(file, 0o755)
    }
  }
}

/** Files that ship as they are, in the folder where the program looks upwards for them: the sample's data, the guide and the schemas. */
function shippedResources(): Plugin {
  return {
    name: 'shipped-resources',
    closeBundle: () => {
      for (const path of ['sample/birdstrikes.csv', 'guide', 'schemas']) {
        const shipped = join(target, 'resources', path)
        // What the sources no longer have must not stay.
        rmSync(shipped, { recursive: true, force: true })
        cpSync(inRepository(`resources/${path}`), shipped, { recursive: true })
      }
    }
  }
}

/** The fonts come in WOFF2 and, for browsers that are older than ours, in WOFF as well; those copies stay out. */
function fontsOnce(): Plugin {
  return {
    name: 'fonts-once',
    generateBundle: (_, files) => {
      for (const [name, file] of Object.entries(files)) {
        if (name.endsWith('.woff')) delete files[name]
        else if (name.endsWith('.css') && file.type === 'asset')
          file.source = file.source.toString().replace(/,\s*url\([^)]+\.woff["']?\)\s*format\(["']?woff["']?\)/g, '')
      }
    }
  }
}

export default defineConfig(({ mode }) => ({
  main: {
    plugins: [executableCommandLine(), shippedResources(), buildRecord('main')],
    define,
    build: {
      target: 'node18.15',
      outDir: join(target, 'main'),
      emptyOutDir: true,
      // What ships holds none; "electron-vite build --mode development" writes them.
      sourcemap: mode === 'development',
      externalizeDeps: false,
      rollupOptions: {
        external: outside,
        treeshake,
        input: Object.fromEntries(Object.entries(present).map(([name, path]) => [name, inRepository(path)])),
        output: {
          format: 'cjs',
          entryFileNames: '[name].js',
          chunkFileNames: 'chunks/[name]-[hash].js',
          // The loader of ES modules does not find its way through the archive that a packaged program lies in; require does.
          dynamicImportInCjs: false,
          codeSplitting,
          banner: (chunk) => (chunk.isEntry && chunk.name === 'cli' ? '#!/usr/bin/env node' : '')
        }
      }
    }
  },
  preload: {
    plugins: [buildRecord('preload')],
    define,
    build: {
      target: 'node18.15',
      outDir: join(target, 'preload'),
      emptyOutDir: true,
      externalizeDeps: false,
      rollupOptions: {
        external: [/^electron$/],
        input: { index: inRepository('preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].js' }
      }
    }
  },
  renderer: {
    root: inRepository('renderer'),
    plugins: [react(), tailwindcss(), fontsOnce(), buildRecord('renderer')],
    define,
    build: {
      target: 'chrome114',
      cssTarget: 'chrome111',
      outDir: join(target, 'renderer'),
      emptyOutDir: true,
      minify: true,
      // The page comes from the disk; splitting it further would save nothing.
      chunkSizeWarningLimit: 4000,
      modulePreload: { polyfill: false },
      rollupOptions: { input: { index: inRepository('renderer/index.html') } }
    }
  }
}))
