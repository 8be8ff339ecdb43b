#!/usr/bin/env node
/**
 * `npm run package`: builds what is given to people into dist/. For Linux a package for Debian and a portable archive, with the
 * evidence of the release; for Windows and macOS as far as their Electron can be had here. See CONTRIBUTING.md, "Packaging".
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tsImport } from 'tsx/esm/api'
import { keepBudget } from './package/budget.mjs'
import { electronArchive } from './package/electron-archive.mjs'
import { readOptions } from './package/options.mjs'
import { assertOwnNode } from './package/own-node.mjs'
import { writePayloads } from './package/payloads.mjs'
import { makeProgramFolder } from './package/program-folder.mjs'
import { readSource } from './package/source.mjs'
import { buildProgram, stageManifest, stageProgram } from './package/stage.mjs'
import { runScript } from './setup.mjs'
import { heading, seconds } from './terminal.mjs'

/** Runs a step of the build and prints how long it took. */
async function timed(name, work) {
  const started = Date.now()
  const result = await work()
  console.log(`  ${name}: ${seconds(started)}`)
  return result
}

async function packagePlatform({ options, source, program, scratch, outside, evidence }, platform) {
  heading(platform)
  const stage = join(scratch, platform, 'stage')
  const staged = { ...options, ...source, platform, stage, scratch: join(scratch, platform), buildRecord: program.record }
  await timed('staging', () => {
    stageProgram({ ...staged, outside, program: program.folder })
    stageManifest(staged)
  })
  const base = { ...staged, electron: await runtimesFor({ options, source, scratch }, platform) }
  if (base.electron.kind === 'test') console.log('  Made of the test runtime: for trying out only, never to be given to anybody.')
  const made = await timed('program folder', () => makeProgramFolder(base))
  const build = { ...base, ...made, ...signingOf(options) }
  const components = await timed('notices and facts', () => evidence.writeProgramEvidence({ ...build, nodeVersion: made.node.version }))
  keepBudget('folder', build.programFolder)
  const payloads = await timed('payloads', () => writePayloads(build))
  for (const { kind, path } of payloads) keepBudget(kind, path)
  const release = { ...build, components, payloads, fused: !options.unfused }
  const { folder, updateFile } = await timed('evidence', () => evidence.writeReleaseFolder(release))
  console.log(updateFile ? `  Signed ${folder}\n  and packed it as ${updateFile}` : `  ${folder} is not signed, and there is no update file: no --release-key was given.`) // prettier-ignore
}

/** Electron for a platform; an error names all that is missing at once, Node for it as well. */
async function runtimesFor({ options, source, scratch }, platform) {
  const found = await Promise.allSettled([
    electronArchive({ platform, zips: options.zips, allowTest: options.testRuntime, scratch, seconds: source.seconds }),
    (async () => assertOwnNode(platform, options.nodeFolder))()
  ])
  const missing = found.flatMap(({ reason }) => (reason ? [reason.message] : []))
  if (missing.length > 0) throw new Error(missing.join(' And: '))
  return found[0].value
}

/** Whose signature the release carries, and whose it will take. */
const signingOf = ({ releaseKey, trustKeys }) => ({
  releaseKey: releaseKey && { path: releaseKey, passphrase: process.env.DRYDOCK_PASSPHRASE ?? '' },
  trustKeys
})

await runScript(async () => {
  // What is measured and what goes into a package must not depend on who builds it.
  process.umask(0o022)
  process.env.TZ = 'UTC'
  const options = readOptions(process.argv.slice(2))
  if (options.help) return void console.log(options.help)
  const { outside } = await tsImport('./outside-packages.ts', import.meta.url)
  const evidence = await tsImport('./package/evidence/index.ts', import.meta.url)
  const source = readSource()
  const started = Date.now()
  const scratch = mkdtempSync(join(tmpdir(), 'drydock-package-'))
  const missing = []
  try {
    mkdirSync(options.out, { recursive: true })
    heading(`Drydock ${options.version}, commit ${source.commit.slice(0, 12)}`)
    const program = { folder: join(scratch, 'program'), record: join(scratch, 'record') }
    mkdirSync(program.folder)
    await timed('building', () => buildProgram({ folder: program.folder, version: options.version, record: program.record }))
    for (const platform of options.platforms) {
      try {
        await packagePlatform({ options, source, program, scratch, outside, evidence }, platform)
      } catch (error) {
        if (options.platforms.length === 1) throw error
        missing.push(`${platform}: ${error.message}`)
      }
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
  console.log(`\nIn ${options.out} after ${seconds(started)}.`)
  if (missing.length > 0) throw new Error(`Not made:\n${missing.join('\n')}`)
})
