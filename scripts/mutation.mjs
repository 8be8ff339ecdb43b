#!/usr/bin/env node
/**
 * `npm run test:mutation -- PATH [--sample N] [--seed S] [--tests FILTER]`: changes the sources under PATH one place at a time, in a copy
 * of the tree, and says which changes no test notices. Tests are those that import the file, the nearest folder first.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import ts from 'typescript'
import { root } from './electron-resolver.mjs'
import { findMutants } from './mutation-operators.mjs'
import { runScript } from './setup.mjs'
import { capture, seconds } from './terminal.mjs'

/** So many test files a mutant meets at most; what only a distant test sees is not well guarded. */
const mostTests = 6
const isTest = (file) => /\.test\.tsx?$/.test(file)
const isSource = (file) => /\.tsx?$/.test(file) && !isTest(file) && !/\.fixture\.|\/(fixtures|testing)\/|\.d\.ts$/.test(file)

/** @param {string[]} files @returns {Map<string, string[]>} for each file those that import it directly */
function importersOf(files) {
  const known = new Set(files)
  const direct = new Map(files.map((file) => [file, []]))
  for (const file of files)
    for (const { fileName } of ts.preProcessFile(readFileSync(join(root, file), 'utf8')).importedFiles) {
      if (!fileName.startsWith('.')) continue
      const base = relative(root, resolve(root, dirname(file), fileName))
      const target = [base, `${base}.ts`, `${base}.tsx`, `${base}/index.ts`].find((name) => known.has(name))
      if (target) direct.get(target).push(file)
    }
  return direct
}

/** Test files that reach a source, those of its folder first, then by the number of imports between. */
function testsFor(file, direct) {
  const distance = new Map([[file, 0]])
  for (const at of distance.keys()) for (const next of direct.get(at)) if (!distance.has(next)) distance.set(next, distance.get(at) + 1)
  const folder = dirname(file)
  const away = (test) => (dirname(test).startsWith(folder) ? 0 : 100) + distance.get(test)
  return [...distance.keys()]
    .filter(isTest)
    .sort((a, b) => away(a) - away(b) || a.localeCompare(b))
    .slice(0, mostTests)
}

/** Mulberry32: the same sample for the same seed. */
function createRandom(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** Resolves to whether the tests passed; a run beyond its time is killed with all its processes and counts as failed. */
function passes(copy, tests, limit) {
  return new Promise((done) => {
    const args = [join(copy, 'node_modules/vitest/vitest.mjs'), 'run', '--config', 'scripts/vitest.config.ts', '--bail', '1', ...tests]
    const env = { ...process.env, VITE_CONFIG_NATIVE_IGNORE_WARNING: 'true' }
    const child = spawn(process.execPath, args, { cwd: copy, stdio: 'ignore', detached: true, env })
    const timer = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), limit)
    child.on('close', (code) => (clearTimeout(timer), done(code === 0)))
  })
}

await runScript(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { sample: { type: 'string' }, seed: { type: 'string', default: '1' }, tests: { type: 'string' } }
  })
  if (positionals.length === 0) throw new Error('Name a file or folder, such as main/core/policies.')
  const files = capture('git', ['ls-files', '--cached', '--others', '--exclude-standard'])
    .output.split('\n')
    .filter((file) => file && existsSync(join(root, file)) && statSync(join(root, file)).isFile())
  const scripts = files.filter((file) => /\.tsx?$/.test(file))
  const chosen = scripts.filter(
    (file) => isSource(file) && positionals.some((path) => file === path || file.startsWith(`${path.replace(/\/$/, '')}/`))
  )
  const direct = importersOf(scripts)
  const mutants = chosen.flatMap((file) => findMutants(file, readFileSync(join(root, file), 'utf8')).map((mutant) => ({ file, ...mutant })))
  if (mutants.length === 0) throw new Error('There is nothing to change in these files.')
  const random = createRandom(Number(values.seed))
  const sample = mutants
    .map((mutant) => ({ mutant, order: random() }))
    .sort((a, b) => a.order - b.order)
    .slice(0, values.sample ? Number(values.sample) : mutants.length)
    .map(({ mutant }) => mutant)
  console.log(`${mutants.length} changes in ${chosen.length} files; ${sample.length} are tried (seed ${values.seed})`)

  const copy = mkdtempSync(join(tmpdir(), 'drydock-mutation-'))
  const times = new Map()
  const survived = []
  try {
    for (const file of files) {
      mkdirSync(dirname(join(copy, file)), { recursive: true })
      cpSync(join(root, file), join(copy, file))
    }
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'dir')
    for (const [at, { file, start, end, line, column, operator, from, to }] of sample.entries()) {
      const tests = testsFor(file, direct).filter((test) => !values.tests || test.includes(values.tests))
      const key = tests.join()
      if (tests.length > 0 && !times.has(key)) {
        const began = Date.now()
        if (!(await passes(copy, tests, 3_600_000))) throw new Error(`These tests fail without any change: ${tests.join(', ')}`)
        times.set(key, Date.now() - began)
      }
      const began = Date.now()
      const text = readFileSync(join(root, file), 'utf8')
      writeFileSync(join(copy, file), text.slice(0, start) + to + text.slice(end))
      const isNoticed = tests.length > 0 && !(await passes(copy, tests, 30_000 + 4 * times.get(key)))
      writeFileSync(join(copy, file), text)
      const shown = `${file}:${line}:${column} ${operator}: ${from.replace(/\s+/g, ' ').slice(0, 70)} -> ${to.slice(0, 40)}`
      if (!isNoticed) survived.push(shown)
      console.log(`${at + 1}/${sample.length} ${isNoticed ? 'killed  ' : 'SURVIVED'} ${shown} (${seconds(began)})`)
    }
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
  const score = (100 * (sample.length - survived.length)) / sample.length
  console.log(`\nScore ${score.toFixed(1)}%: ${sample.length - survived.length} of ${sample.length} killed\n${survived.join('\n')}`)
})
