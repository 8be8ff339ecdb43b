import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunId } from '../../model/reference'
import { sha256 } from '../../storage/objects/durable-files'
import { trainingRecord } from '../../testing/sample-runs'
import { commands } from '../all-commands'
import type { BundleFacts } from '../bundle-format'
import { runCommands } from '../experiments'
import { policyOf } from '../policies/policy-text.fixture'
import { collectBundleFacts, type ExportSources } from './collect-facts'
import { openExportWorkspace, passphrase, type ExportWorkspace } from './export-workspace.fixture'

let workspace: ExportWorkspace
let run: RunId
let facts: BundleFacts
const strict = policyOf('metrics.auc > 0.5').replace('name: example', 'name: strict')
const factsOf = (name: string, signer: BundleFacts['signer'] = null): Promise<BundleFacts> => {
  const workbench = workspace.app.workbench()
  const model = workspace.app.models.get(name, 1)
  return collectBundleFacts(workbench.context, workbench as unknown as ExportSources, { model, signer, files: [], sample: null })
}

beforeAll(async () => {
  workspace = await openExportWorkspace()
  const { app, root, author } = workspace
  const people = new Map<string, string>()
  for (const name of ['Olu Owner', 'Rae Reviewer', 'Sam Signer', 'Uma Uninvolved']) {
    const { id } = app.do(commands.people.create, { name, title: '', email: '', roles: ['author', 'reviewer'] })
    await app.do(commands.people.createKey, { id, passphrase })
    people.set(name, id)
  }
  writeFileSync(join(root, 'cases.csv'), 'x,y\n1,2\n3,4\n')
  await app.do(commands.datasets.import, { path: join(root, 'cases.csv'), options: { name: 'cases' } })
  writeFileSync(join(root, 'others.csv'), 'x\n1\n')
  await app.do(commands.datasets.import, { path: join(root, 'others.csv'), options: { name: 'others' } })
  for (const text of [strict, strict.replace('name: strict', 'name: unrelated')]) await app.do(commands.policies.save, { text })
  const digest = app.datasets.get('cases').version.sha256
  const record = {
    inputs: [
      { role: 'dataset', name: 'cases', reference: `dataset:cases@sha256:${digest}`, sha256: digest },
      { role: 'train', name: 'train', reference: `table:sha256:${sha256('train')}`, sha256: sha256('train') }
    ],
    environment: {
      'runtime.node': '20.1.0',
      'runtime.electron': '30.0.0',
      'os.platform': 'linux',
      'os.release': '6.1',
      'os.version': '#1',
      'os.architecture': 'x64',
      'hardware.cpu': 'Fast CPU',
      'hardware.cores': '8',
      'packages.zod': '4.0.0',
      'packages.onnxruntime-node': '1.30.0',
      'engines.duckdb': '1.5.5'
    },
    parameters: { trees: 3 }
  }
  run = await workspace.registered('tides', { record, gates: [{ policy: 'fair' }, { policy: 'strict' }] })
  await workspace.registered('waves', { record: { seed: null, environment: { 'os.platform': 'linux' } } })
  const trial = (name: string, change = {}) => app.do(runCommands.recordTraining, trainingRecord(name, { experiment: 'tides', ...change }))
  trial('failed', { status: 'failed', error: 'no such column' })
  const judged = [{ role: 'test', name: 'test', reference: `table:sha256:${sha256('test')}`, sha256: sha256('test') }]
  const [trashed, noted] = [
    trial('trashed', { metrics: { auc: 0.9999 } }),
    trial('noted', { metrics: { auc: 0.6, mine: 1 }, inputs: judged })
  ]
  app.do(commands.experiments.annotate, { id: noted, note: 'Too slow.' })
  app.do(commands.experiments.trash, { ids: [trashed] })
  const purpose = { ...app.models.get('tides', 1).purpose, owner: 'Olu Owner', limitations: ' Old rows. \n\n  Few storms.\n' }
  app.do(commands.models.setPurpose, { name: 'tides', version: 1, purpose })
  await app.do(commands.people.use, { id: people.get('Rae Reviewer')! as typeof author.id, passphrase })
  await app.do(commands.models.setStage, { name: 'tides', version: 1, to: 'in review', reason: 'Please look.' })
  await app.do(commands.people.use, { id: author.id, passphrase })
  for (const name of ['tides', 'waves']) await app.do(commands.bundles.export, { name, version: 1, person: author.id, passphrase })
  facts = await factsOf('tides', { name: 'Sam Signer', curve: 'P-256', keyFingerprint: sha256('key'), form: 'key' })
})
afterAll(() => workspace.close())

describe('the facts of a bundle', () => {
  it('are the words of the model, and its limitations line by line', () => {
    expect(facts.model).toMatchObject({
      name: 'tides',
      version: 1,
      stage: 'in review',
      description: 'Ranks tides.',
      limitations: ['Old rows.', 'Few storms.'],
      owner: { name: 'Olu Owner', role: 'owner', demo: false }
    })
    expect(facts.demo).toBe(false)
  })

  it('name the author first and whoever else had to do with it, each once', () => {
    const also = { role: 'author, reviewer', demo: false }
    expect(facts.people[0]).toEqual({ name: 'Ada Author', role: 'author', demo: false })
    expect(facts.people.slice(1).sort((a, b) => a.name.localeCompare(b.name))).toEqual([
      { name: 'Olu Owner', ...also },
      { name: 'Rae Reviewer', ...also },
      { name: 'Sam Signer', ...also }
    ])
  })

  it('sort what is known of the machine, and say where nothing is', async () => {
    expect(facts.run).toMatchObject({
      id: run,
      experiment: 'tides',
      durationSeconds: 1,
      seeds: { training: 1, evaluation: 7 },
      parameters: { trees: '3' }
    })
    expect(facts.run.environment).toEqual({
      runtime: 'node 20.1.0, electron 30.0.0',
      os: 'linux 6.1 x64',
      cpu: 'Fast CPU',
      versions: { 'runtime.electron': '30.0.0', 'engines.duckdb': '1.5.5', 'hardware.cores': '8' },
      packages: { zod: '4.0.0', 'onnxruntime-node': '1.30.0' }
    })
    const waves = await factsOf('waves')
    expect(waves.run.seeds).toEqual({})
    expect(waves.run.environment).toEqual({ runtime: 'node unknown', os: 'linux', cpu: 'unknown', versions: {}, packages: {} })
    expect(waves).toMatchObject({
      gate: null,
      gates: [],
      datasets: [],
      quality: null,
      pipelineYaml: null,
      lineage: { pipeline: null, steps: [] }
    })
  })

  it('are of the data that the run came from, and of nothing else it was handed', () => {
    expect(facts.datasets).toEqual([
      expect.objectContaining({
        name: 'cases',
        rows: 2,
        sha256: workspace.app.datasets.get('cases').version.sha256,
        source: expect.stringMatching(/^cases\.csv \(sha256 [0-9a-f]{64}\)$/),
        licence: 'not stated',
        sensitivity: expect.stringMatching(/./),
        use: 'source'
      })
    ])
  })

  it('count every trial of the experiment, and say why one is not the model', () => {
    const trials = Object.fromEntries(
      facts.trials.map(({ name, status, discarded, note, metrics }) => [name, { status, discarded, note, metrics }])
    )
    expect(trials).toEqual({
      tides: { status: 'finished', discarded: false, note: undefined, metrics: expect.anything() },
      failed: { status: 'failed', discarded: false, note: 'no such column', metrics: {} },
      // What a program logged under the name of a measured figure is no evidence.
      trashed: { status: 'finished', discarded: true, note: 'Put in the trash.', metrics: {} },
      noted: { status: 'finished', discarded: false, note: 'Too slow.', metrics: { auc: 0.6 } }
    })
    expect(facts.trials.find(({ name }) => name === 'tides')).not.toHaveProperty('note')
  })

  it('list every gate over the run, and enclose the one that decides', () => {
    expect(facts.gate).toMatchObject({ policy: 'strict', outcome: 'pass' })
    expect(facts.gates.map(({ policy, outcome, enclosed }) => [policy, outcome, enclosed])).toEqual([
      ['strict', 'pass', true],
      ['fair', 'pass', false]
    ])
  })

  it('hold the record of all that concerns the model, and of the rest only that it was there', () => {
    const { intact, entries } = facts.log
    const chain = workspace.app.audit.chain()
    expect(intact).toBe(true)
    expect(entries.map(({ index, hash }) => [index, hash])).toEqual(chain.map(({ index, hash }) => [index, hash]))
    const told = entries.flatMap((entry) => ('action' in entry ? [entry] : []))
    const about = (action: string) => told.filter((entry) => entry.action === action).length
    const kept = (action: string) => chain.filter((entry) => entry.action === action).length
    // Ada, Olu, Rae and Sam, with their keys; not Uma, nor who took over from whom.
    expect([about('person.created'), kept('person.created')]).toEqual([4, 5])
    expect([about('key.added'), kept('key.added')]).toEqual([4, 5])
    expect(about('person.used')).toBe(0)
    expect([about('model.registered'), kept('model.registered')]).toEqual([1, 2])
    expect([about('model.stage'), about('model.described')]).toEqual([1, 1])
    expect([about('policy.saved'), kept('policy.saved')]).toEqual([1, 2])
    expect([about('dataset.imported'), kept('dataset.imported')]).toEqual([1, 2])
    expect([about('run.recorded'), kept('run.recorded')]).toEqual([4, 5])
    expect(about('gate.evaluated')).toBe(2)
    expect([about('bundle.exported'), kept('bundle.exported')]).toEqual([1, 2])
    for (const entry of entries.filter((each) => !('action' in each))) expect(Object.keys(entry).sort()).toEqual(['hash', 'index'])
    const everything = JSON.stringify(told)
    for (const name of ['Uma Uninvolved', 'unrelated', 'others', 'waves']) expect(everything).not.toContain(name)
  })
})
