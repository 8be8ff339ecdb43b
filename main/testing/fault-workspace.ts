import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { commands } from '../core/all-commands'
import { createApplication, type Application } from '../core/application'

export const PASSPHRASE = 'correct horse battery staple'

/** One folder for everything that a test file makes: workspaces, the user's folder, mounts. Set by `useFaultWorkspace`, like all of these. */
export let root: string
const mounts: string[] = []

/** The workspace that every test copies, what it holds, and the application of the test that runs. */
export let base: string
export let expected: Record<string, unknown>
export let app: Application

/** Registers what the fault tests of one file need before and after; `wanted` is false where nothing of the file can run. */
export function useFaultWorkspace(wanted = true): void {
  root = mkdtempSync(join(tmpdir(), 'drydock-faults-'))
  beforeAll(async () => {
    if (!wanted) return
    base = await makeBaseWorkspace()
    expected = await contentsOf(await open(base))
    await app.close()
  })
  afterEach(async () => app?.close())
  afterAll(removeEverything)
}

/** Opens a workspace in a new application, which is closed after the test. */
export async function open(directory: string): Promise<Application> {
  app = openApplication()
  // Copies of one that this person made: they trust them, as everybody asks of a copy.
  await app.setTrust(directory, true)
  await app.openWorkspace(directory)
  return app
}

/** Runs the pipeline of the people to its end. */
export async function runPipeline(parameters: Record<string, number> = {}, force = false) {
  const { runId } = await app.do(commands.pipelines.run, { yaml: pipelineText, parameters, force })
  return app.pipelines.finished(runId)
}

/** An application whose own files lie beside the workspaces of the tests. */
export const openApplication = (): Application => createApplication({ userDirectory: join(root, 'user') })

/** 400 people, of whom those with much income and few years have the outcome more often; no chance is involved. */
export function peopleCsv(rows = 400): string {
  const lines = ['id,age,income,city,outcome']
  for (let id = 0; id < rows; id++) {
    const age = 20 + ((id * 37) % 50)
    const income = 1000 + ((id * 7919) % 4000)
    const outcome = income / 4000 - age / 70 + ((id * 13) % 10) / 20 > 0.2
    lines.push(`${id},${age},${income},${['Oslo', 'Köln', 'Łódź'][id % 3]},${outcome}`)
  }
  return `${lines.join('\n')}\n`
}

export const policyText = (name: string, limit = 0.5): string => `schema: drydock.policy
version: 1
name: ${name}
title: Ranks at all
description: The smallest thing to ask.
rules:
  - id: ranks
    title: Ranks at all
    severity: block
    expression: metrics.auc >= ${limit}
    message: The model does not rank. Find better features.
`

export const pipelineText = `schema: drydock.pipeline
version: 1
name: people
parameters:
  - name: least
    type: integer
    default: 0
steps:
  - id: people
    type: source
    parameters: { dataset: people }
  - id: features
    type: sql
    inputs: { t: people.table }
    parameters:
      output: FeatureSet
      query: SELECT age, income, city, outcome FROM t WHERE age >= \${{ parameters.least }} ORDER BY id
  - id: split
    type: split
    inputs: { table: features.table }
    parameters: { test: 0.25, seed: 7 }
  - id: train
    type: train
    inputs: { train: split.train }
    parameters:
      experiment: people
      target: outcome
      algorithm: logistic-regression
      seed: 7
  - id: evaluate
    type: evaluate
    inputs: { model: train.model, test: split.test }
    parameters: { seed: 7 }
  - id: register
    type: register
    inputs: { model: train.model }
    parameters: { name: people, requireGate: false }
`

/** Everything that a person would miss: what lists show, and what SQL answers. */
export async function contentsOf(app: Application): Promise<Record<string, unknown>> {
  const { experiments, pipelines, datasets, features, models, policies, bundles } = app
  return {
    runs: experiments.runs({ limit: 100 }).runs,
    pipelineRuns: pipelines.runs().runs,
    datasets: datasets.list(),
    sql: (await datasets.sql('SELECT city, count(*) AS n, sum(income) AS income FROM people GROUP BY city ORDER BY city')).rows,
    features: await features.list(),
    featureStatistics: await Promise.all((await features.list()).map((set) => features.get(set.sha256))),
    models: models.resolve('people').version,
    policies: await policies.list(),
    exports: bundles.list().map(({ path: _path, ...rest }) => rest)
  }
}

/** Makes a workspace with a dataset, a finished pipeline run, a registered model, a policy and an exported bundle, and closes it. */
export async function makeBaseWorkspace(): Promise<string> {
  const directory = join(root, 'base')
  const source = join(root, 'people.csv')
  writeFileSync(source, peopleCsv())
  const app = openApplication()
  await app.createWorkspace(directory, 'Faults', { sample: true })
  const person = app.do(commands.people.create, { name: 'Ada Demo', title: 'Analyst', email: '', roles: ['author'], demo: true })
  await app.do(commands.people.createKey, { id: person.id, passphrase: PASSPHRASE })
  await app.do(commands.datasets.import, { path: source, options: { name: 'people' } })
  await app.do(commands.policies.save, { text: policyText('ranks') })
  const { runId } = await app.do(commands.pipelines.run, { yaml: pipelineText })
  const run = await app.pipelines.finished(runId)
  if (run.state !== 'succeeded') throw new Error(`the base pipeline did not run: ${JSON.stringify(run.failure)}`)
  await app.do(commands.bundles.export, { name: 'people', version: 1, person: person.id, passphrase: PASSPHRASE })
  await app.close()
  return directory
}

/** A copy of a closed workspace. */
export function copyWorkspace(from: string, to = mkdtempSync(join(root, 'copy-'))): string {
  cpSync(from, to, { recursive: true })
  return to
}

export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)]))
    .sort()
}

/** Path and digest of every file, hidden ones too. */
export const fingerprintOf = (folder: string): string[] =>
  filesBelow(folder).map((file) => `${relative(folder, file)} ${createHash('sha256').update(readFileSync(file)).digest('hex')}`)

/** Files of unfinished writes, wherever they are. */
export const leftoversIn = (workspace: string): string[] =>
  filesBelow(workspace)
    .map((file) => relative(workspace, file))
    .filter((file) => file.startsWith('tmp/') || /\.tmp$|\.partial$|\.part$/.test(file))

/** True where a small disk of its own can be made (root, and a kernel that lets it mount). */
export function canMount(): boolean {
  if (process.platform !== 'linux') return false
  const point = mkdtempSync(join(tmpdir(), 'drydock-probe-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', point], { stdio: 'ignore' })
    execFileSync('umount', [point], { stdio: 'ignore' })
    return true
  } catch {
    return false
  } finally {
    rmSync(point, { recursive: true })
  }
}

/** A disk of its own of some mebibytes. */
export function mountDisk(mebibytes: number): { path: string; leave(bytes: number): void; free(): void; remount(mode: 'ro' | 'rw'): void } {
  const path = mkdtempSync(join(root, 'disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', path])
  mounts.push(path)
  const ballast = join(path, 'ballast')
  return {
    path,
    leave(bytes) {
      rmSync(ballast, { force: true })
      const { bavail, bsize } = statfsSync(path)
      writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - bytes)))
    },
    free: () => rmSync(ballast, { force: true }),
    remount: (mode) => void execFileSync('mount', ['-o', `remount,${mode}`, path])
  }
}

export function removeEverything(): void {
  for (const mount of mounts.splice(0)) execFileSync('umount', ['-l', mount])
  rmSync(root, { recursive: true, force: true })
}

/**
 * SQLite keeps a closed database, and the room of its shared memory, until the last statement of it is collected: without this a disk is no
 * longer full once that happens by itself.
 */
export async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  for (let round = 0; round < 2; round++) {
    collect()
    // What is native is released after the collection.
    await new Promise(setImmediate)
  }
}

/** The error of some work; fails when it succeeds. */
export async function errorOf(work: () => unknown): Promise<{ code: string; message: string; details?: Record<string, unknown> }> {
  try {
    await work()
  } catch (error) {
    return error as { code: string; message: string }
  }
  throw new Error('This should have failed, and did not.')
}
