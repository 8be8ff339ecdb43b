import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { commandLine, unpack } from './drydock'
import { makePythonEnvironment, type PythonEnvironment } from './python-environment'

const folder = mkdtempSync(join(tmpdir(), 'drydock-foreign-'))
const lab = join(folder, 'lab')
const key = join(folder, 'signer.pem')
const publicKey = join(folder, 'signer.pub.pem')
let python: PythonEnvironment

const { must } = commandLine(folder)

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

const imported = (name: string, columns: string): string => `  - id: taken
    type: import-model
    inputs: { rows: train.table }
    parameters: { file: ${name}.onnx, target: outcome, learned: true, predictions: ${name}.csv${columns} }
`
const pipeline = (name: string, taken: string): string => `schema: drydock.pipeline
version: 1
name: ${name}
steps:
  - { id: train, type: source, parameters: { dataset: train } }
  - { id: test, type: source, parameters: { dataset: test } }
${taken}  - { id: quality, type: quality-check, inputs: { table: test.table }, parameters: { target: outcome } }
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

/** Exports the first version of a model, verifies the bundle and lets Python score its sample rows by the graph alone. */
async function bundled(name: string): Promise<string> {
  const bundle = join(folder, `${name}.drydock`)
  must('export', `${name}@1`, '-w', lab, '--key', key, '--out', bundle)
  must('verify', bundle, '--key', publicKey, '--gate', 'pass')
  const unpacked = join(folder, `${name}-unpacked`)
  await unpack(bundle, unpacked)
  expect(JSON.parse(readFileSync(join(unpacked, 'evidence', 'parity.json'), 'utf8'))).toMatchObject({ rows: 2000, flips: 0 })
  expect(readFileSync(join(unpacked, 'card', 'model-card.json'), 'utf8')).toContain('This model was made elsewhere')
  const scored = python.run(join('e2e', 'conformance', 'score-sample.py'), join(unpacked, 'model'))
  expect(scored.code, scored.output).toBe(0)
  const result = JSON.parse(scored.output.trim().split('\n').at(-1)!) as { rows: number; largest: number; labels: number; spread: number }
  expect(result).toMatchObject({ rows: 100, labels: 0 })
  expect(result.spread).toBeGreaterThan(0.1)
  expect(result.largest).toBeLessThan(1e-6)
  return unpacked
}
function run(name: string, taken: string): void {
  const text = join(folder, `${name}.yaml`)
  writeFileSync(text, pipeline(name, taken))
  must('run', text, '-w', lab)
}

it.each([
  ['scikit-learn', ''],
  ['lightgbm', ', columns: [income, age, debt]'],
  ['xgboost', ', columns: [income, age, debt]'],
  ['network', ', columns: [income, age, debt]']
])('a model of %s becomes a signed bundle whose samples Python reproduces', async (name, columns) => {
  for (const file of [`${name}.onnx`, `${name}.csv`]) copyFileSync(join(folder, file), join(lab, 'code', file))
  run(name, imported(name, columns))
  const unpacked = await bundled(name)
  expect(readFileSync(join(unpacked, 'evidence', 'original.onnx'))).toEqual(readFileSync(join(folder, `${name}.onnx`)))
})

const hasR = spawnSync('Rscript', ['--version']).status === 0
it.skipIf(!hasR)('a model of R, by the script of the guide, becomes a signed bundle whose samples Python reproduces', async () => {
  const page = readFileSync(join('resources', 'guide', 'models-from-r.md'), 'utf8')
  const [train, onnx] = [...page.matchAll(/```r\n(.*?)```/gs)].map(([, code]) => code!)
  writeFileSync(join(lab, 'code', 'train.R'), train!)
  writeFileSync(join(lab, 'code', 'onnx.R'), onnx!)
  run(
    'from-r',
    `  - id: taken
    type: script
    inputs: { rows: train.table }
    parameters:
      command: [Rscript, train.R]
      code: [train.R, onnx.R]
      tables: csv
      outputs: { model: Model }
      models: { model: { target: outcome, learned: true } }
`
  )
  const unpacked = await bundled('from-r')
  const { largest } = JSON.parse(readFileSync(join(unpacked, 'evidence', 'parity.json'), 'utf8')) as { largest: number }
  // The graph computes in float64 as R does; its answers are float32.
  expect(largest).toBeLessThan(1e-7)
})

const hasTrees = hasR && spawnSync('Rscript', ['-e', 'library(rpart)']).status === 0
it.skipIf(!hasTrees)('a tree of R, which has no ONNX form, is judged as a program and scores as R predicts', () => {
  const page = readFileSync(join('resources', 'guide', 'external-scorers.md'), 'utf8')
  const [score] = [...page.matchAll(/```r\n(.*?)```/gs)].map(([, code]) => code!.replace('"yes"', '"1"'))
  writeFileSync(join(lab, 'code', 'score.R'), score!)
  const fit = `library(rpart)
model <- rpart(factor(outcome) ~ income + age + debt + region, data = read.csv("train.csv"), method = "class")
saveRDS(model, "lab/code/model.rds")
predicted <- predict(model, read.csv("test.csv"))[, "1"]
writeLines(c("score", format(predicted, digits = 17, trim = TRUE)), "tree.csv")
`
  const trained = spawnSync('Rscript', ['-e', fit], { cwd: folder, encoding: 'utf8' })
  expect(trained.status, trained.stderr).toBe(0)
  const text = join(folder, 'tree.yaml')
  writeFileSync(
    text,
    `schema: drydock.pipeline
version: 1
name: tree
steps:
  - { id: train, type: source, parameters: { dataset: train } }
  - { id: test, type: source, parameters: { dataset: test } }
  - id: taken
    type: external-scorer
    inputs: { rows: train.table }
    parameters:
      command: [Rscript, score.R]
      code: [score.R, model.rds]
      target: outcome
      columns: [income, age, debt, region]
      learned: true
  - { id: evaluate, type: evaluate, inputs: { model: taken.model, test: test.table }, parameters: { bootstrapSamples: 200, latencyCalls: 2 } }
  - { id: scored, type: score, inputs: { model: taken.model, rows: test.table } }
  - { id: register, type: register, inputs: { model: taken.model }, parameters: { name: tree, requireGate: false } }
`
  )
  must('run', text, '-w', lab)
  const out = join(folder, 'tree-scores.csv')
  must('score', 'tree@1', join(folder, 'test.csv'), '-w', lab, '--run-program', '--out', out)
  const columnOf = (file: string): number[] => {
    const [names, ...rows] = readFileSync(file, 'utf8')
      .trim()
      .split(/\r?\n/)
      .map((line) => line.split(','))
    const at = names!.indexOf('score')
    return rows.map((row) => Number(row[at]))
  }
  const [own, predicted] = [columnOf(out), columnOf(join(folder, 'tree.csv'))]
  expect(own).toHaveLength(1000)
  expect(Math.max(...own.map((value, row) => Math.abs(value - predicted[row]!)))).toBeLessThan(1e-15)
  expect(new Set(own).size).toBeGreaterThan(3)
})
