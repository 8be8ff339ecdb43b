import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEngine, type Engine } from './engine'
import { pipelineOf, scriptStep } from './fixtures/pipeline-texts'
import { openPipelineWorkspace, temporaryFolder, type PipelineWorkspace } from './fixtures/pipeline-workspace'
import { PipelineRunId } from '../../model/reference'
import { parsePipeline } from './pipeline-document'
import { prepareRun } from './prepare-run'
import { STEPS_A_TURN } from './run-loop'
import { stepRegistry } from './steps'

const STEPS = 1000

let folder: ReturnType<typeof temporaryFolder>
let workspace: PipelineWorkspace
let engine: Engine
/** States that steps came to, each with the turn of the event loop in which they did. */
let moves: { stepId: string; turn: number }[]
let turn: number
let turning: NodeJS.Immediate
const countTurns = (): void => {
  turn++
  turning = setImmediate(countTurns)
}

beforeEach(async () => {
  folder = temporaryFolder()
  workspace = await openPipelineWorkspace(folder.path)
  moves = []
  turn = 0
  const nothing = (): void => undefined
  engine = createEngine(workspace.context, {
    jobs: workspace.jobs,
    steps: stepRegistry,
    records: { runs: workspace.experiments.records, policies: workspace.gates as never, models: workspace.models },
    slots: 1,
    confine: true,
    onStep: (_, stepId) => void moves.push({ stepId, turn }),
    onProgress: nothing,
    onMetric: nothing,
    onRun: nothing
  })
  countTurns()
})
afterEach(async () => {
  clearImmediate(turning)
  await engine.close()
  await workspace.close()
  folder.remove()
})

async function start(yaml: string) {
  const { document } = parsePipeline(yaml)
  const plan = await prepareRun(document!, {}, null, {
    steps: stepRegistry,
    freeze: {
      directory: folder.path,
      putObject: async (bytes: string) => (await workspace.context.objects.putBytes(bytes)).sha256
    } as never,
    lookup: { dataset: () => undefined } as never
  })
  const { sha256 } = await workspace.context.objects.putBytes(yaml)
  const { runId, begin } = engine.start({
    id: PipelineRunId.parse(workspace.context.newId()),
    document: document!,
    version: sha256,
    plan,
    force: false
  })
  begin()
  return runId
}
const busiestTurn = (): number => {
  const counts = new Map<number, number>()
  for (const move of moves) counts.set(move.turn, (counts.get(move.turn) ?? 0) + 1)
  return Math.max(...counts.values())
}

describe(`a pipeline of ${STEPS} steps`, () => {
  const wait = scriptStep('first', 'setInterval(() => {}, 1000)')
  const after = (index: number): string => scriptStep(`s${index}`, `${index}`, { more: '    inputs: { t: first.result }\n' })
  const beside = (index: number): string => scriptStep(`s${index}`, `${index}`)

  it.each([
    ['that wait for the first', after],
    ['that wait for a place', beside]
  ])('is cancelled a batch a turn, with a commit a batch: steps %s', async (_, other) => {
    const runId = await start(pipelineOf('many', wait, ...Array.from({ length: STEPS - 1 }, (__, index) => other(index))))
    const stateOf = (id: string) => engine.live(runId)?.steps.get(id)?.state
    await expect.poll(() => [stateOf('first'), engine.live(runId)?.graph.hasDue], { timeout: 120_000 }).toEqual(['running', false])
    const { ledger } = workspace.context
    const transaction = ledger.transaction
    let commits = 0
    ledger.transaction = (work) => (commits++, transaction(work))
    moves = []
    await engine.cancel(runId)
    ledger.transaction = transaction
    expect(ledger.all('SELECT count(*) AS n, state FROM step_run GROUP BY state')).toEqual([{ n: STEPS, state: 'cancelled' }])
    expect(new Set(moves.map(({ stepId }) => stepId)).size).toBe(STEPS)
    // One more, because the attempt that ends may share a turn with a batch.
    expect(busiestTurn()).toBeLessThanOrEqual(STEPS_A_TURN + 1)
    // Transactions within transactions count, so a batch has as many as it has steps; what a step needs beside it is not there.
    expect(commits).toBeLessThan(STEPS + STEPS / STEPS_A_TURN + 50)
  })
})
