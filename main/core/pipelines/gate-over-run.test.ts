import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PipelineRun } from '../../model/pipeline-run'
import type { RunDetail } from '../../model/run'
import { commands } from '../all-commands'
import { createApplication, type Application } from '../application'
import { openBundle } from '../bundle-format'

const root = mkdtempSync(join(tmpdir(), 'drydock-gates-'))
const passphrase = 'low water springs'
let app: Application
let keyOwner: string

const rows = Array.from({ length: 240 }, (_, i) => `${i},${i % 75},${(i % 75) + ((i * 7) % 11) > 40}`)
const code = (remark: string): string => `// ${remark}
const { readFileSync, writeFileSync } = require('node:fs')
const [header, ...lines] = readFileSync(process.env.DRYDOCK_INPUT_ROWS, 'utf8').trim().split(/\\r?\\n/)
writeFileSync(process.env.DRYDOCK_OUTPUT_CLEAN, [header, ...lines.reverse()].join('\\n'))
`
/** Two programs that differ and give the same bytes, so that all that follows has the same bytes too. */
const pipeline = (name: string, more = ''): string => `schema: drydock.pipeline
version: 1
name: ${name}
steps:
  - { id: cases, type: source, parameters: { dataset: cases } }
  - id: prepare-${name}
    type: script
    inputs: { rows: cases.table }
    parameters: { command: [${JSON.stringify(process.execPath)}, ${name}.js], code: [${name}.js], tables: csv, outputs: { clean: Table } }
  - { id: first, type: sql, inputs: { t: prepare-${name}.clean }, parameters: { query: "SELECT id::INT AS id, x::DOUBLE AS x, outcome::BOOLEAN AS outcome FROM t WHERE id::INT < 160 ORDER BY 1" } }
  - { id: last, type: sql, inputs: { t: prepare-${name}.clean }, parameters: { query: "SELECT id::INT AS id, x::DOUBLE AS x, outcome::BOOLEAN AS outcome FROM t WHERE id::INT >= 160 ORDER BY 1" } }
  - { id: train, type: train, inputs: { train: first.table }, parameters: { target: outcome, exclude: [id], parameters: { trees: 5, minRowsPerLeaf: 5 }, seed: 3, name: trial of ${name} } }
  - { id: evaluate, type: evaluate, inputs: { model: train.model, test: last.table }, parameters: { bootstrapSamples: 50, latencyCalls: 20 } }
${more}`
const direct = `schema: drydock.pipeline
version: 1
name: three
steps:
  - { id: cases, type: source, parameters: { dataset: cases } }
  - { id: split, type: split, inputs: { table: cases.table }, parameters: { test: 0.3, seed: 7 } }
  - { id: train, type: train, inputs: { train: split.train }, parameters: { target: outcome, exclude: [id], parameters: { trees: 5, minRowsPerLeaf: 5 }, name: trial of three } }
  - { id: evaluate, type: evaluate, inputs: { model: train.model, test: split.test }, parameters: { bootstrapSamples: 50, latencyCalls: 20 } }
`
const policy = (name: string, expression: string): string => `schema: drydock.policy
version: 1
name: ${name}
title: ${name}
rules:
  - { id: rule, title: Rule, severity: block, expression: ${expression}, message: It does not hold. }
`
const start = async (yaml: string): Promise<PipelineRun> => {
  const run = await app.pipelines.finished((await app.do(commands.pipelines.run, { yaml })).runId)
  if (run.state !== 'succeeded') throw new Error(JSON.stringify(run.steps.find((step) => step.failure)?.failure))
  return run
}
const named = (name: string): RunDetail => app.experiments.run(app.experiments.runs({}).runs.find((run) => run.name === name)!.id)
const artifact = (run: RunDetail, kind: string): string | undefined => run.artifacts.find((each) => each.kind === kind)?.sha256
const judge = (of: string, run: string) => app.do(commands.policies.evaluate, { policy: of, run })

beforeAll(async () => {
  app = createApplication({ userDirectory: join(root, 'user') })
  await app.createWorkspace(join(root, 'w'), 'Gates')
  keyOwner = app.do(commands.people.create, { name: 'Ada Author', title: '', email: '', roles: ['author'] }).id
  await app.do(commands.people.createKey, { id: keyOwner, passphrase })
  mkdirSync(join(root, 'w', 'code'), { recursive: true })
  for (const name of ['one', 'two']) writeFileSync(join(root, 'w', 'code', `${name}.js`), code(name))
  writeFileSync(join(root, 'cases.csv'), `id,x,outcome\n${rows.join('\n')}\n`)
  await app.do(commands.datasets.import, { path: join(root, 'cases.csv'), options: { name: 'cases' } })
  await app.do(commands.policies.save, { text: policy('ranks', 'metrics.auc > 0.5 && run.trials >= 1') })
  await app.do(commands.policies.save, { text: policy('clean', 'data.rows == 240') })
  await start(pipeline('one'))
  await start(direct)
  await start(
    pipeline(
      'two',
      `  - { id: on-train, type: evaluate, inputs: { model: train.model, test: first.table }, parameters: { split: training, bootstrapSamples: 0, latencyCalls: 1 } }\n`
    )
  )
})
afterAll(async () => {
  await app.close()
  rmSync(root, { recursive: true, force: true })
})

describe('a gate over a run', () => {
  it('is a pipeline run of one gate step: its result, its job, its event and its lineage are those of every gate', async () => {
    const run = named('trial of one')
    const events = app.audit.chain().length
    const { id, report } = await judge('ranks', run.id)
    expect(report).toMatchObject({
      outcome: 'pass',
      subject: { model: artifact(run, 'model'), evaluation: artifact(run, 'evaluation'), quality: null, policy: report.sha256 }
    })
    const [newest] = app.policies.gates(run.id)
    expect(newest).toMatchObject({ id, outcome: 'pass', pipelineRun: expect.any(String) })
    const execution = await app.pipelines.getRun(newest.pipelineRun!)
    expect(execution).toMatchObject({ state: 'succeeded', pipeline: 'gate-over-a-run', parameters: { policy: 'ranks', run: run.id } })
    expect(execution.steps.map(({ type, state }) => [type, state])).toEqual([['gate', 'succeeded']])
    expect(app.jobs.list({ kinds: ['pipeline-run'] }).jobs[0]).toMatchObject({ id: execution.id, state: 'succeeded' })
    // What it was handed stands in its run, though no connection of its own brought it.
    expect(execution.steps[0].inputs.map(({ port, sha256, madeBy }) => [port, sha256, madeBy?.stepId])).toEqual([
      ['evaluation', artifact(run, 'evaluation'), 'evaluate'],
      ['model', expect.any(String), 'train']
    ])
    for (const { madeBy } of execution.steps[0].inputs) expect(madeBy).toMatchObject({ pipeline: 'one', runId: run.pipelineRun })
    const lineage = app.pipelines.lineage(`x:sha256:${execution.steps[0].outputs[0].sha256}`)
    expect(lineage.map(({ stepId }) => stepId)).toEqual(['gate', 'evaluate', 'train', 'last', 'first', 'prepare-one', 'cases'])
    expect(
      app.audit
        .chain()
        .slice(events)
        .map(({ action, subject }) => [action, subject.split('@')[0]])
    ).toEqual([
      ['pipeline.started', 'pipeline:gate-over-a-run'],
      ['gate.evaluated', `run:${run.id}`]
    ])
  })

  it('decides anew each time, so that the newest result is the one of the policy as it is', async () => {
    const run = named('trial of one').id
    const outcomes: string[] = []
    for (const limit of ['0.5', '1.0', '0.5']) {
      await app.do(commands.policies.save, { text: policy('moving', `metrics.auc > ${limit}`) })
      outcomes.push((await judge('moving', run)).report.outcome)
      expect(app.policies.gates(run)[0].outcome).toBe(outcomes.at(-1))
    }
    expect(outcomes).toEqual(['pass', 'fail', 'pass'])
    expect(app.policies.gates(run).filter((gate) => gate.policy === 'moving')).toHaveLength(3)
  })

  it('counts again where a pipeline takes it from the cache, and is said once', async () => {
    const judged = pipeline(
      'one',
      '  - { id: gate, type: gate, inputs: { model: train.model, evaluation: evaluate.evaluation }, parameters: { policy: turning } }\n'
    )
    const run = named('trial of one').id
    const ofPolicy = () => app.policies.gates(run).filter((gate) => gate.policy === 'turning')
    const executions: PipelineRun[] = []
    for (const limit of ['1.0', '0.5', '1.0', '1.0']) {
      await app.do(commands.policies.save, { text: policy('turning', `metrics.auc > ${limit}`) })
      executions.push(await start(judged))
      expect(ofPolicy()[0].outcome).toBe(limit === '0.5' ? 'pass' : 'fail')
    }
    expect(executions.map(({ steps }) => steps.at(-1)!.cached)).toEqual([false, false, true, true])
    expect(ofPolicy().map(({ pipelineRun }) => pipelineRun)).toEqual([executions[2].id, executions[1].id, executions[0].id])
    expect(ofPolicy().map(({ outcome }) => outcome)).toEqual(['fail', 'pass', 'fail'])
    const told = app.audit
      .chain()
      .filter(({ action, detail }) => action === 'gate.evaluated' && (detail.after as { policy: string }).policy === 'turning')
    expect(told.map(({ detail }) => (detail.after as { outcome: string }).outcome)).toEqual(['fail', 'pass', 'fail'])
  })

  it('is about the evaluation of that run, whichever other run has the same model', async () => {
    const [test, training] = [named('trial of two'), named('trial of two (evaluated again)')]
    expect(artifact(test, 'model')).toBe(artifact(training, 'model'))
    const { report } = await judge('ranks', test.id)
    expect(report.subject).toMatchObject({ model: artifact(test, 'model'), evaluation: artifact(test, 'evaluation') })
    expect(app.experiments.run(test.id).gate).toBe('pass')
    const before = app.policies.gates().length
    await expect(judge('ranks', training.id)).rejects.toMatchObject({
      code: 'EVIDENCE_MISMATCH',
      message: expect.stringContaining('rows that the model was trained on')
    })
    expect(app.policies.gates()).toHaveLength(before)
    expect(app.experiments.run(training.id).gate).toBeNull()

    // As an earlier program recorded it: such a verdict leaves with no bundle.
    app.do(commands.models.register, { withoutGate: true, run: training.id, name: 'leaky' })
    app.workbench().context.ledger.run(
      `INSERT INTO gate_result(id, run_id, policy, policy_sha256, outcome, report_sha256, at, pipeline_run)
       SELECT 'earlier', ?, policy, policy_sha256, outcome, report_sha256, at, pipeline_run FROM gate_result WHERE run_id = ? LIMIT 1`,
      training.id,
      test.id
    )
    await expect(app.do(commands.bundles.export, { name: 'leaky', version: 1, person: keyOwner, passphrase })).rejects.toMatchObject({
      code: 'EVIDENCE_MISMATCH',
      message: expect.stringMatching(/^The gates of the run .* were held over rows that the model was trained on/)
    })
    app.workbench().context.ledger.run("DELETE FROM gate_result WHERE id = 'earlier'")
  })

  it('takes the quality report that Data has of the table behind the split, and binds the result to it', async () => {
    const run = named('trial of three')
    const without = await judge('clean', run.id)
    expect(without.report).toMatchObject({ outcome: 'fail', subject: { quality: null } })
    await app.do(commands.quality.run, { ref: 'cases' })
    const { report } = await judge('clean', run.id)
    expect(report.outcome).toBe('pass')
    const { steps } = await app.pipelines.getRun(app.policies.gates(run.id)[0].pipelineRun!)
    const quality = { port: 'quality', sha256: report.subject!.quality, madeBy: null, from: expect.stringMatching(/^quality/) }
    expect(steps[0].inputs).toContainEqual(quality)
    expect(report.subject!.quality).toBe(artifact(app.experiments.run(run.id), 'quality-report'))
    // A later report of the same table is not the one that the gate looked at: the bundle has the page of that one.
    const [judged] = app.quality.list()
    await app.do(commands.quality.run, { ref: 'cases', options: { features: ['x'], target: { column: 'outcome' } } })
    app.do(commands.models.register, { withoutGate: true, run: run.id, name: 'three' })
    const { nodes, edges } = app.models.get('three', 1).lineage
    // What judged the model is in its lineage, and nothing is behind itself.
    const types = nodes.flatMap(({ kind, detail }) => (kind === 'step' ? [detail.split(',')[0]] : []))
    expect([types.filter((type) => type === 'gate').length, types.includes('evaluate'), types.includes('train')]).toEqual([2, true, true])
    expect(nodes.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['evaluation', 'gateresult', 'model', 'policy']))
    let left = nodes.map(({ id }) => id)
    for (let before = -1; before !== left.length;) {
      before = left.length
      left = left.filter((id) => edges.some(({ from, to }) => to === id && left.includes(from)))
    }
    expect(left).toEqual([])
    const { path } = await app.do(commands.bundles.export, { name: 'three', version: 1, person: keyOwner, passphrase })
    const bundle = await openBundle(path)
    expect((await bundle.read('evidence/quality-report.html')).toString('utf8')).toBe((await app.quality.html(judged.id)).html)
    await bundle.close()
  })

  it('leaves a pipeline alone that has its name', async () => {
    const own = pipeline('one').replace('name: one', 'name: gate-over-a-run-2')
    const blocked = pipeline('one').replace('name: one', 'name: gate-over-a-run')
    await app.do(commands.pipelines.save, { yaml: own })
    await app.do(commands.pipelines.save, { yaml: blocked })
    await judge('ranks', named('trial of one').id)
    expect(app.pipelines.runs().runs[0].pipeline).toBe('gate-over-a-run-3')
    for (const [name, text] of [
      ['gate-over-a-run', blocked],
      ['gate-over-a-run-2', own]
    ])
      expect((await app.pipelines.get(name)).yaml).toBe(text)
    const automatic = () => app.pipelines.list().flatMap((each) => (each.automatic ? [each.name] : []))
    expect(automatic()).toEqual(['gate-over-a-run-3'])
    // A person who goes on with it has a pipeline of their own.
    const { yaml } = await app.pipelines.get('gate-over-a-run-3')
    await app.do(commands.pipelines.saveDraft, { name: 'gate-over-a-run-3', yaml: `${yaml}# mine\n` })
    expect(automatic()).toEqual([])
    app.do(commands.pipelines.discardDraft, { name: 'gate-over-a-run-3' })
    expect(automatic()).toEqual(['gate-over-a-run-3'])
  })

  it('needs a run that was evaluated, and a run and a policy that are there', async () => {
    const run = named('trial of one').id
    await expect(judge('ranks', '0'.repeat(32))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(judge('absent', run)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await start(
      pipeline('one')
        .replace(/  - \{ id: evaluate.*\n/, '')
        .replace('seed: 3, name: trial of one', 'seed: 5, name: never judged')
    )
    await expect(judge('ranks', named('never judged').id)).rejects.toMatchObject({ code: 'CONFLICT' })
    const wired = pipeline(
      'one',
      `  - { id: gate, type: gate, inputs: { evaluation: evaluate.evaluation, model: train.model }, parameters: { policy: ranks, run: ${run} } }\n`
    )
    expect((await app.pipelines.validate(wired)).problems).toMatchObject([{ stepId: 'gate', parameter: 'run' }])
    const open = pipeline('one', `  - { id: gate, type: gate, inputs: { model: train.model }, parameters: { policy: ranks } }\n`)
    expect((await app.pipelines.validate(open)).problems).toMatchObject([{ code: 'MISSING_INPUT', port: 'evaluation' }])
  })
})

describe('two runs that made equal bytes', () => {
  it('have each its own lineage and its own code, in the registry and in the bundle', async () => {
    const [one, two] = [named('trial of one'), named('trial of two')]
    expect(artifact(one, 'model')).toBe(artifact(two, 'model'))
    for (const [name, run] of [
      ['one', one],
      ['two', two]
    ] as const) {
      app.do(commands.models.register, { withoutGate: true, run: run.id, name })
      const steps = app.models.get(name, 1).lineage.nodes.flatMap(({ kind, label }) => (kind === 'step' ? [label] : []))
      const judges = ['last', 'evaluate', 'gate']
      expect(steps.filter((step) => !judges.includes(step))).toEqual(['cases', `prepare-${name}`, 'first', 'train'])
      expect(steps).toEqual(expect.arrayContaining(['last', 'evaluate']))
      const { path } = await app.do(commands.bundles.export, { name, version: 1, person: keyOwner, passphrase })
      const bundle = await openBundle(path)
      const { files } = JSON.parse((await bundle.read('lineage/code/index.json')).toString('utf8'))
      expect(files).toMatchObject([{ step: `prepare-${name}`, path: `${name}.js` }])
      expect((await bundle.read(files[0].file)).toString('utf8')).toBe(code(name))
      await bundle.close()
    }
  })
})

describe('a model that two steps of a pipeline evaluate', () => {
  it('has the run of its training with the step that stands first, also where the other one ends before it', async () => {
    const evaluate = (id: string, more: string): string =>
      `  - { id: ${id}, type: evaluate, inputs: { model: train.model, test: ${more} bootstrapSamples: 0, latencyCalls: 1 } }\n`
    const [ground] = direct.replaceAll('three', 'ordered').split('  - { id: evaluate')
    const run =
      await start(`${ground}${evaluate('stands-first', 'typed.table }, parameters: {')}${evaluate('ends-first', 'split.train }, parameters: { split: training,')}
  - id: late
    type: script
    inputs: { rows: split.test, after: ends-first.metrics }
    parameters: { command: [${JSON.stringify(process.execPath)}, one.js], code: [one.js], tables: csv, outputs: { clean: Table } }
  - { id: typed, type: sql, inputs: { t: late.clean }, parameters: { query: "SELECT id::INT AS id, x::DOUBLE AS x, outcome::BOOLEAN AS outcome FROM t" } }
`)
    const finishedAt = (id: string) => run.steps.find(({ stepId }) => stepId === id)!.finishedAt!
    expect(finishedAt('ends-first') < finishedAt('stands-first')).toBe(true)
    const split = async (of: string) => (await app.experiments.evaluation(named(of).id))!.split
    expect(await split('trial of ordered')).toBe('test')
    expect(await split('trial of ordered (evaluated again)')).toBe('training')
  })
})
