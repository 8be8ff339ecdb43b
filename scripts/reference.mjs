#!/usr/bin/env node
/** `node scripts/reference.mjs`: writes the reference of the guide and the JSON Schema files anew, from the schemas of the sources. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { tsImport } from 'tsx/esm/api'
import { root } from './electron-resolver.mjs'

// Help is as wide as the terminal; what is written down is not.
Object.defineProperty(process.stdout, 'isTTY', { value: false })
const { generatedFolders, referenceFiles } = await tsImport('./reference/files.ts', import.meta.url)
const files = await referenceFiles()
for (const folder of generatedFolders) rmSync(join(root, folder), { recursive: true, force: true })
for (const [path, text] of Object.entries(files)) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}
console.log(`Wrote ${Object.keys(files).length} files`)
