import { createHash } from 'node:crypto'
import { describeGate } from '../../model/gate-standing'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { arch, platform, release, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { Sha256 } from '../../model/reference'
import type { Person } from '../../model/workspace'
import { commands } from '../all-commands'
import { createApplication, type Application } from '../application'
import { openBundle, verifyBundle } from '../bundle-format'

const root = mkdtempSync(join(tmpdir(), 'drydock-exports-'))
const passphrase = 'low water springs'
let app: Application
let author: Person
let bundle: Map<string, string>
let path: string

/** The first 150 rows train, with x from 0 to 74; the last 50 judge, and ten of them lie outside of that range. */
const rows = Array.from({ length: 200 }, (_, i) => {
  const x = i < 150 ? i % 75 : i < 160 ? 500 + i : (i * 7) % 75
  return `${i},${x},${(x % 75) + (i % 9) > 40}`
})

const script = `const { readFileSync, writeFileSync } = require('node:fs')
const [, ...lines] = readFileSync(process.env.DRYDOCK_INPUT_ROWS, 'utf8').trim().split('\\n')
writeFileSync(process.env.DRYDOCK_OUTPUT_CLEAN, ['id,x,outcome,clean', ...lines.map((line) => line.trim() + ',yes')].join('\\n'))
`
const pipeline = (trees: number, target = 'outcome'): string => `schema: drydock.pipeline
version: 1
name: tides
steps:
  - id: cases
    type: source
    parameters: { dataset: cases }
  - id: prepare
    type: script
    inputs: { rows: cases.table }
    parameters:
      command: [${JSON.stringify(process.execPath)}, src/Prepare.js]
      code: [src]
      tables: csv
      outputs: { clean: Table }
  - id: first
    type: sql
    inputs: { t: prepare.clean }
    parameters: { query: "SELECT id, x::DOUBLE AS x, outcome::BOOLEAN AS outcome FROM t WHERE id < 150 ORDER BY id" }
  - id: last
    type: sql
    inputs: { t: prepare.clean }
    parameters: { query: "SELECT id, x::DOUBLE AS x, outcome::BOOLEAN AS outcome FROM t WHERE id >= 150 ORDER BY id" }
  - id: train
    type: train
    inputs: { train: first.table }
    parameters: { target: ${target}, exclude: [id], algorithm: gradient-boosting, parameters: { trees: ${trees}, minRowsPerLeaf: 5 }, seed: 3 }
  - id: evaluate
    type: evaluate
    inputs: { model: train.model, test: last.table }
    parameters: { bootstrapSamples: 200, latencyCalls: 20 }
`
const policy = (name: string, expression: string): string => `schema: drydock.policy
version: 1
name: ${name}
title: ${name}
rules:
  - id: ranks
    title: Ranks
    severity: block
    expression: ${expression}
    message: It does not rank.
`
const run = async (text: string): Promise<string> =>
  (await app.pipelines.finished((await app.do(commands.pipelines.run, { yaml: text })).runId)).state
const gate = async (name: string, id: string) => app.do(commands.policies.evaluate, { policy: name, run: id })

beforeAll(async () => {
  app = createApplication({ userDirectory: join(root, 'user') })
  await app.createWorkspace(join(root, 'w'), 'Tides')
  author = app.do(commands.people.create, { name: 'Ada Author', roles: ['author', 'approver'] })
  const other = app.do(commands.people.create, { name: 'Uninvolved Person', roles: ['approver'] })
  for (const { id } of [author, other]) await app.do(commands.people.createKey, { id, passphrase })
  for (const { id } of [other, author]) await app.do(commands.people.use, { id, passphrase })
  mkdirSync(join(root, 'w', 'code', 'src'), { recursive: true })
  writeFileSync(join(root, 'w', 'code', 'src', 'Prepare.js'), script)
  writeFileSync(join(root, 'cases.csv'), `id,x,outcome\n${rows.join('\n')}\n`)
  await app.do(commands.datasets.import, { path: join(root, 'cases.csv'), options: { name: 'cases' } })
  await app.do(commands.policies.save, { text: policy('strict', 'metrics.auc > 1.0') })
  await app.do(commands.policies.save, { text: policy('lenient', 'metrics.auc > 0.0') })
  await app.do(commands.policies.save, { text: policy('of-another-project', 'metrics.auc > 0.0') })
  const states = [await run(pipeline(5)), await run(pipeline(5, 'x')), await run(pipeline(10))].join(', ')
  if (states !== 'succeeded, failed, succeeded') throw new Error(`the runs ended otherwise: ${states}`)
  const chosen = app.experiments.runs({ filter: 'status = finished and params.trees = 10' }).runs[0]!
  app.do(commands.models.register, { withoutGate: true, run: chosen.id, name: 'tides', purpose: { purpose: 'Ranks tides.' } })
  await gate('strict', chosen.id)
  await gate('lenient', chosen.id)
  path = (await app.do(commands.bundles.export, { name: 'tides', version: 1, person: author.id, passphrase })).path
  const opened = await openBundle(path)
  bundle = new Map()
  for (const { name } of opened.list()) bundle.set(name, (await opened.read(name)).toString('utf8'))
  await opened.close()
})
afterAll(async () => {
  await app.close()
  rmSync(root, { recursive: true, force: true })
})

const json = (name: string) => JSON.parse(bundle.get(name) ?? 'null')
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

describe('an exported bundle', () => {
  it('verifies, and its papers name its own files', async () => {
    const report = await verifyBundle(path, { publicKeyPem: app.people.get(author.id).keys[0]!.publicPem })
    expect(report.verdict).toBe('holds')
    for (const { path: file, sha256: digest } of json('card/model-card.json').evidence)
      if (!file.endsWith('.arrow') && !file.endsWith('.onnx')) expect(sha256(bundle.get(file) ?? ''), file).toBe(digest)
  })

  it('says by digest which scores of judged rows were kept, and never encloses them', () => {
    const { rowScores } = json('evidence/evaluation.json')
    const chosen = app.models.get('tides', 1).run
    expect(app.experiments.run(chosen).artifacts.find(({ kind }) => kind === 'row-scores')).toMatchObject({ sha256: rowScores.sha256 })
    const tables = [...bundle.keys()].filter((name) => name.endsWith('.arrow')).sort()
    expect(tables).toEqual(['model/sample-inputs.arrow', 'model/sample-outputs.arrow'])
    const enclosed: { sha256: string }[] = json('card/model-card.json').evidence
    expect(enclosed.map((file) => file.sha256)).not.toContain(rowScores.sha256)
  })

  it('names the machine that trained: program, system and processor', () => {
    const { runtime, os, cpu } = json('lineage/environment.json')
    expect(runtime).toBe(`node ${process.versions.node}`)
    expect(os).toBe(`${platform()} ${release()} ${arch()}`)
    expect(cpu).not.toBe('unknown')
  })

  it('encloses the code that ran, as it ran', () => {
    const { files } = json('lineage/code/index.json')
    expect(files).toEqual([
      { step: 'prepare', path: 'src/Prepare.js', sha256: sha256(script), file: `lineage/code/${sha256(script).slice(0, 12)}-prepare.js` }
    ])
    expect(bundle.get(files[0].file)).toBe(script)
  })

  it('names what it was made from as dependencies: the dataset, the code, the pipeline', () => {
    const { buildDefinition, runDetails } = json('lineage/provenance.slsa.json').predicate
    const uris: string[] = buildDefinition.resolvedDependencies.map((item: { uri?: string }) => item.uri ?? '')
    const [dataset] = json('card/model-card.json').datasets
    expect(uris).toContain(dataset.reference)
    expect(uris).toContain(`code:src/Prepare.js@sha256:${sha256(script)}`)
    expect(uris).toContain(`pipeline:tides@sha256:${sha256(pipeline(10))}`)
    expect(JSON.stringify(runDetails.byproducts)).not.toContain(dataset.sha256)
    expect(buildDefinition.internalParameters.steps.map((step: { id: string }) => step.id)).toEqual(['cases', 'prepare', 'first', 'train'])
  })

  it('counts every trial, and calls none discarded that nobody put away', () => {
    const { counts, trials } = json('evidence/trials.json')
    expect(counts).toEqual({ total: 3, finished: 2, failed: 1, cancelled: 0, running: 0, discarded: 0 })
    expect(trials.find((trial: { status: string }) => trial.status === 'failed').note).toMatch(/"x"/)
  })

  it('tells of every gate over the model, also of the one that failed', () => {
    expect(json('policy/results.json')).toMatchObject({ policy: 'strict', outcome: 'fail' })
    expect(json('policy/history.json').gates).toMatchObject([
      { policy: 'lenient', outcome: 'pass', enclosed: false },
      { policy: 'strict', outcome: 'fail', enclosed: true }
    ])
    expect(bundle.get('README.md')).toContain('Policy gate: did NOT pass (strict)')
    expect(bundle.get('README.md')).toContain('Other gates over this model: 1, of which 0 did not pass')
  })

  it('has limits of operation that follow from the test rows', () => {
    const objectives: { id: string; measured_before_release: number; at_most: number; basis: string }[] = parseYaml(
      bundle.get('operate/slo.yaml') ?? ''
    ).objectives
    const refused = objectives.find((objective) => objective.id === 'refused')!
    expect(refused.measured_before_release).toBe(0.2)
    expect(refused.at_most).toBeGreaterThan(0.2)
    expect(refused.basis).toContain('10 of the 50 test rows')
    expect(bundle.get('operate/rollout.yaml')).toContain('50 probabilities within 1e-6')
  })

  it('holds a record that anybody can recompute, without the work of others', () => {
    const log = json('log/events.json')
    let previous = '0'.repeat(64)
    for (const entry of log.events) {
      if (entry.at !== undefined) {
        const { index, at, actor, action, subject, detail } = entry
        expect(entry.previous).toBe(previous)
        expect(sha256(JSON.stringify([index, at, actor, action, subject, JSON.stringify(detail), previous]))).toBe(entry.hash)
      }
      previous = entry.hash
    }
    expect(log).toMatchObject({ intact: true, head: previous, entries: log.events.length })
    const actions = log.events.map((entry: { action?: string }) => entry.action)
    for (const action of ['model.registered', 'gate.evaluated', 'run.recorded', 'key.added']) expect(actions).toContain(action)
    const everything = [...bundle.values()].join('\n')
    expect(everything).toContain('Ada Author')
    expect(everything).not.toContain('Uninvolved Person')
    expect(everything).not.toContain('of-another-project')
  })
})

it('signs with no other key than the one that is known for the person', async () => {
  const other = app.do(commands.people.create, { name: 'Otto Other', title: '', email: '', roles: ['author'] })
  const theirs = (await app.do(commands.people.createKey, { id: other.id, passphrase })).keys[0]!.privateKeyPath!
  const own = app.people.get(author.id).keys[0]!.privateKeyPath!
  const kept = readFileSync(own)
  writeFileSync(own, readFileSync(theirs))
  const target = join(root, 'swapped.drydock')
  await expect(
    app.do(commands.bundles.export, { name: 'tides', version: 1, path: target, person: author.id, passphrase })
  ).rejects.toMatchObject({
    code: 'SIGNATURE_INVALID'
  })
  expect(existsSync(target)).toBe(false)
  writeFileSync(own, kept)
})

describe('the registry', () => {
  it('says of the gate what runs, bundle and moves of the stage say: a policy that passed later hides no failure', () => {
    const { gate: ofModel, run: id } = app.models.get('tides', 1)
    expect(ofModel).toMatchObject({ policy: 'strict', outcome: 'fail' })
    expect(app.models.list().find(({ name }) => name === 'tides')?.latest.gate).toEqual(ofModel)
    expect(app.experiments.run(id).gate).toBe('fail')
    expect(app.experiments.runs({ filter: 'gate = fail' }).runs.map((each) => each.id)).toEqual([id])
    expect(json('policy/results.json')).toMatchObject({ policy: 'strict', outcome: 'fail' })
    expect(json('card/model-card.json').gate).toMatchObject({ policy: 'strict', outcome: 'fail' })
  })

  it('approves nothing that a policy refused, whatever another policy said later', async () => {
    await app.do(commands.models.setStage, { name: 'tides', version: 1, to: 'in review', reason: 'Please look.' })
    const approve = () => app.do(commands.models.setStage, { name: 'tides', version: 1, to: 'approved', reason: 'Fine.' })
    const { id: rae } = app.do(commands.people.create, { name: 'Rae Reviewer', roles: ['approver'] })
    await app.do(commands.people.createKey, { id: rae, passphrase })
    await app.do(commands.people.use, { id: rae, passphrase })
    await expect(approve()).rejects.toThrowError(/policy "strict" failed/)
    const before = app.models.get('tides', 1).gate!.id
    await app.do(commands.policies.save, { text: policy('strict', 'metrics.auc > 0.1') })
    await gate('strict', app.models.get('tides', 1).run)
    await app.do(commands.people.use, { id: author.id, passphrase })
    await expect(approve()).rejects.toMatchObject({ code: 'FORBIDDEN', message: expect.stringContaining('Another person has to') })
    await app.do(commands.people.use, { id: rae, passphrase })
    // Another text of the same policy cures nothing, and who gave it that text is said.
    await expect(approve()).rejects.toThrowError(/policy "strict" failed\. It passes under another text.*as the next version/)
    const { gate: ofModel, stage } = app.models.get('tides', 1)
    expect([stage, ofModel]).toEqual(['in review', expect.objectContaining({ id: before, outcome: 'fail', superseded: true })])
    expect(describeGate(ofModel)).toMatch(
      /^failed \(failed under [0-9a-f]{8}, passed under [0-9a-f]{8}, weakened by Rae Reviewer on \d{4}-\d\d-\d\d\)$/
    )
  })

  it('lets neither who registered a model nor who owns it approve it, and a third person does', async () => {
    const { id } = app.experiments.runs({ filter: 'status = finished and params.trees = 5' }).runs[0]!
    await gate('strict', id)
    const person = (name: string) => app.people.list().find((each) => each.name === name)!.id
    const as = (name: string) => app.do(commands.people.use, { id: person(name), passphrase })
    const [ada, rae] = ['Ada Author', 'Rae Reviewer']
    const refused = expect.objectContaining({ code: 'FORBIDDEN', message: expect.stringMatching(/registered or owns .* cannot approve/) })
    for (const [creator, owner, name] of [
      [ada, rae, 'made-by-ada'],
      [rae, ada, 'owned-by-ada']
    ]) {
      await as(creator!)
      app.do(commands.models.register, { run: id, name: name!, purpose: { owner: owner! } })
      await app.do(commands.models.setStage, { name: name!, version: 1, to: 'in review', reason: 'Please look.' })
      const approve = () => app.do(commands.models.setStage, { name: name!, version: 1, to: 'approved', reason: 'Fine.' })
      for (const each of [ada, rae]) {
        await as(each)
        await expect(approve(), `${each} and ${name}`).rejects.toThrowError(refused)
      }
      expect(app.models.get(name!, 1).stage).toBe('in review')
      await as('Uninvolved Person')
      expect((await approve()).stage).toBe('approved')
    }
    await as(ada)
  })
})

it('its deeds are on record with old and new value', async () => {
  const deeds = (subject: string) =>
    app.audit
      .chain()
      .flatMap(({ action, subject: about, detail: { before, after } }) => (about === subject ? [[action, before, after]] : []))
  const { run: ofTides } = app.models.get('tides', 1)
  const described = { name: 'tides-described', version: 1 }
  app.do(commands.models.register, { withoutGate: true, run: ofTides, name: described.name, purpose: {} })
  await app.do(commands.models.setStage, { ...described, to: 'in review', reason: 'Please look.' })
  app.do(commands.models.setPurpose, { ...described, purpose: { ...app.models.get(described.name, 1).purpose, purpose: 'Third.' } })
  expect(deeds('model:tides-described@1')).toEqual([
    ['model.registered', null, expect.objectContaining({ run: ofTides, stage: 'draft' })],
    ['model.stage', { stage: 'draft' }, { stage: 'in review' }],
    ['model.described', expect.objectContaining({ purpose: '' }), expect.objectContaining({ purpose: 'Third.' })]
  ])
  expect(deeds(`run:${ofTides}`).filter(([action]) => action === 'gate.evaluated')).toMatchObject([
    ['gate.evaluated', null, { policy: 'strict', outcome: 'fail' }],
    ['gate.evaluated', null, { policy: 'lenient', outcome: 'pass' }],
    ['gate.evaluated', { outcome: 'fail' }, { policy: 'strict', outcome: 'pass' }]
  ])
  const { signatureSha256, rootSha256 } = app.bundles.list().find((exported) => exported.path === path)!
  const about = `bundle:sha256:${signatureSha256}`
  expect(deeds(about)).toMatchObject([['bundle.exported', null, { model: 'tides@1', root: rootSha256 }]])
  expect(app.jobs.list({ kinds: ['export'] }).jobs).toMatchObject([
    // With the key of somebody else.
    { title: 'Export tides@1', state: 'failed', subject: null },
    { title: 'Export tides@1', state: 'succeeded', subject: 'model:tides@1' }
  ])
  const decision = { name: 'Ada Author', meaning: 'reviewer', decision: 'reject', statement: 'It leaks.' } as const
  const { privateKeyPath } = app.people.get(author.id).keys[0]!
  const copyTo = join(root, 'signed.drydock')
  await app.do(commands.bundles.countersign, { path, keyPath: privateKeyPath!, passphrase, ...decision, anyAuthor: true, copyTo })
  expect(deeds(about)[1]).toMatchObject(['bundle.countersigned', null, { decision: 'reject', name: 'Ada Author', file: 'signed.drydock' }])
})

it('reads the policy that decided, not the one that has its name now', () => {
  expect(sha256(bundle.get('policy/policy.yaml') ?? '')).toBe(json('policy/results.json').sha256)
  expect(readFileSync(join(root, 'w', 'policies', 'strict.yaml'), 'utf8')).toContain('0.1')
})

it('leaves with no other signature than the one it was judged by: what a model is asked, and by which outcome, stands there', async () => {
  const { ledger, objects } = app.workbench().context
  const { run } = app.models.get('tides', 1)
  const own = app.experiments.run(run).artifacts.find(({ name }) => name === 'signature.json')!.sha256
  const other = await objects.putBytes(readFileSync(objects.pathOf(own), 'utf8').concat(' '))
  const put = (sha256: string) => ledger.run("UPDATE run_artifact SET sha256 = ? WHERE run_id = ? AND name = 'signature.json'", sha256, run)
  put(other.sha256)
  try {
    await expect(
      app.do(commands.bundles.export, { name: 'tides', version: 1, path: join(root, 'refused.drydock'), person: author.id, passphrase })
    ).rejects.toMatchObject({
      code: 'EVIDENCE_MISMATCH',
      message: expect.stringMatching(/was made with another "signature\.json" than the one to export\. Nothing was written/)
    })
    expect(existsSync(join(root, 'refused.drydock'))).toBe(false)
  } finally {
    put(own)
  }
})

describe('evidence that does not say what it is about, as of an earlier program', () => {
  const exporting = (file: string) =>
    app.do(commands.bundles.export, { name: 'tides', version: 1, path: join(root, file), person: author.id, passphrase })
  /** Changes a digest wherever the journal has it. */
  const rename = (from: string, to: string, step = '%') => {
    const { ledger } = app.workbench().context
    ledger.run('UPDATE produced SET sha256 = ? WHERE sha256 = ? AND step_id LIKE ?', to, from, step)
    ledger.run('UPDATE used SET sha256 = ? WHERE sha256 = ? AND step_id LIKE ?', to, from, step)
    ledger.run('UPDATE step_run SET handed = replace(handed, ?, ?) WHERE step_id LIKE ?', from, to, step)
  }
  const modelOfStep = (run: string): string =>
    app
      .workbench()
      .context.ledger.get<{ sha256: string }>("SELECT sha256 FROM produced WHERE run = ? AND type = 'Model' AND part = ''", run)!.sha256

  beforeAll(async () => {
    const { ledger, objects } = app.workbench().context
    const run = app.models.get('tides', 1).run
    const nameless = async (sha256: string) => {
      const { subject: _subject, ...rest } = JSON.parse(readFileSync(objects.pathOf(Sha256.parse(sha256)), 'utf8'))
      return (await objects.putBytes(JSON.stringify({ ...rest, subject: null }))).sha256
    }
    const evaluation = app.experiments.run(run).artifacts.find(({ kind }) => kind === 'evaluation')!.sha256
    const bare = await nameless(evaluation)
    ledger.run('UPDATE run_artifact SET sha256 = ? WHERE run_id = ? AND sha256 = ?', bare, run, evaluation)
    rename(evaluation, bare)
    const gates = ledger.all<{ id: string; sha256: string }>('SELECT id, report_sha256 AS sha256 FROM gate_result WHERE run_id = ?', run)
    for (const { id, sha256: report } of gates)
      ledger.run('UPDATE gate_result SET report_sha256 = ? WHERE id = ?', await nameless(report), id)
  })

  it('is exported where the journal knows that it was made from this model', async () => {
    await exporting('old-evidence.drydock')
    expect((await verifyBundle(join(root, 'old-evidence.drydock'))).verdict).toBe('insufficient')
  })

  it.each([
    ['evaluate', /^The evaluation of the run .* is about another model/],
    ['gate', /^The gate "\w+" is about another model/]
  ])('is refused where the journal knows that "%s" was handed another one', async (step, complaint) => {
    const own = modelOfStep(app.models.get('tides', 1).run)
    const other = modelOfStep(app.experiments.runs({ filter: 'status = finished and params.trees = 5' }).runs[0]!.id)
    rename(own, other, step)
    await expect(exporting('refused.drydock')).rejects.toMatchObject({
      code: 'EVIDENCE_MISMATCH',
      message: expect.stringMatching(complaint)
    })
    rename(other, own, step)
  })

  it('is refused where nothing is on record', async () => {
    const { ledger } = app.workbench().context
    const refused = (message: RegExp) =>
      expect(exporting('refused.drydock')).rejects.toMatchObject({ code: 'EVIDENCE_MISMATCH', message: expect.stringMatching(message) })
    ledger.run('UPDATE gate_result SET pipeline_run = NULL')
    await refused(/^The result of the policy "\w+" .* is not on record\. .* Run its gate step again, then export\.$/)
    ledger.run("UPDATE produced SET sha256 = ? WHERE type = 'Evaluation'", 'e'.repeat(64))
    await refused(/^The evaluation of the run .* is not on record\. .* Run its evaluate step again, then export\.$/)
    expect(existsSync(join(root, 'refused.drydock'))).toBe(false)
  })
})
