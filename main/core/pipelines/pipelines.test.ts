import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPipelineWorkspace, temporaryFolder, type PipelineWorkspace } from './fixtures/pipeline-workspace'
import { findByToken } from '../confined-programs'

const node = process.execPath
let folder: ReturnType<typeof temporaryFolder>
let workspace: PipelineWorkspace

beforeAll(async () => {
  folder = temporaryFolder()
  workspace = await openPipelineWorkspace(folder.path)
  await workspace.addDataset('numbers', "SELECT range AS id, range % 7 AS part, 'row ' || range AS name FROM range(1000)")
})
afterAll(async () => {
  await workspace.close()
  folder.remove()
})

const run = (yaml: string, request = {}) => workspace.run(yaml, request)
const head = (name: string): string => `schema: drydock.pipeline\nversion: 1\nname: ${name}\n`
const script = (id: string, code: string, more = ''): string =>
  `  - id: ${id}\n    type: script\n    parameters:\n      command: [${JSON.stringify(node)}, main.js]\n      outputs: { result: File }\n      files:\n        main.js: ${JSON.stringify(code)}\n${more}`
const flow = (divisor: number): string => `${head('flow')}parameters:
  - name: least
    type: integer
    default: ${divisor}
steps:
  - id: numbers
    type: source
    parameters: { dataset: numbers }
  - id: features
    type: sql
    inputs: { t: numbers.table }
    parameters:
      query: SELECT id, part, id * 2.5 AS feature FROM t WHERE part >= \${{ parameters.least }} ORDER BY id
      output: FeatureSet
  - id: split
    type: split
    inputs: { table: features.table }
    parameters: { test: 0.25, seed: 7 }
  - id: count
    type: sql
    inputs: { train: split.train, test: split.test }
    parameters:
      query: SELECT (SELECT count(*) FROM train) AS train, (SELECT count(*) FROM test) AS test
`

describe('running a pipeline', () => {
  it('runs typed steps in worker processes and keeps their outputs by content', async () => {
    const first = await run(flow(3))
    expect(first.failure).toBeNull()
    expect(first.steps.map((step) => [step.stepId, step.state, step.cached])).toEqual([
      ['numbers', 'succeeded', false],
      ['features', 'succeeded', false],
      ['split', 'succeeded', false],
      ['count', 'succeeded', false]
    ])
    const count = await workspace.pipelines.preview(first.id, 'count', 'table')
    expect(count).toMatchObject({ kind: 'table', rows: [[428, 143]] })
    const report = await workspace.pipelines.preview(first.id, 'split', 'report')
    expect(report).toMatchObject({ kind: 'json', value: { parts: { train: 428, test: 143 }, sharedRows: 0, equalRowsInTrainAndTest: 0 } })
    expect(readdirSync(join(folder.path, 'tmp'))).toEqual([])
    const step = first.steps[1]
    expect(step.attempts[0]).toMatchObject({ number: 1, outcome: 'succeeded', exitCode: 0 })
    expect(step.outputs[0]).toMatchObject({ type: 'FeatureSet', rows: 571 })
    expect((await workspace.pipelines.log(first.id, 'features')).text).toContain('571 rows, 3 columns')
  })

  it('takes unchanged steps from the cache and says which part of the key changed', async () => {
    const same = await run(flow(3))
    expect(same.steps.every((step) => step.cached)).toBe(true)
    const changed = await run(flow(3), { parameters: { least: 5 } })
    expect(changed.steps.map((step) => step.cached)).toEqual([true, false, false, false])
    expect(changed.steps[1].changes.map((change) => change.part)).toEqual(['parameter query'])
    expect(changed.steps[2].reason).toBe('Changed: input table.')
  })

  it('runs a step again when its output file is gone, and when asked to', async () => {
    const before = await run(flow(3))
    const { sha256 } = before.steps[3].outputs[0]
    rmSync(join(folder.path, 'data', `${sha256}.arrow`), { force: true })
    const again = await run(flow(3))
    expect(again.steps.map((step) => step.cached)).toEqual([true, true, true, false])
    expect(again.steps[3].reason).toContain('no longer in the workspace')
    expect(again.steps[3].outputs[0].sha256).toBe(sha256)
    const forced = await run(flow(3), { force: true, targetStep: 'features' })
    expect(forced.steps.map((step) => [step.stepId, step.cached])).toEqual([
      ['numbers', false],
      ['features', false]
    ])
    expect(forced.steps[1].outputs[0].sha256).toBe(before.steps[1].outputs[0].sha256)
  })

  it('walks the lineage of an output back to the dataset', async () => {
    const { steps } = await run(flow(3))
    const nodes = workspace.pipelines.lineage(steps[3].outputs[0].sha256)
    expect(nodes.map((item) => item.stepId)).toEqual(['count', 'split', 'features', 'numbers'])
    expect(nodes[3].inputs).toEqual([{ port: 'dataset', reference: `dataset:numbers@sha256:${workspace.datasets.get('numbers')!.sha256}` }])
    expect(nodes[1].environment?.runtime.node).toBe(process.versions.node)
  })

  it('refuses a broken pipeline and keeps nothing of it', async () => {
    const before = workspace.pipelines.list().length
    await expect(
      run(
        `${head('loop')}steps:\n  - id: a\n    type: sql\n    inputs: { t: b.table }\n    parameters: { query: SELECT 1 }\n  - id: b\n    type: sql\n    inputs: { t: a.table }\n    parameters: { query: SELECT 1 }\n`
      )
    ).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('wait for each other')
    })
    await expect(run(flow(3), { parameters: { nonsense: 1 } })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    expect(workspace.pipelines.list().length).toBe(before)
  })

  it('reports a failing query with its cause, skips what needs it, finishes the rest', async () => {
    const result = await run(`${head('broken')}steps:
  - id: numbers
    type: source
    parameters: { dataset: numbers }
  - id: bad
    type: sql
    inputs: { t: numbers.table }
    parameters: { query: SELECT nonsense FROM t }
  - id: after
    type: sql
    inputs: { t: bad.table }
    parameters: { query: SELECT * FROM t }
  - id: good
    type: sql
    inputs: { t: numbers.table }
    parameters: { query: SELECT count(*) AS n FROM t }
`)
    expect(result.state).toBe('failed')
    expect(Object.fromEntries(result.steps.map((step) => [step.stepId, step.state]))).toEqual({
      numbers: 'succeeded',
      bad: 'failed',
      after: 'skipped',
      good: 'succeeded'
    })
    expect(result.steps[1].failure?.message).toContain('nonsense')
    expect(workspace.jobs.get(result.id)).toMatchObject({ state: 'failed', kind: 'pipeline-run' })
  })
})

describe('scripts', () => {
  it('hands files, seed and declared variables over and takes files, metrics and progress back', async () => {
    process.env.DRYDOCK_TEST_DECLARED = 'seen'
    process.env.DRYDOCK_TEST_HIDDEN = 'hidden'
    const code = `const fs = require('fs')
const rows = fs.readFileSync(process.env.DRYDOCK_INPUT_ROWS, 'utf8').trim().split(/\\r?\\n/)
for (let i = 0; i < 3; i++) fs.appendFileSync(process.env.DRYDOCK_METRICS, JSON.stringify({ name: 'loss', value: 1 / (i + 1), step: i }) + '\\n')
fs.appendFileSync(process.env.DRYDOCK_METRICS, 'not json\\n')
fs.appendFileSync(process.env.DRYDOCK_PROGRESS, JSON.stringify({ fraction: 0.5, message: 'half' }) + '\\n')
console.log('hello from the script')
fs.writeFileSync(process.env.DRYDOCK_OUTPUT_FACTS, JSON.stringify({ header: rows[0], rows: rows.length - 1, seed: process.env.DRYDOCK_SEED, declared: process.env.DRYDOCK_TEST_DECLARED ?? null, hidden: process.env.DRYDOCK_TEST_HIDDEN ?? null }))
fs.writeFileSync(process.env.DRYDOCK_OUTPUT_TABLE, 'a,b\\n1,x\\n2,y\\n')`
    const result = await run(`${head('scripted')}steps:
  - id: numbers
    type: source
    parameters: { dataset: numbers }
  - id: work
    type: script
    inputs: { rows: numbers.table }
    parameters:
      command: [${JSON.stringify(node)}, main.js]
      files: { main.js: ${JSON.stringify(code)} }
      outputs: { facts: Report, table: Table }
      tables: csv
      seed: 11
      environment: [DRYDOCK_TEST_DECLARED]
`)
    expect(result.steps[1].failure).toBeNull()
    expect(await workspace.pipelines.preview(result.id, 'work', 'facts')).toMatchObject({
      kind: 'json',
      value: { header: 'id,part,name', rows: 1000, seed: '11', declared: 'seen', hidden: null }
    })
    expect(await workspace.pipelines.preview(result.id, 'work', 'table')).toMatchObject({
      rows: [
        [1, 'x'],
        [2, 'y']
      ],
      total: 2
    })
    expect(workspace.pipelines.metrics(result.id, 'work').map((point) => point.value)).toEqual([1, 0.5, 1 / 3])
    expect((await workspace.pipelines.log(result.id, 'work')).text).toContain('hello from the script')
  })

  it('freezes code when the run starts and notices a change the next time', async () => {
    writeFileSync(join(folder.path, 'code', 'job.js'), "require('fs').writeFileSync(process.env.DRYDOCK_OUTPUT_RESULT, 'one')")
    const yaml = `${head('coded')}steps:\n  - id: work\n    type: script\n    parameters:\n      command: [${JSON.stringify(node)}, job.js]\n      code: [job.js]\n      outputs: { result: File }\n`
    const first = await run(yaml)
    writeFileSync(join(folder.path, 'code', 'job.js'), "require('fs').writeFileSync(process.env.DRYDOCK_OUTPUT_RESULT, 'two')")
    const second = await run(yaml)
    expect(second.steps[0].changes.map((change) => change.part)).toEqual(['fixed code'])
    expect(second.steps[0].outputs[0].sha256).not.toBe(first.steps[0].outputs[0].sha256)
    await expect(run(yaml.replace('code: [job.js]', 'code: [../ledger.sqlite]'))).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })

  it('takes a model back as a folder of files and hands it on as one', async () => {
    const make =
      "const fs=require('fs'),d=process.env.DRYDOCK_OUTPUT_MODEL;fs.writeFileSync(d+'/model.onnx','graph');fs.writeFileSync(d+'/signature.json','{}')"
    const read =
      "const fs=require('fs');fs.writeFileSync(process.env.DRYDOCK_OUTPUT_RESULT,fs.readdirSync(process.env.DRYDOCK_INPUT_MODEL_DIR).sort().join()+fs.readFileSync(process.env.DRYDOCK_INPUT_MODEL_DIR+'/model.onnx'))"
    const result = await run(
      `${head('models')}steps:\n${script('make', make).replace('result: File', 'model: Model')}${script('read', read, '    inputs: { model: make.model }\n')}`
    )
    expect(result.failure).toBeNull()
    expect(await workspace.pipelines.preview(result.id, 'read', 'result')).toMatchObject({
      kind: 'text',
      text: 'model.onnx,signature.jsongraph'
    })
  })

  it('says why a script failed, repeats it as often as allowed, and keeps no output', async () => {
    const code =
      "const fs=require('fs');fs.writeFileSync(process.env.DRYDOCK_OUTPUT_RESULT,'half');console.error('out of cheese');process.exit(3)"
    const result = await run(`${head('failing')}steps:\n${script('work', code, '    retries: 1\n')}`)
    expect(result.steps[0].attempts.map((attempt) => attempt.outcome)).toEqual(['failed', 'failed'])
    expect(result.steps[0].failure?.message).toMatch(/exit code 3.*out of cheese/)
    expect(result.steps[0].outputs).toEqual([])
    const missing = await run(
      `${head('missing')}steps:\n  - id: work\n    type: script\n    parameters: { command: [no-such-program-here], outputs: { result: File } }\n`
    )
    expect(missing.steps[0].failure?.message).toContain('not on this computer')
  })

  it('cancels a run without waiting for it, with every process of a hostile tree', async () => {
    const code = `const { spawn } = require('child_process')
process.on('SIGTERM', () => {})
spawn(process.execPath, ['-e', "setInterval(()=>{},1000)"], { detached: true, stdio: 'ignore' }).unref()
spawn('/bin/sh', ['-c', 'setsid sleep 600 & setsid sh -c "sleep 600 & sleep 600" & wait'], { detached: true, stdio: 'ignore' })
require('fs').appendFileSync(process.env.DRYDOCK_PROGRESS, JSON.stringify({ fraction: 0.1, message: 'started' }) + '\\n')
setInterval(() => {}, 1000)`
    const { runId } = await workspace.pipelines.run({ yaml: `${head('hostile')}steps:\n${script('work', code)}` })
    for await (const event of workspace.pipelines.watchRun(runId, new AbortController().signal))
      if (event.kind === 'progress' && event.progress.message === 'started') break
    const token = workspace.context.ledger.get<{ token: string }>('SELECT token FROM attempt WHERE run_id = ?', runId)!.token
    if (existsSync('/proc/self/environ'))
      await expect.poll(async () => (await findByToken(new Set([token]))).length, { timeout: 60_000 }).toBeGreaterThan(4)
    // Counted in ticks of this process, which stand still while a busy machine runs something else.
    let ticks = 0
    const ticking = setInterval(() => ticks++, 10)
    await workspace.jobs.cancel(runId)
    clearInterval(ticking)
    expect(ticks).toBeLessThan(200)
    expect(await findByToken(new Set([token]))).toEqual([])
    const result = await workspace.pipelines.getRun(runId)
    expect([result.state, result.steps[0].state, result.steps[0].attempts[0].outcome]).toEqual(['cancelled', 'cancelled', 'cancelled'])
    expect(readdirSync(join(folder.path, 'tmp'))).toEqual([])
  })

  it.skipIf(!existsSync('/proc/self/stat'))('stops a tree that takes more memory than allowed, though no single process does', async () => {
    const child = 'const b=[];for(let i=0;i<15;i++)b.push(Buffer.alloc(10*2**20,1));setTimeout(()=>{},60000)'
    const code = `const { spawn } = require('child_process');for (let i = 0; i < 3; i++) spawn(process.execPath, ['-e', ${JSON.stringify(child)}]);setTimeout(()=>{},60000)`
    const result = await run(`${head('hungry')}steps:\n${script('work', code, '    memory: 600\n')}`)
    expect(result.steps[0].attempts[0].outcome).toBe('out-of-memory')
    expect(result.steps[0].failure).toMatchObject({ code: 'OUT_OF_MEMORY' })
    expect(result.steps[0].attempts[0].peakMemory).toBeGreaterThan(600 * 2 ** 20)
  })

  it('stops a step at its time limit', async () => {
    const result = await run(`${head('slow')}steps:\n${script('work', 'setTimeout(()=>{},60000)', '    timeout: 1.5\n')}`)
    expect(result.steps[0].failure).toMatchObject({ code: 'JOB_TIMEOUT' })
    expect(result.steps[0].attempts[0].outcome).toBe('timed-out')
  })
})

describe('documents in the workspace', () => {
  it('keeps every version and drafts, also broken ones, and restores from the trash', async () => {
    const { pipelines } = workspace
    const one = await pipelines.save(flow(3).replace('name: flow', 'name: kept'))
    await pipelines.saveDraft('kept', 'this: [is broken')
    const draft = await pipelines.get('kept')
    expect([draft.source, draft.yaml, draft.check.document]).toEqual(['draft', 'this: [is broken', null])
    expect(draft.check.problems[0]).toMatchObject({ code: 'SYNTAX', line: 1 })
    const two = await pipelines.save(flow(4).replace('name: flow', 'name: kept'))
    expect(two.history.map((version) => version.sha256)).toEqual([two.version, one.version])
    expect((await pipelines.get('kept', one.version!)).yaml).toBe(one.yaml)
    pipelines.remove('kept')
    expect(pipelines.list().some((item) => item.name === 'kept')).toBe(false)
    pipelines.restore('kept')
    expect(pipelines.list().some((item) => item.name === 'kept')).toBe(true)
    await expect(pipelines.save('nonsense')).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    expect(readFileSync(join(folder.path, 'objects', one.version!.slice(0, 2), one.version!.slice(2)), 'utf8')).toBe(one.yaml)
  })

  it('describes its step types with a JSON Schema for the form', () => {
    const types = workspace.pipelines.stepTypes()
    const split = types.find((type) => type.type === 'split')!
    expect(split.parametersSchema).toMatchObject({ type: 'object', properties: { seed: { type: 'integer', default: 42 } } })
    expect(split.outputs.map((port) => port.name)).toEqual(['train', 'test', 'report', 'quality'])
    for (const type of types) expect(JSON.parse(JSON.stringify(type))).toEqual(type)
  })
})
