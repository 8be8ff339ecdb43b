import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { inspectBundle, readBundleFile } from '../core/bundles/review'
import { syntheticRows } from '../core/training/fixtures/synthetic'
import { dependenceSchema } from '../model/dependence'
import { explainedFileSchema } from '../model/explanation'
import { parseHtml } from '../testing/parse-html'
import { runCli } from './program'

const root = mkdtempSync(join(tmpdir(), 'explain-cli-'))
const at = (...names: string[]): string => join(root, ...names)
const kept = { DRYDOCK_USER_DIR: process.env.DRYDOCK_USER_DIR, DRYDOCK_PASSPHRASE: process.env.DRYDOCK_PASSPHRASE }
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

const pipeline = `schema: drydock.pipeline
version: 1
name: damage
title: Damage
steps:
  - { id: data, type: source, parameters: { dataset: parts } }
  - { id: split, type: split, inputs: { table: data.table }, parameters: { test: 0.4, seed: 7, by: random } }
  - id: train
    type: train
    inputs: { train: split.train }
    parameters: { experiment: damage, target: damaged, algorithm: gradient-boosting, parameters: { trees: 15 }, seed: 7 }
  - { id: evaluate, type: evaluate, inputs: { model: train.model, test: split.test }, parameters: { seed: 7, latencyCalls: 20, bootstrapSamples: 100 } }
  - { id: explain, type: explain, inputs: { model: train.model, rows: split.test, background: split.train }, parameters: { rows: 60, curveRows: 60, shuffles: 2, grid: 6 } }
  - { id: gate, type: gate, inputs: { model: train.model, evaluation: evaluate.evaluation }, parameters: { policy: damage } }
  - { id: register, type: register, inputs: { model: train.model, gate: gate.decision }, parameters: { name: damage } }
`
const policy = `schema: drydock.policy
version: 1
name: damage
title: Damage
rules:
  - { id: skill, title: Better than chance, severity: block, expression: metrics.auc > 0.6, message: It is hardly better than chance. }
`

beforeAll(async () => {
  Object.assign(process.env, { DRYDOCK_USER_DIR: at('user'), DRYDOCK_PASSPHRASE: 'only for this test' })
  const rows = syntheticRows(600, 4)
  const names = ['load', 'age', 'count', 'phase', 'noise', 'damaged'] as const
  const lines = rows.load.map((_, row) => names.map((name) => String(rows[name][row] ?? '')).join(','))
  writeFileSync(at('parts.csv'), [names.join(','), ...lines].join('\n') + '\n')
  writeFileSync(at('policy.yaml'), policy)
  writeFileSync(at('damage.yaml'), pipeline)
  for (const argv of [
    ['init', at('lab')],
    ['import', '-w', at('lab'), at('parts.csv'), '--name', 'parts'],
    ['policy', 'add', '-w', at('lab'), at('policy.yaml')],
    ['run', '-w', at('lab'), at('damage.yaml')]
  ]) {
    const { code, err } = await drydock(...argv)
    if (code !== 0) throw new Error(err)
  }
}, 180_000)

const explain = (...more: string[]) => drydock('model', 'explain', '-w', at('lab'), 'damage@1', at('parts.csv'), '--rows', '30', ...more)

it('writes contributions that add up line by line, and curves that fit their form', async () => {
  const { code, err } = await explain('--out', at('why.csv'), '--dependence', at('curves.json'), '--curves', 'load,phase')
  expect([code, err]).toEqual([0, expect.any(String)])
  const [head, ...lines] = readFileSync(at('why.csv'), 'utf8').trimEnd().split('\n')
  expect(head).toBe('row,base,load,age,count,phase,noise,margin')
  expect(lines).toHaveLength(30)
  for (const line of lines) {
    const cells = line.split(',').map(Number)
    const sum = cells.slice(1, -1).reduce((a, b) => a + b, 0)
    expect(Math.abs(sum - cells.at(-1)!)).toBeLessThan(1e-6)
  }
  const { features, by, rows } = dependenceSchema.parse(JSON.parse(readFileSync(at('curves.json'), 'utf8')))
  expect({ by, rows, features: features.map(({ feature }) => feature) }).toEqual({ by: 'asked', rows: 30, features: ['load', 'phase'] })
}, 60_000)

it('tells of a row what would have got another answer, and puts it on its sheet', async () => {
  const more = [
    '--row',
    '3',
    '--sheet',
    at('row.html'),
    '--counterfactuals',
    '2',
    '--immutable',
    'age, noise',
    '--range',
    'load=0..9',
    'count=..90'
  ]
  const { code, out } = await explain(...more, '--json')
  expect(code).toBe(0)
  const { row } = explainedFileSchema.parse(JSON.parse(out))
  const { found, score, immutable } = row!.counterfactuals!
  expect(immutable).toEqual(['age', 'noise'])
  expect(found.length).toBeGreaterThan(0)
  for (const { score: other, changes } of found) {
    expect(other < 0.5).toBe(score >= 0.5)
    for (const { feature, to } of changes) {
      expect(['load', 'count', 'phase']).toContain(feature)
      if (feature === 'load') expect(to as number).toBeLessThanOrEqual(9)
    }
  }
  const sheet = parseHtml(readFileSync(at('row.html'), 'utf8')).body.textContent
  expect(sheet).toContain('What would have got another answer')
  expect(sheet).toContain('Columns that had to keep their values: age, noise.')
  expect(sheet).toContain(found[0]!.changes[0]!.feature)
}, 60_000)

it('refuses what cannot be, and says what goes instead', async () => {
  const refused = async (...more: string[]): Promise<string> => {
    const { code, err } = await explain(...more)
    expect(code).not.toBe(0)
    return err
  }
  expect(await refused('--row', '3', '--immutable', 'age')).toContain('--immutable goes with --counterfactuals COUNT')
  expect(await refused('--row', '3', '--counterfactuals', '1', '--immutable', 'ages')).toContain('no column "ages"')
  expect(await refused('--row', '3', '--counterfactuals', '1', '--range', 'load:1')).toContain('--range takes COLUMN=MIN..MAX')
  expect(await refused('--row', '3', '--counterfactuals', '1', '--want', '>=1.5')).toContain('1.5 is no probability')
  expect(await refused('--out', at('x.csv'), '--counterfactuals', '1')).toContain('Say of which row')
  expect(await refused('--dependence', at('curves.txt'))).toContain('must end in .json')
  expect(await refused('--dependence', at('none.json'), '--curves', 'weight')).toContain('no column "weight"')
}, 120_000)

it('goes into the bundle: both documents, and the card says what drives the answers', async () => {
  expect(await drydock('keygen', '--out', at('key.pem'), '--public-out', at('pub.pem'))).toMatchObject({ code: 0 })
  const bundle = at('damage.drydock')
  expect(await drydock('export', '-w', at('lab'), 'damage@1', '--key', at('key.pem'), '--out', bundle)).toMatchObject({ code: 0 })
  expect(await drydock('verify', bundle, '--key', at('pub.pem'), '--gate', 'pass')).toMatchObject({ code: 0 })
  const opened = await inspectBundle(bundle, { publicKeyPath: at('pub.pem') })
  const shown = async (name: string): Promise<string> =>
    (await readBundleFile(bundle, name, opened.files.find(({ path }) => path === name)!.sha256)).text
  expect(dependenceSchema.parse(JSON.parse(await shown('evidence/dependence.json'))).rows).toBe(60)
  const card = parseHtml(await shown('card/model-card.html')).body.textContent
  expect(card).toMatch(/What drives the answers.*are moved most by "load".*Mean size/s)
}, 120_000)
