import { afterEach, expect, it } from 'vitest'
import type { PipelineSummary } from '../../../main/model/pipeline'
import type { StepRun } from '../../../main/model/pipeline-run'
import { Sha256 } from '../../../main/model/reference'
import { renderPlain, renderWithHost, type RenderedScreen } from '../../host/testing'
import { ListPage } from './list-page'
import { WhyTab } from './why-tab'

const at = '2026-03-01T10:00:00.000Z'
const summary = (name: string, automatic: boolean): PipelineSummary => ({
  ...{ name, title: name, description: '', version: Sha256.parse('a'.repeat(64)), versions: 1, hasDraft: false, automatic },
  ...{ steps: 1, updatedAt: at, removedAt: null, lastRun: null }
})
let screen: RenderedScreen
afterEach(() => screen.unmount())

it('the list has the pipelines that somebody drew, and counts only them', async () => {
  const pipelines = [summary('damage', false), summary('gate-over-a-run', true)]
  screen = await renderWithHost(<ListPage />, { pipelines: { list: () => pipelines } })
  await screen.shows('damage')
  await screen.shows('1 pipeline')
  expect(screen.text()).not.toContain('gate-over-a-run')
})

it('a step shows what it was handed without a connection, with the way to the step that made it', async () => {
  const step: StepRun = {
    ...{ stepId: 'gate', type: 'gate', title: 'Gate', state: 'succeeded', cached: false, reason: 'First run.', changes: [] },
    ...{ cacheKey: null, startedAt: at, finishedAt: at, duration: 0, waitingFor: null, attempts: [], outputs: [], failure: null },
    progress: { fraction: 1, message: '', etaSeconds: null },
    inputs: [
      {
        port: 'model',
        from: `model:train.model@sha256:${'b'.repeat(64)}`,
        sha256: Sha256.parse('b'.repeat(64)),
        madeBy: { pipeline: 'damage', runId: 'r1', stepId: 'train' }
      },
      { port: 'quality', from: `quality-report:sha256:${'c'.repeat(64)}`, sha256: Sha256.parse('c'.repeat(64)), madeBy: null }
    ]
  }
  screen = await renderPlain(<WhyTab step={step} />)
  const link = [...document.querySelectorAll('a')].find((each) => each.textContent === 'train of damage')
  expect(link?.getAttribute('href')).toBe('#/pipelines/damage/runs/r1?step=train')
  expect(screen.text()).toMatch(/Input model.*bbbbbbbb.*Input quality.*quality-report:sha256:c/)
})
