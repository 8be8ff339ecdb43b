#!/usr/bin/env node
/**
 * `node scripts/kernels.mjs`: compiles the kernels of the boosting trainer and writes them, as base64, into a module beside their source. The
 * program brings them as text, so that no file has to be found when it runs. A test compares the module with what the source compiles to.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
export const kernelFolder = join(root, 'main/core/training/boosting/kernels')
const target = join(kernelFolder, 'compiled.ts')

/** @returns {Promise<Uint8Array>} the WebAssembly module */
export async function compileKernels() {
  let bytes
  const features = ['simd', 'threads', 'bulk-memory'].flatMap((name) => ['--enable', name])
  const memory = ['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536']
  const flags = ['-O3', '--noAssert', '--runtime', 'stub', '--use', 'abort=', '--outFile', 'kernels.wasm']
  const { error, stderr } = await asc.main(['assembly/index.ts', '--baseDir', kernelFolder, ...flags, ...memory, ...features], {
    readFile: (name, base) => {
      try {
        return readFileSync(join(base, name), 'utf8')
      } catch {
        return null
      }
    },
    writeFile: (_, content) => {
      bytes = content
    },
    listFiles: () => []
  })
  if (error || !bytes) throw new Error(`The kernels do not compile: ${stderr.toString() || error}`)
  return bytes
}

/** The text of the module that brings the kernels. */
export function kernelModule(bytes) {
  const lines = Buffer.from(bytes)
    .toString('base64')
    .match(/.{1,120}/g)
    .map((line) => `  '${line}'`)
  return `/** The kernels, compiled from \`assembly/\` by scripts/kernels.mjs; base64. */\nexport const compiledKernels = [\n${lines.join(',\n')}\n].join('')\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const bytes = await compileKernels()
  writeFileSync(target, kernelModule(bytes))
  process.stdout.write(`${relative(root, target)}: ${bytes.length} bytes\n`)
}
