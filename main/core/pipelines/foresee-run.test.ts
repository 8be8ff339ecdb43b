import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PipelineRun } from '../../model/pipeline-run'
import type { PipelineRunId } from '../../model/reference'
import { pipelineOf } from './fixtures/pipeline-texts'
import { openPipelineWorkspace, temporaryFolder, type PipelineWorkspace } from './fixtures/pipeline-workspace'

let folder: ReturnType<typeof temporaryFolder>
let workspace: PipelineWorkspace
let first: PipelineRun
beforeAll(async () => {
  folder = temporaryFolder()
  workspace = await openPipelineWorkspace(folder.path)
  first = await workspace.run(text())
})
afterAll(async () => {
  await workspace.close()
  folder.remove()
})

/** dice -> middle -> end, and beside on dice; the dice are thrown anew at every run, and there are other words for the middle. */
const text = ({ word = 'one', cache = 'auto' } = {}): string => {
  const step = (id: string, from: string, command: string, more = ''): string =>
    `  - id: ${id}\n    type: script\n${from && `    inputs: { i: ${from}.o }\n`}${more}    parameters:\n      command: [sh, -c, '${command}']\n      outputs: { o: File }\n`
  return pipelineOf(
    'graph',
    [
      // After what needs it, as a document may have them.
      step('end', 'middle', 'cat $DRYDOCK_INPUT_I > $DRYDOCK_OUTPUT_O'),
      step('dice', '', 'head -c 8 /dev/urandom | od -An -tx1 > $DRYDOCK_OUTPUT_O', `    cache: ${cache}\n`),
      step('middle', 'dice', `cat $DRYDOCK_INPUT_I > $DRYDOCK_OUTPUT_O; echo ${word} >> $DRYDOCK_OUTPUT_O`),
      step('beside', 'dice', 'cat $DRYDOCK_INPUT_I > $DRYDOCK_OUTPUT_O')
    ].join('')
  )
}
const foreseen = async (yaml: string, request = {}) =>
  (await workspace.pipelines.foresee({ yaml }, request)).steps.map(({ stepId, action }) => [stepId, action])
const ended = ({ steps }: PipelineRun) => Object.fromEntries(steps.map(({ stepId, cached }) => [stepId, cached ? 'taken' : 'made']))
const outputOf = ({ steps }: PipelineRun, id: string): string => steps.find(({ stepId }) => stepId === id)!.outputs[0]!.sha256

/** Everything that a look must leave as it is. */
const everything = (): unknown => {
  const { ledger, directory } = workspace.context
  const tables = ledger.all<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")
  return [
    tables.map(({ name }) => [name, ledger.get(`SELECT count(*) AS n FROM "${name}"`)]),
    (readdirSync(directory, { recursive: true }) as string[]).filter((name) => !name.startsWith('ledger')).sort()
  ]
}

describe('what a run would do', () => {
  it('is what it then does, and to ask for it changes nothing', async () => {
    expect(first.state).toBe('succeeded')
    const before = everything()
    expect(await foreseen(text())).toEqual([
      ['end', 'cache'],
      ['dice', 'cache'],
      ['middle', 'cache'],
      ['beside', 'cache']
    ])
    expect(await foreseen(text({ word: 'two' }))).toEqual([
      ['end', 'depends'],
      ['dice', 'cache'],
      ['middle', 'run'],
      ['beside', 'cache']
    ])
    const { steps, pipeline, parameters } = await workspace.pipelines.foresee({ yaml: text({ word: 'two' }) }, { targetStep: 'middle' })
    expect([pipeline, parameters, steps.map(({ stepId }) => stepId)]).toEqual(['graph', {}, ['dice', 'middle']])
    expect(steps[1]).toMatchObject({ action: 'run', reason: 'Changed: parameter command.', changes: [{ part: 'parameter command' }] })
    expect((await foreseen(text(), { force: true })).map(([, action]) => action)).toEqual(['run', 'run', 'run', 'run'])
    await expect(workspace.pipelines.foresee({ yaml: 'schema: [' }, {})).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    expect(everything()).toEqual(before)
    expect(ended(await workspace.run(text({ word: 'two' })))).toEqual({ end: 'made', dice: 'taken', middle: 'made', beside: 'taken' })
  })
})

describe('a run that begins at a step', () => {
  it('makes it and what depends on it anew, and takes the others over', async () => {
    expect(await foreseen(text(), { from: 'middle' })).toEqual([
      ['end', 'run'],
      ['dice', 'cache'],
      ['middle', 'run'],
      ['beside', 'cache']
    ])
    const again = await workspace.run(text(), { from: 'middle' })
    expect([again.state, ended(again)]).toEqual(['succeeded', { end: 'made', dice: 'taken', middle: 'made', beside: 'taken' }])
    expect(outputOf(again, 'dice')).toBe(outputOf(first, 'dice'))
    const middle = again.steps.find(({ stepId }) => stepId === 'middle')!
    expect(middle.inputs).toMatchObject([{ port: 'i', from: 'dice.o', sha256: outputOf(first, 'dice') }])
  })

  it('is refused where a step before it cannot be taken over, with the reason, and leaves nothing', async () => {
    const [versions, runs] = [workspace.pipelines.list(), workspace.pipelines.runs().total]
    const never = text({ cache: 'never' })
    await expect(workspace.run(never, { from: 'middle' })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(/cannot begin at "middle": it needs what "dice" makes.*Runs every time.*--reuse/)
    })
    await expect(workspace.run(text({ word: 'three' }), { from: 'end' })).rejects.toMatchObject({
      message: expect.stringContaining('Changed: parameter command.')
    })
    await expect(workspace.run(text(), { from: 'nowhere' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(workspace.run(text(), { reuse: first.id })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    expect([workspace.pipelines.list(), workspace.pipelines.runs().total]).toEqual([versions, runs])
  })

  it('takes over what a named run made of the same work, also where the cache would not, and no other work', async () => {
    const never = text({ cache: 'never' })
    const [one, other] = [await workspace.run(never), await workspace.run(never)]
    expect(outputOf(one, 'dice')).not.toBe(outputOf(other, 'dice'))
    const again = await workspace.run(never, { from: 'middle', reuse: one.id })
    expect(ended(again)).toMatchObject({ dice: 'taken', middle: 'made', end: 'made' })
    expect([outputOf(again, 'dice'), outputOf(again, 'end')]).toEqual([outputOf(one, 'dice'), outputOf(one, 'end')])
    expect(again.steps.find(({ stepId }) => stepId === 'dice')!.reason).toContain(`the run ${one.id.slice(0, 8)} were taken, as asked`)
    await expect(
      workspace.run(text({ word: 'four', cache: 'never' }), { from: 'end', reuse: one.id as PipelineRunId })
    ).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(/"middle" makes.*did other work there\. Changed: parameter command/)
    })
  })
})
