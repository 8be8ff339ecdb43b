import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { afterEach, expect, it } from 'vitest'
import { buildRecord, type BundledPackage } from './build-record'

// Below the repository, where packages are found from.
const folder = mkdtempSync(join('node_modules', '.record-'))
const record = mkdtempSync(join(tmpdir(), 'drydock-record-'))
afterEach(() => {
  delete process.env.DRYDOCK_BUILD_RECORD
  for (const each of [folder, record]) rmSync(each, { recursive: true, force: true })
})

it('names the packages of which something is in the output, and no other', async () => {
  writeFileSync(join(folder, 'entry.js'), "import { parse } from 'yaml'\nimport { z } from 'zod'\nimport './page.css'\nconsole.log(parse('a'))\nimport('fzstd').then(console.log)\n") // prettier-ignore
  writeFileSync(join(folder, 'page.css'), "@import 'tailwindcss/preflight.css';\nbody { margin: 0 }\n")
  process.env.DRYDOCK_BUILD_RECORD = record
  await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    plugins: [buildRecord('page')],
    build: { outDir: join(folder, 'out'), write: false, rollupOptions: { input: join(folder, 'entry.js') } }
  })
  const { packages } = JSON.parse(readFileSync(join(record, 'page.json'), 'utf8')) as { packages: BundledPackage[] }
  const names = packages.map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['fzstd', 'tailwindcss', 'yaml']))
  // Asked for, and used nowhere.
  expect(names).not.toContain('zod')
  const yaml = packages.find(({ name }) => name === 'yaml')
  const { version } = JSON.parse(readFileSync('node_modules/yaml/package.json', 'utf8')) as { version: string }
  expect(yaml).toMatchObject({ version, path: 'node_modules/yaml', files: [expect.stringMatching(/^page\/assets\/entry-.*\.js$/)] })
  expect(packages.find(({ name }) => name === 'tailwindcss')?.files).toEqual([expect.stringMatching(/\.css$/)])
})
