import { spawnSync } from 'node:child_process'
import { appendFileSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openBundle } from '../../main/core/bundle-format'
import { makePythonEnvironment, type PythonEnvironment } from './python-environment'

const folder = mkdtempSync(join(tmpdir(), 'drydock-foreign-'))
const lab = join(folder, 'lab')
const key = join(folder, 'signer.pem')
const publicKey = join(folder, 'signer.pub.pem')
let python: PythonEnvironment

/** Runs the command line as a person would, and gives what it prints for programs. */
function drydock(...args: string[]): { code: number; json: Record<string, never>; words: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join('out', 'main', 'cli.js'), ...args, '--json'], {
    encoding: 'utf8',
    env: { ...process.env, DRYDOCK_USER_DIR: join(folder, 'user'), DRYDOCK_PASSPHRASE: 'tide tables of the inner harbour' }
  })
  return { code: status ?? -1, json: JSON.parse(stdout || '{}') as Record<string, never>, words: stdout + stderr }
}
const must = (...args: string[]) => {
  const done = drydock(...args)
  expect(done.code, done.words).toBe(0)
  return done
}

beforeAll(() => {
  python = makePythonEnvironment([
    'scikit-learn',
    'lightgbm',
    'xgboost',
    'skl2onnx',
    'onnxmltools',
    'onnx',
    'onnxruntime',
    'pandas',
    'pyarrow'
  ])
  const made = python.run(join('e2e', 'conformance', 'make-foreign-models.py'), folder)
  if (made.code !== 0) throw new Error(made.output)
  must('init', lab)
  mkdirSync(join(lab, 'code'), { recursive: true })
  for (const rows of ['train', 'test']) must('import', join(folder, `${rows}.csv`), '-w', lab, '--name', rows)
  must('keygen', '--out', key, '--public-out', publicKey)
  const policy = join(folder, 'policy.yaml')
  writeFileSync(
    policy,
    `schema: drydock.policy
version: 1
name: foreign
title: Models made elsewhere
rules:
  - id: as-trained
    title: It answers as what was trained
    severity: block
    expression: model.original_flips == 0 && model.original_difference < 0.00001 && model.portable
    message: The export differs from what was trained.
  - id: ranks
    title: It ranks
    severity: block
    expression: metrics.auc >= 0.65
    message: It does not rank.
`
  )
  must('policy', 'add', policy, '-w', lab)
})
afterAll(() => {
  python?.remove()
  rmSync(folder, { recursive: true, force: true })
})

const pipeline = (name: string, columns: string): string => `schema: drydock.pipeline
version: 1
name: ${name}
steps:
  - { id: train, type: source, parameters: { dataset: train } }
  - { id: test, type: source, parameters: { dataset: test } }
  - id: taken
    type: import-model
    inputs: { rows: train.table }
    parameters: { file: ${name}.onnx, target: outcome, learned: true, predictions: ${name}.csv${columns} }
  - { id: quality, type: quality-check, inputs: { table: test.table }, parameters: { target: outcome } }
  - { id: evaluate, type: evaluate, inputs: { model: taken.model, test: test.table }, parameters: { bootstrapSamples: 200, latencyCalls: 50 } }
  - id: gate
    type: gate
    inputs: { model: taken.model, evaluation: evaluate.evaluation, quality: quality.report }
    parameters: { policy: foreign }
  - id: register
    type: register
    inputs: { model: taken.model, gate: gate.decision }
    parameters:
      name: ${name}
      purpose: { purpose: Ranks loans for a person to look at., owner: Ada Lovelace, intendedUse: Looking at loans., outOfScope: Deciding., limitations: Drawn data., riskTier: medium }
`

it.each([
  ['scikit-learn', ''],
  ['lightgbm', ', columns: [income, age, debt]'],
  ['xgboost', ', columns: [income, age, debt]']
])('a model of %s becomes a signed bundle whose samples Python reproduces', async (name, columns) => {
  for (const file of [`${name}.onnx`, `${name}.csv`]) copyFileSync(join(folder, file), join(lab, 'code', file))
  const text = join(folder, `${name}.yaml`)
  writeFileSync(text, pipeline(name, columns))
  must('run', text, '-w', lab)
  const bundle = join(folder, `${name}.drydock`)
  must('export', `${name}@1`, '-w', lab, '--key', key, '--out', bundle)
  must('verify', bundle, '--key', publicKey, '--gate', 'pass')
  const unpacked = join(folder, `${name}-unpacked`)
  const packed = await openBundle(bundle)
  for (const { name: path } of packed.list()) {
    mkdirSync(dirname(join(unpacked, path)), { recursive: true })
    for await (const chunk of packed.chunks(path)) appendFileSync(join(unpacked, path), chunk)
  }
  await packed.close()
  expect(readFileSync(join(unpacked, 'evidence', 'original.onnx'))).toEqual(readFileSync(join(folder, `${name}.onnx`)))
  expect(JSON.parse(readFileSync(join(unpacked, 'evidence', 'parity.json'), 'utf8'))).toMatchObject({ rows: 2000, flips: 0 })
  expect(readFileSync(join(unpacked, 'card', 'model-card.json'), 'utf8')).toContain('This model was made elsewhere')
  const scored = python.run(join('e2e', 'conformance', 'score-sample.py'), join(unpacked, 'model'))
  expect(scored.code, scored.output).toBe(0)
  const result = JSON.parse(scored.output.trim().split('\n').at(-1)!) as { rows: number; largest: number; labels: number; spread: number }
  expect(result).toMatchObject({ rows: 100, labels: 0 })
  expect(result.spread).toBeGreaterThan(0.1)
  expect(result.largest).toBeLessThan(1e-6)
})
