import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { inspectBundle, readBundleFile } from '../core/bundles/review'
import { crossValidationSchema } from '../model/cross-validation'
import { runCli } from './program'

const root = mkdtempSync(join(tmpdir(), 'folds-'))
const at = (...names: string[]): string => join(root, ...names)
const kept = { DRYDOCK_USER_DIR: process.env.DRYDOCK_USER_DIR, DRYDOCK_PASSPHRASE: process.env.DRYDOCK_PASSPHRASE }
beforeAll(() => void Object.assign(process.env, { DRYDOCK_USER_DIR: at('user'), DRYDOCK_PASSPHRASE: 'only for this test' }))
afterAll(() => {
  for (const [name, value] of Object.entries(kept))
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  rmSync(root, { recursive: true, force: true })
})

async function drydock(...argv: string[]) {
  let [out, err] = ['', '']
  const code = await runCli(argv, { out: (text) => (out += text), err: (text) => (err += text) })
  return { code, out, err }
}

const policy = `schema: drydock.policy
version: 1
name: strikes
title: Holds over time
rules:
  - { id: folds, title: Judged in windows, severity: block, expression: metrics.cv_folds >= 4, message: Too few windows. }
  - { id: auc, title: Ranks beyond chance, severity: block, expression: metrics.cv_auc_lower > 0.5, message: It may be chance. }
`

const question = 'target: damaged, exclude: [flight_date], algorithm: logistic-regression, seed: 7'
const pipeline = `schema: drydock.pipeline
version: 1
name: strikes
title: Strikes over time
steps:
  - { id: data, type: source, parameters: { dataset: strikes } }
  - id: rows
    type: sql
    inputs: { data: data.table }
    parameters:
      query: |
        SELECT CAST("Flight Date" AS DATE) AS flight_date, "Phase of flight" AS phase, "Wildlife Size" AS size,
          "Speed IAS in knots" AS speed, "Effect Amount of damage" <> 'None' AS damaged
        FROM data WHERE "Effect Amount of damage" IS NOT NULL
  - { id: split, type: split, inputs: { table: rows.table }, parameters: { by: time, column: flight_date, test: 0.2 } }
  - id: judge
    type: cross-validate
    inputs: { table: split.train }
    parameters: { ${question}, by: time, column: flight_date, gap: 30 days, folds: 4, candidates: [{ l2: 1 }, { l2: 100000 }], innerFolds: 2 }
  - { id: train, type: train, inputs: { train: split.train, cross_validation: judge.report }, parameters: { ${question} } }
  - id: evaluate
    type: evaluate
    inputs: { model: train.model, test: split.test }
    parameters: { seed: 7, latencyCalls: 20, bootstrapSamples: 100 }
  - { id: gate, type: gate, inputs: { model: train.model, evaluation: evaluate.evaluation }, parameters: { policy: strikes } }
  - { id: register, type: register, inputs: { model: train.model, gate: gate.decision }, parameters: { name: strikes } }
`

it('real flights in the order of their days are judged in windows with a gap, and what was found goes to gate and signed bundle', async () => {
  const lab = at('lab')
  expect(await drydock('init', lab)).toMatchObject({ code: 0 })
  expect(await drydock('import', '-w', lab, 'resources/sample/birdstrikes.csv', '--name', 'strikes')).toMatchObject({ code: 0 })
  writeFileSync(at('policy.yaml'), policy)
  expect(await drydock('policy', 'add', '-w', lab, at('policy.yaml'))).toMatchObject({ code: 0 })
  writeFileSync(at('pipeline.yaml'), pipeline)
  const run = await drydock('run', '-w', lab, at('pipeline.yaml'))
  expect([run.code, run.err, run.out]).toEqual([0, expect.any(String), expect.stringMatching(/^gate: passed/m)])
  expect(run.out).toMatch(/^judge: .*AUC, cross-validated 0\.\d+ \(95%: 0\.\d+ to 0\.\d+\)/m)

  expect(await drydock('keygen', '--out', at('key.pem'), '--public-out', at('key.pub'))).toMatchObject({ code: 0 })
  const bundle = at('strikes.drydock')
  expect(await drydock('export', '-w', lab, 'strikes@1', '--key', at('key.pem'), '--out', bundle)).toMatchObject({ code: 0 })
  const verified = await drydock('verify', bundle, '--key', at('key.pub'), '--gate', 'pass', '--json')
  expect([verified.code, JSON.parse(verified.out)]).toEqual([0, expect.objectContaining({ verdict: 'holds' })])
  const opened = await inspectBundle(bundle, { publicKeyPath: at('key.pub') })
  const { sha256 } = opened.files.find(({ path }) => path === 'evidence/cross-validation.json')!
  const document = crossValidationSchema.parse(JSON.parse((await readBundleFile(bundle, 'evidence/cross-validation.json', sha256)).text))
  expect(document.design).toEqual({
    by: 'time',
    kind: 'timestamp',
    column: 'flight_date',
    folds: 4,
    repeats: 1,
    gap: 30 * 86_400,
    history: null
  })
  for (const { window, training } of document.folds) {
    expect(window!.trainingUntil).toBeLessThan(window!.testFrom - 30 * 86_400)
    expect(training).toBeGreaterThan(500)
  }
  expect(document.chosen!.candidate).toBe(1)
}, 180_000)
