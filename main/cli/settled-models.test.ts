import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { signAltered } from '../core/bundle-format/re-signed.fixture'
import { removeFolders } from '../core/bundle-format/sample-bundle.fixture'
import { inspectBundle, readBundleFile } from '../core/bundles/review'
import { describeSettled, settledFileOf, type Settled } from '../model/settled'
import { EXIT } from './output'
import { runCli } from './program'

/** Real counts of visits to a doctor, as `make-tables.py` writes them; source and licence stand there. */
const visits = new URL('../core/tasks/regression/fixtures/visits.csv', import.meta.url).pathname
const root = mkdtempSync(join(tmpdir(), 'settled-'))
const at = (...names: string[]): string => join(root, ...names)
const kept = { DRYDOCK_USER_DIR: process.env.DRYDOCK_USER_DIR, DRYDOCK_PASSPHRASE: process.env.DRYDOCK_PASSPHRASE }
beforeAll(() => void Object.assign(process.env, { DRYDOCK_USER_DIR: at('user'), DRYDOCK_PASSPHRASE: 'only for this test' }))
afterAll(() => {
  for (const [name, value] of Object.entries(kept))
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  removeFolders()
  rmSync(root, { recursive: true, force: true })
})

async function drydock(...argv: string[]) {
  let [out, err] = ['', '']
  const code = await runCli(argv, { out: (text) => (out += text), err: (text) => (err += text) })
  return { code, out, err }
}

const splits = `schema: drydock.pipeline
version: 1
name: NAME
title: Settled
steps:
  - { id: data, type: source, parameters: { dataset: visits } }
  - { id: rows, type: sql, inputs: { data: data.table }, parameters: { query: "SELECT * EXCLUDE (idp), mdvis > 3 AS often FROM data" } }
  - { id: apart, type: split, inputs: { table: rows.table }, parameters: { test: 0.5, seed: 7 } }
  - { id: rest, type: split, inputs: { table: apart.test }, parameters: { test: 0.5, seed: 8 } }
  - { id: kept, type: split, inputs: { table: rest.train }, parameters: { test: 0.5, seed: 9 } }
`
const judged = (model: string) => `  - id: evaluate
    type: evaluate
    inputs: { model: ${model}, test: rest.test }
    parameters: { seed: 7, latencyCalls: 20, bootstrapSamples: 100 }
  - { id: gate, type: gate, inputs: { model: ${model}, evaluation: evaluate.evaluation }, parameters: { policy: NAME } }
  - { id: register, type: register, inputs: { model: ${model}, gate: gate.decision }, parameters: { name: NAME } }
`
const often = `${splits}  - { id: train, type: train, inputs: { train: apart.train }, parameters: { target: often, exclude: [mdvis], parameters: { trees: 40 } } }
  - { id: calibrate, type: calibrate, inputs: { model: train.model, rows: kept.train } }
  - { id: decide, type: decide, inputs: { model: calibrate.model, rows: kept.test }, parameters: { by: constraint, rate: recall, atLeast: 0.8 } }
${judged('decide.model')}`
const visitsOf = `${splits}  - id: train
    type: train
    inputs: { train: apart.train }
    parameters: { target: mdvis, exclude: [often], task: regression, objective: poisson, parameters: { trees: 40 } }
  - { id: conform, type: conform, inputs: { model: train.model, rows: kept.train }, parameters: { score: normalised, coverage: 0.8 } }
${judged('conform.model')}`

const policy = (name: string, rule: string) => `schema: drydock.policy
version: 1
name: ${name}
title: Settled
rules:
  - { id: settled, title: Settled, severity: block, expression: ${rule}, message: No. }
`

/** A file, what is made of it, and the words that name it. */
// oxlint-disable-next-line typescript/no-explicit-any
type Lie = readonly [file: string, change: (was: any) => unknown, words: string]
const [calibration, decision, intervals] = [settledFileOf('calibration'), settledFileOf('decision'), settledFileOf('intervals')]
const says = (file: string, of: string): string => `${file} says something else than model/signature.json says of the ${of}.`
const oftenLies: readonly Lie[] = [
  [calibration, (was) => ({ ...was, rows: { ...was.rows, used: was.rows.used + 1 } }), says(calibration, 'calibration')],
  [calibration, (was) => ({ ...was, original: was.model }), says(calibration, 'calibration')],
  [decision, (was) => ({ ...was, threshold: was.threshold / 2 }), says(decision, 'decision')],
  [decision, (was) => ({ ...was, rule: { by: 'given' } }), says(decision, 'decision')],
  [decision, (was) => ({ ...was, target: 'mdvis' }), `${decision} is about gradient-boosting for "mdvis"`],
  [decision, () => ({ schema: 'drydock.decision', version: 1 }), `${decision} cannot be read by this Drydock`],
  ['model/signature.json', ({ decision: _, ...rest }) => rest, says(decision, 'decision')],
  ['model/signature.json', () => '', `${calibration} cannot be held against a signature of the model`]
]
const visitsLies: readonly Lie[] = [
  [intervals, (was) => ({ ...was, intervals: { ...was.intervals, quantile: was.intervals.quantile * 0.9 } }), says(intervals, 'intervals')],
  [intervals, (was) => ({ ...was, intervals: { ...was.intervals, coverage: 0.9 } }), says(intervals, 'intervals')],
  [intervals, (was) => ({ ...was, model: '0'.repeat(64) }), `${intervals} is about the model 00000000, but the enclosed one is`],
  [
    'evidence/evaluation.json',
    (was) => ({ ...was, intervals: { ...was.intervals, promised: 0.9 } }),
    'evidence/evaluation.json measured other intervals than model/signature.json promises.'
  ]
]

/** A signer who lies signs well: verification without any question names each record that contradicts the signature. */
async function expectLiesNamed(bundle: string, lies: readonly Lie[]): Promise<void> {
  const verified = async (file: string, change: Lie[1]) => {
    const { path, publicKeyPem } = await signAltered(bundle, { [file]: (was) => JSON.stringify(change(JSON.parse(was))) })
    writeFileSync(at('liar.pub'), publicKeyPem)
    return drydock('verify', path, '--key', at('liar.pub'))
  }
  expect(await verified(lies[0]![0], (was) => was)).toMatchObject({ code: 0 })
  for (const [file, change, words] of lies) {
    const { code, out } = await verified(file, change)
    expect([code, out], `${file}: ${words}`).toEqual([EXIT.refuted, expect.stringContaining(words)])
  }
}

it.each([
  ['often', often, 'metrics.recall > 0.7 && metrics.recall < 0.95'],
  ['visits', visitsOf, 'metrics.interval_coverage > 0.72 && metrics.interval_width > 0']
] as const)(
  'a model of %s is settled, judged by that and leaves as a signed bundle that verifies',
  async (name, text, rule) => {
    const lab = at(name)
    expect(await drydock('init', lab)).toMatchObject({ code: 0 })
    expect(await drydock('import', '-w', lab, visits, '--name', 'visits')).toMatchObject({ code: 0 })
    writeFileSync(at('policy.yaml'), policy(name, rule))
    expect(await drydock('policy', 'add', '-w', lab, at('policy.yaml'))).toMatchObject({ code: 0 })
    writeFileSync(at('pipeline.yaml'), text.replaceAll('NAME', name))
    const run = await drydock('run', '-w', lab, at('pipeline.yaml'))
    expect([run.code, run.err, run.out]).toEqual([0, expect.any(String), expect.stringMatching(/^gate: passed/m)])
    expect(await drydock('keygen', '--out', at(`${name}.pem`), '--public-out', at(`${name}.pub`))).toMatchObject({ code: 0 })
    const bundle = at(`${name}.drydock`)
    expect(await drydock('export', '-w', lab, `${name}@1`, '--key', at(`${name}.pem`), '--out', bundle)).toMatchObject({ code: 0 })
    const verified = await drydock('verify', bundle, '--key', at(`${name}.pub`), '--gate', 'pass', '--json')
    expect([verified.code, JSON.parse(verified.out)]).toEqual([0, expect.objectContaining({ verdict: 'holds' })])
    const opened = await inspectBundle(bundle, { publicKeyPath: at(`${name}.pub`) })
    const shown = async (path: string): Promise<string> =>
      (await readBundleFile(bundle, path, opened.files.find((file) => file.path === path)!.sha256)).text
    const signature = JSON.parse(await shown('model/signature.json')) as Record<string, unknown>
    expect(signature).toHaveProperty(name === 'often' ? 'decision' : 'intervals')
    const shownModel = await drydock('model', 'show', '-w', lab, `${name}@1`)
    const { settled } = JSON.parse((await drydock('model', 'show', '-w', lab, `${name}@1`, '--json')).out) as { settled: Settled }
    // The bundle carries the records as they are, and words and figures of them stand with the model.
    for (const part of name === 'often' ? (['calibration', 'decision'] as const) : (['intervals'] as const))
      expect(JSON.parse(await shown(settledFileOf(part)))).toEqual(settled[part])
    expect(describeSettled(settled).map(({ part }) => part)).toEqual(name === 'often' ? ['calibration', 'decision'] : ['intervals'])
    for (const { lines } of describeSettled(settled)) for (const line of lines) expect(shownModel.out).toContain(line)
    expect(settled.measured?.promised).toBe(name === 'often' ? undefined : 0.8)
    await expectLiesNamed(bundle, name === 'often' ? oftenLies : visitsLies)
    // A run that settled something is done again as any other, from the workspace and from the bundle alone.
    const again = await drydock('model', 'reproduce', '-w', lab, `${name}@1`, '--json')
    expect([again.code, JSON.parse(again.out)]).toEqual([0, expect.objectContaining({ same: true, differences: [] })])
    const elsewhere = await drydock('model', 'reproduce', bundle, '--data', visits, '--json')
    expect([elsewhere.code, JSON.parse(elsewhere.out)]).toEqual([0, expect.objectContaining({ same: true, differences: [] })])
    const { compared } = JSON.parse(elsewhere.out) as { compared: string[] }
    expect(compared).toEqual(expect.arrayContaining(['model.onnx', 'signature.json', 'row scores']))
    expect((await drydock('score', '-w', lab, `${name}@1`, visits, '--out', at(`${name}.csv`))).code).toBe(0)
    expect(readFileSync(at(`${name}.csv`), 'utf8').split('\n').length).toBeGreaterThan(2000)
  },
  180_000
)
