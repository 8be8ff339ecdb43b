import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Person } from '../../model/workspace'
import { commands } from '../all-commands'
import { createApplication, type Application } from '../application'
import { openBundle, verifyBundle } from '../bundle-format'
import { signAltered } from '../bundle-format/re-signed.fixture'
import { removeFolders } from '../bundle-format/sample-bundle.fixture'

const fixtures = join(__dirname, '..', 'imported-models', 'fixtures')
const root = mkdtempSync(join(tmpdir(), 'drydock-imported-'))
const home = join(root, 'w')
const passphrase = 'spring tide at noon'
let app: Application
let author: Person

const policy = `schema: drydock.policy
version: 1
name: ranks
title: Ranks
rules:
  - { id: ranks, title: Ranks, severity: block, expression: metrics.auc >= 0.6, message: It does not rank. }
`
const thumb = `
const fs = require('fs')
const [names, ...rows] = fs.readFileSync(process.env.DRYDOCK_INPUT_ROWS, 'utf8').trim().split('\\n').map((line) => line.split(','))
const at = (row, name) => Number(row[names.indexOf(name)] || 0)
fs.writeFileSync(process.env.DRYDOCK_OUTPUT_SCORES,
  'score\\n' + rows.map((row) => 1 / (1 + Math.exp(-(0.6 + 0.12 * at(row, 'debt') - 0.045 * at(row, 'income'))))).join('\\n') + '\\n')
`
const pipeline = (name: string, type: string, parameters: string): string => `schema: drydock.pipeline
version: 1
name: ${name}
steps:
  - { id: cases, type: source, parameters: { dataset: loans } }
  - { id: split, type: split, inputs: { table: cases.table }, parameters: { test: 0.4, seed: 1 } }
  - { id: taken, type: ${type}, inputs: { rows: split.train }, parameters: { target: default, ${parameters} } }
  - { id: evaluate, type: evaluate, inputs: { model: taken.model, test: split.test }, parameters: { bootstrapSamples: 50, latencyCalls: 5 } }
  - { id: gate, type: gate, inputs: { model: taken.model, evaluation: evaluate.evaluation }, parameters: { policy: ranks } }
  - { id: keep, type: register, inputs: { model: taken.model, gate: gate.decision }, parameters: { name: ${name}, purpose: { purpose: Ranks loans. } } }
`
beforeAll(async () => {
  app = createApplication({ userDirectory: join(root, 'user') })
  await app.createWorkspace(home, 'Loans')
  author = app.do(commands.people.create, { name: 'Ada Author', roles: ['author'] })
  await app.do(commands.people.createKey, { id: author.id, passphrase })
  mkdirSync(join(home, 'code'), { recursive: true })
  copyFileSync(join(fixtures, 'logistic-zipmap.onnx'), join(home, 'code', 'loans.onnx'))
  writeFileSync(join(home, 'code', 'thumb.js'), thumb)
  await app.do(commands.datasets.import, {
    path: join(fixtures, 'loans.csv'),
    options: { name: 'loans', columns: [{ source: 'default', type: 'text' }] }
  })
  await app.do(commands.policies.save, { text: policy })
})
afterAll(async () => {
  await app.close()
  removeFolders()
  rmSync(root, { recursive: true, force: true })
})

/** Takes a model in by a pipeline, exports it, verifies the bundle, and gives its files as texts. */
async function bundled(name: string, type: string, parameters: string): Promise<{ path: string; files: Map<string, Buffer> }> {
  const { runId } = await app.do(commands.pipelines.run, { yaml: pipeline(name, type, parameters) })
  const run = await app.pipelines.finished(runId)
  expect(run.steps.flatMap(({ stepId, failure }) => (failure ? [`${stepId}: ${failure.message}`] : []))).toEqual([])
  const { path } = await app.do(commands.bundles.export, { name, version: 1, person: author.id, passphrase })
  const report = await verifyBundle(path, { publicKeyPem: app.people.get(author.id).keys[0]!.publicPem })
  expect(report.verdict).toBe('holds')
  expect(report.checks.find(({ id }) => id === 'evidence')).toMatchObject({ status: 'pass' })
  const opened = await openBundle(path)
  const files = new Map<string, Buffer>()
  for (const { name: file } of opened.list()) files.set(file, await opened.read(file))
  await opened.close()
  return { path, files }
}
const text = (files: Map<string, Buffer>, name: string): string => files.get(name)!.toString('utf8').replace(/\s+/g, ' ')

describe('a bundle of a model made elsewhere', () => {
  it('holds the original beside the adapted graph, and samples that a runtime reproduces', async () => {
    const { files } = await bundled('loans', 'import-model', 'file: loans.onnx, columns: [income, age, debt], learned: true')
    expect(files.get('evidence/original.onnx')).toEqual(readFileSync(join(fixtures, 'logistic-zipmap.onnx')))
    expect([...files.keys()]).toEqual(
      expect.arrayContaining(['model/model.onnx', 'model/sample-inputs.arrow', 'model/sample-outputs.arrow', 'evidence/import.json'])
    )
    expect(text(files, 'card/model-card.json')).toContain('This model was made elsewhere')
  })

  it('carries a certificate of the decisions that the export changed, where a reviewer reads and a policy can ask for it', async () => {
    const linesOf = (name: string): string[] => readFileSync(join(fixtures, name), 'utf8').trim().split('\n')
    const [head, ...rows] = linesOf('loans.csv')
    const parts = { first: rows.slice(0, 140), rest: rows.slice(140) }
    for (const [name, part] of Object.entries(parts)) {
      const path = join(root, `${name}.csv`)
      writeFileSync(path, [head, ...part].join('\n'))
      await app.do(commands.datasets.import, { path, options: { name, columns: [{ source: 'default', type: 'text' }] } })
    }
    const [names, ...cells] = linesOf('predictions.csv').map((line) => line.split(','))
    const predicted = cells.slice(0, 140).map((row) => Number(row[names!.indexOf('logistic-zipmap')]))
    // A program that predicted otherwise for each tenth row.
    const other = predicted.map((value, row) => (row % 10 === 0 ? 1 - value : value))
    writeFileSync(join(home, 'code', 'other.csv'), ['prediction', ...other].join('\n'))
    const flips = predicted.filter((value, row) => value >= 0.5 !== other[row]! >= 0.5).length
    expect(flips).toBeGreaterThan(10)
    const yaml = pipeline('flips', 'import-model', 'file: loans.onnx, columns: [income, age, debt], learned: true, predictions: other.csv')
      .replace('dataset: loans', 'dataset: first')
      .replace(/id: split.*$/m, 'id: rest, type: source, parameters: { dataset: rest } }')
      .replace('split.train', 'cases.table')
      .replace('split.test', 'rest.table')
    const { runId } = await app.do(commands.pipelines.run, { yaml })
    const run = await app.pipelines.finished(runId)
    expect(run.steps.flatMap(({ stepId, failure }) => (failure ? [`${stepId}: ${failure.message}`] : []))).toEqual([])
    const { path } = await app.do(commands.bundles.export, { name: 'flips', version: 1, person: author.id, passphrase })
    const report = await verifyBundle(path, { publicKeyPem: app.people.get(author.id).keys[0]!.publicPem })
    expect(report.checks.find(({ id }) => id === 'evidence')).toMatchObject({ status: 'pass' })
    const opened = await openBundle(path)
    const parity = JSON.parse((await opened.read('evidence/parity.json')).toString('utf8')) as { flips: number; rows: number }
    expect(parity).toMatchObject({ flips, rows: 140, threshold: 0.5 })
    expect((await opened.read('card/model-card.html')).toString('utf8')).toContain(`${flips} decisions change at the threshold 0.5`)
    await opened.close()
    // Whoever signs another certificate has signed one that contradicts the bundle, whatever is asked of it.
    const edited = (part: object) => (was: string) => JSON.stringify({ ...JSON.parse(was), ...part })
    const verdicts = await Promise.all(
      [{ worst: { row: 140, original: 0.9, model: 0.1 } }, {}].map(async (part) => {
        const { path: folder, publicKeyPem } = await signAltered(path, { 'evidence/parity.json': edited(part) })
        return verifyBundle(folder, { publicKeyPem })
      })
    )
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['altered', 'holds'])
    expect(verdicts[0]!.summary).toContain('evidence/parity.json says that the largest difference is in row 141 of 140')
  })

  it('of a program holds its frozen code and says wherever it is read that it is not portable', async () => {
    const command = JSON.stringify([process.execPath, 'thumb.js'])
    const { path, files } = await bundled('thumb', 'external-scorer', `command: ${command}, code: [thumb.js], columns: [income, debt]`)
    expect(files.has('model/model.onnx')).toBe(false)
    expect(files.has('model/sample-outputs.arrow')).toBe(false)
    expect(JSON.parse(text(files, 'model/scorer.json')).files).toMatchObject([{ path: 'thumb.js' }])
    for (const name of ['card/model-card.json', 'card/model-card.html', 'operate/runbook.md', 'model/signature.json'])
      expect(text(files, name), name).toMatch(/Not portable: it is no ONNX graph but a program/)
    const html = join(root, 'sign-off.html')
    await app.do(commands.bundles.saveSheet, {
      sheet: 'sign-off',
      path,
      publicKeys: [app.people.get(author.id).keys[0]!.publicPem],
      html
    } as never)
    expect(readFileSync(html, 'utf8')).toMatch(/Not portable/)
    const rows = join(root, 'new.csv')
    writeFileSync(rows, 'income,debt\n36.0,11.34\n80,1\n')
    const asked = { name: 'thumb', version: 1, path: rows, out: join(root, 'scores.csv') }
    await expect(app.do(commands.scoring.file, asked)).rejects.toMatchObject({ code: 'POLICY_DENIED' })
    const { report } = await app.do(commands.scoring.file, { ...asked, runProgram: true })
    expect(report.rows).toBe(2)
    const [, first] = readFileSync(join(root, 'scores.csv'), 'utf8').trim().split(/\r?\n/)
    expect(Number(first!.split(',')[1])).toBeCloseTo(1 / (1 + Math.exp(-(0.6 + 0.12 * 11.34 - 0.045 * 36))), 12)
  })
})
