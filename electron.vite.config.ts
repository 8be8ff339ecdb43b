import { chmodSync, existsSync } from 'node:fs'
import { resolve } from 'node:path'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import type { Plugin } from 'vite'

const inRepository = (path: string) => resolve(process.cwd(), path)

/** Native packages and those that find their own files at run time; they ship in node_modules. */
const outside = [
  /^electron$/,
  /^@duckdb\//,
  /^libsql($|\/)/,
  /^onnxruntime-node($|\/)/,
  /^lz4-napi($|\/)/,
  /^@cyclonedx\//,
  /^ajv/,
  /^vega-datasets($|\/)/,
  /\.node$/
]

const programs = {
  index: 'main/index.ts',
  host: 'main/host/index.ts',
  cli: 'main/cli/index.ts',
  'step-worker': 'main/workers/step-worker.ts',
  'score-worker': 'main/workers/score-worker.ts'
}
const present = Object.fromEntries(Object.entries(programs).filter(([, path]) => existsSync(inRepository(path))))

function executableCommandLine(): Plugin {
  return {
    name: 'executable-command-line',
    closeBundle: () => {
      const file = inRepository('out/main/cli.js')
      if (existsSync(file)) chmodSync(file, 0o755)
    }
  }
}

export default defineConfig({
  main: {
    plugins: [executableCommandLine()],
    build: {
      target: 'node18.15',
      outDir: 'out/main',
      sourcemap: true,
      externalizeDeps: false,
      rollupOptions: {
        external: outside,
        input: Object.fromEntries(Object.entries(present).map(([name, path]) => [name, inRepository(path)])),
        output: {
          format: 'cjs',
          entryFileNames: '[name].js',
          chunkFileNames: 'chunks/[name]-[hash].js',
          banner: (chunk) => (chunk.isEntry && chunk.name === 'cli' ? '#!/usr/bin/env node' : '')
        }
      }
    }
  },
  preload: {
    build: {
      target: 'node18.15',
      outDir: 'out/preload',
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
    plugins: [react(), tailwindcss()],
    build: {
      target: 'chrome114',
      cssTarget: 'chrome111',
      outDir: inRepository('out/renderer'),
      minify: true,
      // The page comes from the disk; splitting it further would save nothing.
      chunkSizeWarningLimit: 4000,
      modulePreload: { polyfill: false },
      rollupOptions: { input: { index: inRepository('renderer/index.html') } }
    }
  }
})
