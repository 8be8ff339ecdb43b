import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PipelineRun } from '../../model/pipeline-run'
import { pipelineOf, scriptStep } from './fixtures/pipeline-texts'
import { openPipelineWorkspace, temporaryFolder, type PipelineWorkspace } from './fixtures/pipeline-workspace'

let folder: ReturnType<typeof temporaryFolder>
let workspace: PipelineWorkspace
beforeAll(async () => {
  folder = temporaryFolder()
  workspace = await openPipelineWorkspace(folder.path)
})
afterAll(async () => {
  await workspace.close()
  folder.remove()
})

const run = (yaml: string, request = {}): Promise<PipelineRun> => workspace.run(yaml, request)
const step = (result: PipelineRun, id: string) => result.steps.find((item) => item.stepId === id)!
const pathOf = (result: PipelineRun, id: string): string => workspace.context.objects.pathOf(step(result, id).outputs[0].sha256)
const textOf = (result: PipelineRun, id: string): string => readFileSync(pathOf(result, id), 'utf8')
const overwrite = (path: string, text: string): void => {
  chmodSync(path, 0o644)
  writeFileSync(path, text)
}

describe('a stored output that was changed', () => {
  const chain = pipelineOf(
    'chain2',
    `  - id: a
    type: script
    parameters:
      command: [sh, -c, 'echo hello > $DRYDOCK_OUTPUT_O']
      outputs: {o: File}
  - id: b
    type: script
    inputs: {i: a.o}
    parameters:
      command: [sh, -c, 'cat $DRYDOCK_INPUT_I > $DRYDOCK_OUTPUT_O; echo more >> $DRYDOCK_OUTPUT_O']
      outputs: {o: File}
`
  )
  it('is a miss, is made again and put in its place, and nothing behind it sees the wrong bytes', async () => {
    const first = await run(chain)
    expect(first.failure).toBeNull()
    overwrite(pathOf(first, 'a'), 'HELLO\n')
    const again = await run(chain)
    expect(again.steps.map(({ stepId, state, cached }) => [stepId, state, cached])).toEqual([
      ['a', 'succeeded', false],
      ['b', 'succeeded', true]
    ])
    expect(step(again, 'a').reason).toContain('changed on the disk')
    expect(step(again, 'a').outputs).toEqual(step(first, 'a').outputs)
    expect([textOf(again, 'a'), textOf(again, 'b')]).toEqual(['hello\n', 'hello\nmore\n'])
    expect((await run(chain)).cachedSteps).toBe(2)
  })

  it('is not kept as the first result of a step that makes other bytes each time', async () => {
    const dice = pipelineOf('dice', scriptStep('roll', 'fs.writeFileSync(out, String(Math.random()))'))
    const first = await run(dice)
    overwrite(pathOf(first, 'roll'), '7')
    const again = await run(dice)
    expect(step(again, 'roll').outputs[0].sha256).not.toBe(step(first, 'roll').outputs[0].sha256)
    expect(textOf(again, 'roll')).toMatch(/^0\.\d+/)
    expect(pathOf(await run(dice), 'roll')).toBe(pathOf(again, 'roll'))
  })

  it('that no step can make again, a version of a dataset, ends the run before anything reads it', async () => {
    const sha256 = await workspace.addDataset('numbers', 'SELECT 1 AS id')
    const yaml = pipelineOf('read', '  - id: numbers\n    type: source\n    parameters: { dataset: numbers }\n')
    expect((await run(yaml)).state).toBe('succeeded')
    overwrite(join(folder.path, 'data', `${sha256}.arrow`), 'nonsense')
    expect((await run(yaml)).failure).toMatchObject({ code: 'DIGEST_MISMATCH' })
  })
})

describe('the same work at the same time', () => {
  const work = 'fs.writeFileSync(out, String(Math.random())); setTimeout(() => {}, 300)'
  const attempts = (...results: PipelineRun[]): number => results.flatMap(({ steps }) => steps.flatMap((item) => item.attempts)).length

  it('is done once, in one run and across two', async () => {
    const twins = pipelineOf('twins', scriptStep('one', work), scriptStep('two', work))
    const results = await Promise.all([run(twins), run(twins)])
    expect(results.map(({ state }) => state)).toEqual(['succeeded', 'succeeded'])
    expect(attempts(...results)).toBe(1)
    const outputs = results.flatMap(({ steps }) => steps.map(({ outputs: [made] }) => made.sha256))
    expect([outputs.length, new Set(outputs).size]).toEqual([4, 1])
    const [reason] = results.flatMap(({ steps }) => steps.filter(({ cached }) => cached).map((item) => item.reason))
    expect(reason).toContain('The same work was done at the same time')
  })

  it('is taken up by one of those who wait when it is cancelled, and not waited for by a run that is to do everything itself', async () => {
    const twins = pipelineOf('taken-up', scriptStep('one', `${work} // taken up`))
    const first = (await workspace.pipelines.run({ yaml: twins })).runId
    const second = (await workspace.pipelines.run({ yaml: twins })).runId
    await expect
      .poll(async () => (await workspace.pipelines.getRun(second)).steps[0].waitingFor, { timeout: 60_000, interval: 5 })
      .toContain('Waiting for the same work, which "one" of another run of "taken-up" does now')
    await workspace.pipelines.cancel(first)
    expect(await workspace.pipelines.finished(second)).toMatchObject({ state: 'succeeded', cachedSteps: 0 })
    const forced = await Promise.all([run(twins, { force: true }), run(twins, { force: true })])
    expect(attempts(...forced)).toBe(2)
  })
})

describe('memory that steps ask for', () => {
  const gibibytes = 2 ** 30
  const asking = (id: string, memory: number): string =>
    scriptStep(id, `fs.writeFileSync(out, '${id}'); setTimeout(() => {}, 200)`, { more: `    memory: ${memory}\n` })
  const spans = (result: PipelineRun): { from: string; to: string }[] =>
    result.steps.map(({ attempts: [only] }) => ({ from: only.startedAt, to: only.finishedAt! })).sort((a, b) => (a.from < b.from ? -1 : 1))

  it('is promised to one after the other when it is not there for both, and the reason is shown', async () => {
    const other = temporaryFolder()
    const small = await openPipelineWorkspace(other.path, { memory: 23 * gibibytes })
    const { runId } = await small.pipelines.run({
      yaml: pipelineOf('mem2', asking('m0', 20_000), asking('m1', 20_000), asking('m2', 1000))
    })
    const reasons = new Set<string>()
    for await (const event of small.pipelines.watchRun(runId, new AbortController().signal))
      if (event.kind === 'step' && event.step.stepId === 'm1' && event.step.waitingFor) reasons.add(event.step.waitingFor)
    const result = await small.pipelines.getRun(runId)
    expect(result.state).toBe('succeeded')
    const [m0, m1] = spans({ ...result, steps: result.steps.slice(0, 2) })
    expect(m1.from >= m0.to).toBe(true)
    expect([...reasons]).toContain('Waiting for memory: needs 20000 MiB, 3552 MiB of 23552 MiB are free')
    // What is still free is there for a smaller one meanwhile.
    expect(step(result, 'm2').attempts[0].startedAt < m1.from).toBe(true)
    await small.close()
    other.remove()
  })

  it('may be more than there is: then nothing that asks runs beside it, and it is told so', async () => {
    const other = temporaryFolder()
    const small = await openPipelineWorkspace(other.path, { memory: gibibytes })
    const result = await small.run(pipelineOf('huge', asking('huge', 5000), asking('small', 900)))
    expect(result.state).toBe('succeeded')
    const [first, second] = spans(result)
    expect(second.from >= first.to).toBe(true)
    expect(step(result, 'huge').reason).toContain('asks for 5000 MiB of memory, more than the 1024 MiB of this machine')
    expect(step(result, 'small').reason).not.toContain('memory')
    await small.close()
    other.remove()
  })
})
