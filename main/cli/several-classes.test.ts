import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { inspectBundle, readBundleFile } from '../core/bundles/review'
import { sha256 } from '../storage/objects/durable-files'
import { parseHtml } from '../testing/parse-html'
import { runCli } from './program'

/** Wine of three cultivars (Forina and others 1991, doi:10.24432/C5PC7J, CC BY 4.0), as `make-wine.py` writes it. */
const wine = new URL('../core/tasks/multiclass/fixtures/wine.csv', import.meta.url).pathname
const digest = '787fefdb6ad06406ef9f1dc3083ee8a11b9194d604e465933a827b55c807a042'

const root = mkdtempSync(join(tmpdir(), 'several-classes-'))
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
name: cultivars
title: Good enough for the cellar
rules:
  - { id: skill, title: Decides well, severity: block, expression: metrics.balanced_accuracy_lower > 0.6, message: Too many bottles are taken for others. }
  - { id: every-class, title: Finds every cultivar, severity: block, expression: evaluation.lowest_recall > 0.5, message: One cultivar is hardly found. }
  - { id: groups, title: Groups were compared, severity: block, expression: fairness.groups >= 2, message: No groups. }
`

const pipeline = (more = '') => `schema: drydock.pipeline
version: 1
name: cultivars
title: Cultivars
steps:
  - { id: data, type: source, parameters: { dataset: wine } }
  - { id: split, type: split, inputs: { table: data.table }, parameters: { test: 0.4, seed: 7, stratify: cultivar } }
  - id: train
    type: train
    inputs: { train: split.train }
    parameters: { experiment: cultivars, target: cultivar, task: multiclass, algorithm: logistic-regression, seed: 7${more} }
  - id: evaluate
    type: evaluate
    inputs: { model: train.model, test: split.test }
    parameters: { seed: 7, groupColumn: ash, minimumGroupSize: 10, latencyCalls: 20, bootstrapSamples: 200 }
  - { id: gate, type: gate, inputs: { model: train.model, evaluation: evaluate.evaluation }, parameters: { policy: cultivars } }
  - { id: register, type: register, inputs: { model: train.model, gate: gate.decision }, parameters: { name: cultivars } }
`

it('goes from a table of three classes to a signed bundle that verifies, with the figures of each class', async () => {
  expect(sha256(readFileSync(wine))).toBe(digest)
  expect(await drydock('init', at('lab'))).toMatchObject({ code: 0 })
  expect(await drydock('import', '-w', at('lab'), wine, '--name', 'wine')).toMatchObject({ code: 0 })
  writeFileSync(at('policy.yaml'), policy)
  expect(await drydock('policy', 'add', '-w', at('lab'), at('policy.yaml'))).toMatchObject({ code: 0 })
  writeFileSync(at('cultivars.yaml'), pipeline())
  const run = await drydock('run', '-w', at('lab'), at('cultivars.yaml'))
  expect([run.code, run.err, run.out]).toEqual([0, expect.any(String), expect.stringMatching(/^gate: passed/m)])
  expect(run.out).toMatch(/^register: cultivars@1/m)
  expect(run.out).toMatch(/^evaluate: .*log loss/im)

  const listed = JSON.parse((await drydock('runs', '-w', at('lab'), '--json')).out) as {
    items: { metrics: Record<string, { value: number }> }[]
  }
  const metrics = Object.fromEntries(Object.entries(listed.items[0].metrics).map(([key, { value }]) => [key, value]))
  expect(metrics.accuracy).toBeGreaterThan(0.85)
  expect(metrics.auc_ovr).toBeGreaterThan(0.95)
  expect(metrics.log_loss_skill).toBeGreaterThan(0.5)
  expect(metrics.recall_weighted).toBeCloseTo(metrics.accuracy, 12)
  expect(metrics).not.toHaveProperty('top_3_accuracy')

  expect(await drydock('keygen', '--out', at('key.pem'), '--public-out', at('pub.pem'))).toMatchObject({ code: 0 })
  const bundle = at('cultivars.drydock')
  expect(await drydock('export', '-w', at('lab'), 'cultivars@1', '--key', at('key.pem'), '--out', bundle)).toMatchObject({ code: 0 })
  const verified = await drydock('verify', bundle, '--key', at('pub.pem'), '--gate', 'pass', '--json')
  expect([verified.code, JSON.parse(verified.out)]).toEqual([0, expect.objectContaining({ verdict: 'holds' })])

  const opened = await inspectBundle(bundle, { publicKeyPath: at('pub.pem') })
  const shown = async (name: string): Promise<string> =>
    (await readBundleFile(bundle, name, opened.files.find(({ path }) => path === name)!.sha256)).text
  const card = parseHtml(await shown('card/model-card.html')).body.textContent
  expect(card).toMatch(/Confusion matrix.*Recall by class.*Calibration of decisions/s)
  expect(card).toMatch(/in 3 classes, most of them grignolino/)
  expect(card).toMatch(/Accuracy by group/)
  expect(await shown('operate/runbook.md')).toMatch(/Expected shares of the decisions: .*barolo \d/)
  const signature = JSON.parse(await shown('model/signature.json')) as { target: object }
  expect(signature.target).toEqual({ name: 'cultivar', classes: ['barbera', 'barolo', 'grignolino'] })
}, 180_000)

it('names the column, the cause and the next step where the target holds no classes', async () => {
  const wrong = async (target: string): Promise<string> => {
    writeFileSync(
      at('wrong.yaml'),
      pipeline().replace('target: cultivar', `target: ${target}`).replace('name: cultivars\ntitle', 'name: wrong\ntitle')
    )
    const { code, out, err } = await drydock('run', '-w', at('lab'), at('wrong.yaml'), '--target', 'train')
    expect(code).not.toBe(0)
    return out + err
  }
  expect(await wrong('alcohol')).toMatch(/"alcohol" has the value [\d.]+, which is no whole number.*regression/s)
}, 60_000)
