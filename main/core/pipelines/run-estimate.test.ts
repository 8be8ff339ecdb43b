import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pipelineOf, scriptStep } from './fixtures/pipeline-texts'
import { openPipelineWorkspace, temporaryFolder, type PipelineWorkspace } from './fixtures/pipeline-workspace'

let folder: ReturnType<typeof temporaryFolder>
let workspace: PipelineWorkspace
beforeAll(async () => {
  folder = temporaryFolder()
  workspace = await openPipelineWorkspace(folder.path, { slots: 1 })
})
afterAll(async () => {
  await workspace.close()
  folder.remove()
})

/** Every estimate that was shown while a pipeline ran, with the share of it that was done. */
async function estimates(yaml: string): Promise<{ fraction: number | null; etaSeconds: number | null }[]> {
  const { runId } = await workspace.pipelines.run({ yaml })
  const seen: { fraction: number | null; etaSeconds: number | null }[] = []
  for await (const { progress, state } of workspace.jobs.watch(runId, new AbortController().signal))
    if (state === 'running' && progress.fraction !== null && progress.fraction < 1)
      seen.push({ fraction: progress.fraction, etaSeconds: progress.etaSeconds })
  return seen
}

describe('the time that a run has left', () => {
  const quick = Array.from({ length: 20 }, (_, index) => `  - id: q${index}\n    type: source\n    parameters: { dataset: numbers }\n`)
  const long = (version: number): string => scriptStep('long', `setTimeout(() => fs.writeFileSync(out, 'done'), 900) // ${version}`)
  const yaml = (version: number): string => pipelineOf('lopsided', ...quick, long(version))

  it('is not shown while a step is left that was never measured, however many were quick', async () => {
    await workspace.addDataset('numbers', 'SELECT 1 AS id')
    const seen = await estimates(yaml(1))
    expect(seen.some(({ fraction }) => fraction !== null && fraction > 0.9)).toBe(true)
    expect(seen.every(({ etaSeconds }) => etaSeconds === null)).toBe(true)
  })

  it('comes from what its steps took the last time, and ends with that', async () => {
    const [last] = workspace.pipelines.runs().runs
    const { duration } = (await workspace.pipelines.getRun(last.id)).steps.find(({ stepId }) => stepId === 'long')!
    const seen = await estimates(yaml(2))
    const shown = seen.flatMap(({ etaSeconds }) => (etaSeconds === null ? [] : [etaSeconds]))
    expect(shown.length).toBeGreaterThan(0)
    expect(Math.max(...shown)).toBeLessThan(duration! * 3 + 1)
    expect(Math.min(...shown)).toBeGreaterThan(0)
  })
})
