import { afterAll, beforeAll, expect, it } from 'vitest'
import { pipelineOf } from './fixtures/pipeline-texts'
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

it('the last words of a step that floods its log are there', async () => {
  const result = await workspace.run(
    pipelineOf(
      'flood2',
      `  - id: a
    type: script
    parameters:
      command: [sh, -c, 'yes "log line of forty characters and more!!!" | head -n 800000; echo LASTWORDS; echo ok > $DRYDOCK_OUTPUT_O; exit 3']
      outputs: {o: File}
`
    )
  )
  expect(result.steps[0].state).toBe('failed')
  const page = await workspace.pipelines.log(result.id, 'a')
  expect(page.size).toBeGreaterThan(50_000_000)
  expect(page.text).toMatch(/ LASTWORDS\n$/)
  const first = await workspace.pipelines.log(result.id, 'a', undefined, 0)
  expect(first.text).toContain('$ sh -c')
})
