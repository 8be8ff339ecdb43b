#!/usr/bin/env node
/**
 * `npm run test:mutation -- PATH [--sample N] [--seed S] [--tests FILTER]`: changes the sources under PATH one place at a time, in a copy
 * of the tree, and says which changes no test notices. Tests are those that import the file, the nearest folder first.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { fork } from 'node:child_process'
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
const isTest = (file) => /\.test\.tsx?$/.test(file) && !file.startsWith('e2e/')
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

/** The process in which the tests run, started again when it had to be killed. */
function startTests(copy) {
  let child
  const start = () => {
    const env = { ...process.env, VITE_CONFIG_NATIVE_IGNORE_WARNING: 'true' }
    child = fork(join(copy, 'scripts/mutation-tests.mjs'), {
      cwd: copy,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      detached: true,
      env
    })
    return new Promise((ready, failed) => child.once('message', ready).once('exit', () => failed(new Error('The tests did not start.'))))
  }
  const end = async () => {
    if (child?.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((done) => child.once('exit', done))
    process.kill(-child.pid, 'SIGKILL')
    await ended
  }
  return {
    end,
    /** Whether the tests pass; what takes longer than `limit` milliseconds is killed with all its processes and has failed. */
    async pass(order, limit) {
      if (!child?.connected) await start()
      let timer
      const passed = await new Promise((done) => {
        child.removeAllListeners('message').removeAllListeners('exit')
        child.once('message', (answer) => done(answer.passed)).once('exit', () => done(false))
        timer = setTimeout(() => done(undefined), limit)
        child.send(order)
      })
      clearTimeout(timer)
      if (passed === undefined) await end()
      return passed === true
    }
  }
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
  const running = startTests(copy)
  let changedBefore = []
  try {
    for (const file of files) {
      mkdirSync(dirname(join(copy, file)), { recursive: true })
      cpSync(join(root, file), join(copy, file))
    }
    // A folder of its own, because the programs of the tests are bundled into it.
    mkdirSync(join(copy, 'node_modules'))
    for (const name of readdirSync(join(root, 'node_modules')))
      if (!name.startsWith('.test-programs')) symlinkSync(join(root, 'node_modules', name), join(copy, 'node_modules', name))
    for (const [at, { file, start, end, line, column, operator, from, to }] of sample.entries()) {
      const tests = testsFor(file, direct).filter((test) => !values.tests || test.includes(values.tests))
      for (const test of tests) {
        if (times.has(test)) continue
        const began = Date.now()
        if (!(await running.pass({ changed: changedBefore, tests: [test] }, 3_600_000)))
          throw new Error(`This fails without any change: ${test}`)
        times.set(test, Date.now() - began)
      }
      const began = Date.now()
      const text = readFileSync(join(copy, file), 'utf8')
      writeFileSync(join(copy, file), text.slice(0, start) + to + text.slice(end))
      let isNoticed = false
      // One after the other: most changes are noticed by the nearest.
      for (const test of tests)
        isNoticed ||= !(await running.pass({ changed: [...changedBefore, file], tests: [test] }, 20_000 + 4 * times.get(test)))
      writeFileSync(join(copy, file), text)
      changedBefore = [file]
      const shown = `${file}:${line}:${column} ${operator}: ${from.replace(/\s+/g, ' ').slice(0, 70)} -> ${to.slice(0, 40)}`
      if (!isNoticed) survived.push(shown)
      console.log(`${at + 1}/${sample.length} ${isNoticed ? 'killed  ' : 'SURVIVED'} ${shown} (${seconds(began)})`)
    }
  } finally {
    await running.end()
    rmSync(copy, { recursive: true, force: true })
  }
  const score = (100 * (sample.length - survived.length)) / sample.length
  console.log(`\nScore ${score.toFixed(1)}%: ${sample.length - survived.length} of ${sample.length} killed\n${survived.join('\n')}`)
})
