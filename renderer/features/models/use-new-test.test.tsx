import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it } from 'vitest'
import { evaluationSchema } from '../../../main/model/evaluation'
import type { ModelEvaluation } from '../../../main/model/model-evaluation'
import { PipelineRunId, RunId } from '../../../main/model/reference'
import type { ModelVersionDetail } from '../../../main/model/registry'
import { uuidOf } from '../../../main/testing/sample-runs'
import { renderWithHost, type RenderedScreen } from '../../host/testing'
import { useNewTest } from './use-new-test'

let screen: RenderedScreen | undefined
afterEach(() => screen?.unmount())

const run = RunId.parse('1'.repeat(32))
const other = RunId.parse('2'.repeat(32))
const file = join(dirname(fileURLToPath(import.meta.url)), '../../../main/model/fixtures/evaluation-1.json')
const first = { ...evaluationSchema.parse(JSON.parse(readFileSync(file, 'utf8'))), threshold: 0.2 }
const listed: ModelEvaluation = {
  ...{ run: other, name: 'boosted', at: '2026-03-01T10:00:00.000Z', by: 'Ada', isFirst: true },
  ...{ data: null, rows: null, metrics: {}, doubt: null, beside: null }
}

function Probe() {
  const { start } = useNewTest({ name: 'strike', version: 2, run } as ModelVersionDetail)
  return <button onClick={() => void start({ dataset: 'march', version: null, groupColumn: null })}>Start</button>
}

it.each([
  ['of its own run, also where that is not read yet', run],
  ['that is the oldest, where its own run has none', other]
])('decides at the threshold of the first test %s', async (_, judged) => {
  const started: string[] = []
  const slow = async (id: string) => {
    await new Promise((resolve) => setTimeout(resolve, 200))
    return id === judged ? first : null
  }
  screen = await renderWithHost(<Probe />, {
    experiments: { evaluation: ({ id }) => slow(id) },
    models: { evaluations: () => [listed] },
    pipelines: {
      run: (what) => {
        started.push((what as { yaml: string }).yaml)
        return { runId: PipelineRunId.parse(uuidOf('run')), replaced: null }
      }
    }
  })
  await screen.click(screen.find('button', 'Start'))
  for (let turn = 0; turn < 40 && started.length === 0; turn++) await screen.settle()
  const { steps } = JSON.parse(started[0]!) as { steps: { parameters: object }[] }
  expect(steps[1]!.parameters).toMatchObject({ model: 'strike@2', threshold: 0.2 })
})
