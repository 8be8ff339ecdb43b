import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PipelineRun } from '../../model/pipeline-run'
import type { PipelineRunId } from '../../model/reference'
import { pipelineOf, scriptStep } from './fixtures/pipeline-texts'
import {
  openPipelineWorkspace,
  temporaryFolder,
  type PipelineWorkspace,
  type PipelineWorkspaceOptions
} from './fixtures/pipeline-workspace'
import { findByToken } from '../confined-programs'

let folder: ReturnType<typeof temporaryFolder>
let workspace: PipelineWorkspace
const reopen = async (options: PipelineWorkspaceOptions = {}): Promise<void> => {
  workspace = await openPipelineWorkspace(folder.path, options)
}
beforeEach(async () => {
  folder = temporaryFolder()
  await reopen()
})
afterEach(async () => {
  await workspace.close()
  folder.remove()
})

const script = (id: string, code: string, more = '', parameters = ''): string => scriptStep(id, code, { more, parameters })
const start = async (yaml: string): Promise<PipelineRunId> => (await workspace.pipelines.run({ yaml })).runId
const run = (yaml: string): Promise<PipelineRun> => workspace.run(yaml)
const stepState = async (runId: PipelineRunId, stepId: string, states: readonly string[]): Promise<void> => {
  const state = async () => (await workspace.pipelines.getRun(runId)).steps.find((step) => step.stepId === stepId)!.state
  await expect.poll(async () => states.includes(await state()), { timeout: 60_000, interval: 20 }).toBe(true)
}
const tokens = (): Set<string> =>
  new Set(workspace.context.ledger.all<{ token: string }>('SELECT token FROM attempt').map((row) => row.token))
const write = `fs.writeFileSync(out, 'done')`

describe('cancel', () => {
  const forever = `setInterval(() => {}, 1000)`
  it('ends a run in every phase of it, and the next run goes through', { timeout: 180_000 }, async () => {
    const phases: [string, string, (runId: PipelineRunId) => Promise<void>][] = [
      ['started', pipelineOf('p', script('work', forever)), async () => {}],
      ['running', pipelineOf('p', script('work', forever)), (runId) => stepState(runId, 'work', ['running'])],
      // Two slots, three steps: the third waits for one of them.
      ['waiting', pipelineOf('p', ...['a', 'b', 'work'].map((id) => script(id, forever))), (runId) => stepState(runId, 'work', ['queued'])],
      [
        'between attempts',
        pipelineOf('p', script('work', 'process.exit(1)', '    retries: 10\n')),
        async (runId) => {
          const attempts = async () => (await workspace.pipelines.getRun(runId)).steps[0].attempts
          await expect
            .poll(async () => (await attempts()).some((item) => item.outcome === 'failed'), { timeout: 60_000, interval: 5 })
            .toBe(true)
        }
      ]
    ]
    for (const [phase, yaml, reached] of phases) {
      const runId = await start(yaml)
      await reached(runId)
      await workspace.pipelines.cancel(runId)
      const result = await workspace.pipelines.getRun(runId)
      expect(result.state, phase).toBe('cancelled')
      expect(new Set(result.steps.map((step) => step.state)), phase).toEqual(new Set(['cancelled']))
      expect(workspace.jobs.get(runId).state, phase).toBe('cancelled')
      expect(await findByToken(tokens()), phase).toEqual([])
      expect(readdirSync(join(folder.path, 'tmp')), phase).toEqual([])
    }
    const after = await run(pipelineOf('p', script('work', write)))
    expect(after.state).toBe('succeeded')
    // A second cancel of something finished changes nothing.
    await workspace.pipelines.cancel(after.id)
    expect((await workspace.pipelines.getRun(after.id)).state).toBe('succeeded')
  })
})

describe('two runs at once', () => {
  it('keep the result that was committed first, also of a step that is not deterministic', { timeout: 120_000 }, async () => {
    const yaml = pipelineOf('dice', script('roll', `fs.writeFileSync(out, String(Math.random())); setTimeout(() => {}, 300)`))
    const results = await Promise.all([run(yaml), run(yaml)])
    expect(results.map((result) => result.state)).toEqual(['succeeded', 'succeeded'])
    expect(results[0].id).not.toBe(results[1].id)
    expect(results[0].steps[0].outputs[0].sha256).toBe(results[1].steps[0].outputs[0].sha256)
    const third = await run(yaml)
    expect([third.steps[0].cached, third.steps[0].outputs[0].sha256]).toEqual([true, results[0].steps[0].outputs[0].sha256])
  })
})

describe('the content key', () => {
  it('holds declared variables, the program file, seed and libraries; a change is named', { timeout: 180_000 }, async () => {
    const program = join(folder.path, 'bin', 'tool')
    mkdirSync(dirname(program))
    const install = (text: string): void => {
      writeFileSync(program, `#!/bin/sh\nprintf '${text}%s' "$DRYDOCK_TEST_MODE" > "$DRYDOCK_OUTPUT_RESULT"\n`)
      chmodSync(program, 0o755)
    }
    const yaml = (seed: number): string =>
      `schema: drydock.pipeline\nversion: 1\nname: tool\nsteps:\n  - id: work\n    type: script\n    parameters: { command: [${JSON.stringify(program)}], outputs: { result: File }, environment: [DRYDOCK_TEST_MODE], seed: ${seed} }\n`
    const changes = (result: PipelineRun): string[] => result.steps[0].changes.map((change) => change.part)
    try {
      install('one')
      process.env.DRYDOCK_TEST_MODE = 'fast'
      const first = await run(yaml(1))
      expect(first.failure).toBeNull()
      expect(workspace.pipelines.lineage(first.steps[0].outputs[0].sha256)[0].inputs).toEqual([
        { port: 'program', reference: expect.stringMatching(/^program:tool@sha256:[0-9a-f]{64}$/) }
      ])
      const parts = workspace.context.ledger.get<{ key_parts: string }>('SELECT key_parts FROM step_run')!.key_parts
      expect(Object.keys(JSON.parse(parts) as object)).toEqual(
        expect.arrayContaining([
          'step type',
          'step version',
          'environment',
          'variable DRYDOCK_TEST_MODE',
          'fixed program',
          'fixed code',
          'parameter seed'
        ])
      )
      expect(parts).not.toContain('fast')
      expect((await run(yaml(1))).steps[0].cached).toBe(true)
      process.env.DRYDOCK_TEST_MODE = 'slow'
      const second = await run(yaml(1))
      expect(changes(second)).toEqual(['variable DRYDOCK_TEST_MODE'])
      expect(readFileSync(workspace.context.objects.pathOf(second.steps[0].outputs[0].sha256), 'utf8')).toBe('oneslow')
      install('two')
      expect(changes(await run(yaml(1)))).toEqual(['fixed environment', 'fixed program'])
      expect(changes(await run(yaml(2)))).toEqual(['parameter seed'])
    } finally {
      delete process.env.DRYDOCK_TEST_MODE
    }
  })
})

describe('the passphrase of the keys', () => {
  it('is never handed to a worker', { timeout: 120_000 }, async () => {
    process.env.DRYDOCK_PASSPHRASE = 'correct horse'
    try {
      // The script looks into the environment of the worker that started it.
      const result = await run(
        pipelineOf(
          'spy',
          script(
            'work',
            `fs.writeFileSync(out, fs.existsSync('/proc/self/environ') ? fs.readFileSync('/proc/' + process.ppid + '/environ') : '')`
          )
        )
      )
      expect(result.failure).toBeNull()
      const seen = readFileSync(workspace.context.objects.pathOf(result.steps[0].outputs[0].sha256), 'latin1')
      expect(seen).not.toContain('correct horse')
    } finally {
      delete process.env.DRYDOCK_PASSPHRASE
    }
  })
})

describe('closing and opening again', () => {
  it('goes on with the run, says of no step that it failed, and still counts the attempts that did', { timeout: 180_000 }, async () => {
    await workspace.close()
    // It counts its attempts in a file outside of its folder.
    await reopen({ confine: false })
    const count = JSON.stringify(join(folder.path, 'count'))
    const yaml = pipelineOf(
      'resumed',
      script(
        'work',
        `fs.appendFileSync(${count}, 'x'); if (fs.readFileSync(${count}, 'utf8').length === 2) setInterval(() => {}, 1000); else process.exit(1)`,
        '    retries: 1\n'
      )
    )
    const runId = await start(yaml)
    await expect
      .poll(() => existsSync(join(folder.path, 'count')) && readFileSync(join(folder.path, 'count'), 'utf8'), { timeout: 60_000 })
      .toBe('xx')
    await workspace.close()
    await reopen({ confine: false })
    expect((await workspace.pipelines.recover()).runsResumed).toEqual([runId])
    const result = await workspace.pipelines.finished(runId)
    // One failure before and one after: the retry is used up. The attempt that was stopped in between does not count.
    expect(result.steps[0].attempts.map((item) => item.outcome)).toEqual(['failed', 'cancelled', 'failed'])
    expect(result.state).toBe('failed')
  })

  it('tells nobody that a training failed when only the program was closed', { timeout: 180_000 }, async () => {
    await workspace.close()
    await reopen()
    await workspace.addDataset('cases', 'SELECT i AS x, i % 2 = 0 AS y FROM (SELECT range AS i FROM range(20000))', {
      roles: { y: 'target' }
    })
    const runId = await start(
      `schema: drydock.pipeline\nversion: 1\nname: long\nsteps:\n  - id: cases\n    type: source\n    parameters: { dataset: cases }\n  - id: model\n    type: train\n    inputs: { train: cases.table }\n    parameters: { target: y, algorithm: gradient-boosting, parameters: { trees: 500 } }\n`
    )
    await stepState(runId, 'model', ['running', 'failed'])
    await workspace.close()
    await reopen()
    expect(workspace.experiments.runs({}).total).toBe(0)
    expect((await workspace.pipelines.recover('mark')).runsResumed).toEqual([])
    expect((await workspace.pipelines.getRun(runId)).state).toBe('interrupted')
    expect(workspace.jobs.get(runId).state).toBe('interrupted')
  })

  it('never sweeps a folder that tmp only points to', async () => {
    const precious = temporaryFolder()
    writeFileSync(join(precious.path, 'thesis.txt'), 'years of work')
    rmSync(join(folder.path, 'tmp'), { recursive: true })
    symlinkSync(precious.path, join(folder.path, 'tmp'))
    await workspace.pipelines.recover()
    expect(readFileSync(join(precious.path, 'thesis.txt'), 'utf8')).toBe('years of work')
    expect(readdirSync(join(folder.path, 'tmp'))).toEqual([])
    precious.remove()
  })
})

describe('a clock that goes back', () => {
  it('gives no negative duration and stops no run', { timeout: 120_000 }, async () => {
    await workspace.close()
    let at = Date.now()
    await reopen({ clock: () => new Date((at -= 60_000)) })
    const result = await run(pipelineOf('back', script('work', write)))
    expect(result.state).toBe('succeeded')
    expect(result.steps[0].duration).toBe(0)
    const again = await run(pipelineOf('back', script('work', write)))
    expect(again.steps[0].cached).toBe(true)
  })
})
