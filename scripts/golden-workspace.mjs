#!/usr/bin/env node
/**
 * Keeps a workspace of today for the tests of every later version: `node scripts/golden-workspace.mjs WORKSPACE VERSION`.
 * Done once at each release, with a sample that the released program made (`drydock sample WORKSPACE`) and with its own answers. What a workspace can do
 * without (the cache, half-made files) and private keys stay out.
 */
import { createHash } from 'node:crypto'
import { createWriteStream, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { basename, join, relative, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import yazl from 'yazl'
import { root } from './electron-resolver.mjs'
import { runScript } from './setup.mjs'
import { capture } from './terminal.mjs'

const folder = join(root, 'main', 'testing', 'golden-workspaces')
const leftOut = new Set(['keys', 'tmp', 'log', 'cache.duckdb', '.lock'])
const moment = new Date('2026-01-01T00:00:00Z')

const filesBelow = (directory) =>
  readdirSync(directory, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(join(directory, entry.name)) : [join(directory, entry.name)]
  )

async function pack(workspace, file) {
  const zip = new yazl.ZipFile()
  for (const path of filesBelow(workspace).sort()) {
    const name = relative(workspace, path).split(sep)
    if (!leftOut.has(name[0])) zip.addFile(path, name.join('/'), { mtime: moment, mode: 0o100644 })
  }
  zip.end()
  await pipeline(zip.outputStream, createWriteStream(file))
}

/** What the program that made the workspace says of its runs: the test asks the newest one the same. */
function askRuns(workspace, program) {
  const { code, output, errors } = capture(process.execPath, [program, 'runs', '-w', workspace, '--json'])
  if (code !== 0) throw new Error(`The workspace could not be asked for its runs: ${errors}`)
  const answer = JSON.parse(output)
  return (answer.items ?? answer.runs).map(({ id, name, status, metrics }) => ({ id, name, status, auc: metrics.auc }))
}

await runScript(async () => {
  const [workspace, version, program = join(root, 'out/main/cli.js')] = process.argv.slice(2)
  if (!workspace || !version)
    throw new Error('Usage: node scripts/golden-workspace.mjs WORKSPACE VERSION [PROGRAM]. The workspace must be closed.')
  const file = join(folder, `${version}.zip`)
  await pack(workspace, file)
  const kept = join(folder, 'index.json')
  const others = JSON.parse(readFileSync(kept, 'utf8')).filter((one) => one.version !== version)
  const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex')
  const added = { version, file: basename(file), sha256, runs: askRuns(workspace, program) }
  writeFileSync(kept, JSON.stringify([...others, added], null, 2) + '\n')
})
