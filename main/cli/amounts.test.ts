import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { inspectBundle, readBundleFile } from '../core/bundles/review'
import { sha256 } from '../storage/objects/durable-files'
import { parseHtml } from '../testing/parse-html'
import { runCli } from './program'

/** Real amounts and real counts, as `make-tables.py` writes them; sources and licences stand there. */
const tables = {
  diabetes: '9193026b7622ff944f0a6855a10107b24caf50dad69787c46e6890e69c27faca',
  visits: 'b8fb33dc5f5cc518e5aaf82a01fd44cbd527046cbda37a24e33ea4e10c325a8a'
} as const
const pathOf = (name: keyof typeof tables): string => new URL(`../core/tasks/regression/fixtures/${name}.csv`, import.meta.url).pathname

const root = mkdtempSync(join(tmpdir(), 'amounts-'))
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

const policy = (name: string) => `schema: drydock.policy
version: 1
name: ${name}
title: Better than a constant
rules:
  - { id: skill, title: Has skill, severity: block, expression: evaluation.beats_baseline, message: It may have learned nothing. }
  - { id: r2, title: Explains something, severity: block, expression: metrics.r2 > 0, message: The mean does as well. }
  - { id: groups, title: Groups were compared, severity: block, expression: fairness.groups >= 2, message: No groups. }
`

const pipeline = (name: string, dataset: string, train: string, group: string) => `schema: drydock.pipeline
version: 1
name: ${name}
title: Amounts
steps:
  - { id: data, type: source, parameters: { dataset: ${dataset} } }
  - { id: split, type: split, inputs: { table: data.table }, parameters: { test: 0.4, seed: 7 } }
  - { id: train, type: train, inputs: { train: split.train }, parameters: { experiment: ${name}, task: regression, seed: 7, ${train} } }
  - id: evaluate
    type: evaluate
    inputs: { model: train.model, test: split.test }
    parameters: { seed: 7, groupColumn: ${group}, minimumGroupSize: 10, latencyCalls: 20, bootstrapSamples: 200 }
  - { id: gate, type: gate, inputs: { model: train.model, evaluation: evaluate.evaluation }, parameters: { policy: ${name} } }
  - { id: register, type: register, inputs: { model: train.model, gate: gate.decision }, parameters: { name: ${name} } }
`

it.each([
  ['progression', 'diabetes', 'target: progression, objective: squared', 'sex', 'squared', /Mean of progression/],
  ['doctor', 'visits', 'target: mdvis, objective: poisson', 'idp', 'poisson', /Mean of mdvis/]
] as const)(
  'a model of %s goes from a table to a signed bundle that verifies',
  async (name, dataset, train, group, objective, meaning) => {
    expect(sha256(readFileSync(pathOf(dataset)))).toBe(tables[dataset])
    const lab = at(name)
    expect(await drydock('init', lab)).toMatchObject({ code: 0 })
    expect(await drydock('import', '-w', lab, pathOf(dataset), '--name', dataset)).toMatchObject({ code: 0 })
    writeFileSync(at('policy.yaml'), policy(name))
    expect(await drydock('policy', 'add', '-w', lab, at('policy.yaml'))).toMatchObject({ code: 0 })
    writeFileSync(at('pipeline.yaml'), pipeline(name, dataset, train, group))
    const run = await drydock('run', '-w', lab, at('pipeline.yaml'))
    expect([run.code, run.err, run.out]).toEqual([0, expect.any(String), expect.stringMatching(/^gate: passed/m)])

    const listed = JSON.parse((await drydock('runs', '-w', lab, '--json')).out) as {
      items: { metrics: Record<string, { value: number; low: number | null }> }[]
    }
    const { metrics } = listed.items[0]
    expect(metrics.deviance.value).toBeLessThan(metrics.loss_baseline.value)
    expect(metrics.rmse.low).toBeLessThan(metrics.rmse.value)
    expect(metrics.mae.value).toBeLessThanOrEqual(metrics.rmse.value)

    expect(await drydock('keygen', '--out', at(`${name}.pem`), '--public-out', at(`${name}.pub`))).toMatchObject({ code: 0 })
    const bundle = at(`${name}.drydock`)
    expect(await drydock('export', '-w', lab, `${name}@1`, '--key', at(`${name}.pem`), '--out', bundle)).toMatchObject({ code: 0 })
    const verified = await drydock('verify', bundle, '--key', at(`${name}.pub`), '--gate', 'pass', '--json')
    expect([verified.code, JSON.parse(verified.out)]).toEqual([0, expect.objectContaining({ verdict: 'holds' })])

    const opened = await inspectBundle(bundle, { publicKeyPath: at(`${name}.pub`) })
    const shown = async (path: string): Promise<string> =>
      (await readBundleFile(bundle, path, opened.files.find((file) => file.path === path)!.sha256)).text
    const card = parseHtml(await shown('card/model-card.html')).body.textContent
    expect(card).toMatch(meaning)
    expect(card).toMatch(/Calibration.*Residuals by prediction.*Distribution of residuals.*Residuals by feature/s)
    expect(card).toMatch(/Mean absolute error by group/)
    expect(await shown('operate/runbook.md')).toMatch(/predictions were off by [\d.]+ on average/)
    expect(await shown('operate/slo.yaml')).toMatch(/root mean squared error once the outcomes are known/)
    const signature = JSON.parse(await shown('model/signature.json')) as { task: string; target: { objective: string } }
    expect(signature).toMatchObject({ task: 'regression', target: { objective } })
  },
  180_000
)
