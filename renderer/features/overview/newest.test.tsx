// @vitest-environment jsdom
import { afterEach, expect, it } from 'vitest'
import { runIdOf } from '../../../main/testing/sample-runs'
import { renderPlain, type RenderedScreen } from '../../host/testing'
import { Newest } from './newest'

const about = {
  latestModel: { name: 'loans', version: 1, stage: 'draft without gate' },
  latestQuality: { dataset: 'loans', errors: 1, warnings: 0 }
}
let screen: RenderedScreen | undefined
afterEach(() => screen?.unmount())

const counts = { datasets: 1, features: 0, pipelines: 1, runs: 2, models: 0, bundles: 0, runningJobs: 0 }
const run = { id: runIdOf('good'), name: 'good', metric: 'auc', value: 0.8, low: 0.78, high: 0.82 }
const show = async (bestRun: Parameters<typeof Newest>[0]['overview']['bestRun'], runs = 2): Promise<string> => {
  await screen?.unmount()
  const overview = { counts: { ...counts, runs }, bestRun, ...about, nextSteps: [], events: [] }
  screen = await renderPlain(<Newest overview={overview} />)
  return screen.text()
}

it('calls a run the best only beyond chance, with its interval, and says why there is none', async () => {
  const best = await show({ ...run, rank: { from: 1, to: 1, of: 2 } })
  for (const said of ['Best run', '0.800', '95% CI 0.780\u20130.820', 'Best of 2 by AUC, beyond chance.']) expect(best).toContain(said)
  expect(best).not.toContain('Gate')
  expect(best).toMatch(/draft without gate.*1 error0 warnings/)
  const failed = await show({ ...run, rank: { from: 1, to: 1, of: 2 }, gate: 'fail' })
  expect(failed).toMatch(/Gate failed\s*It cannot be approved as it is\./)
  const tied = await show({ ...run, rank: { from: 1, to: 2, of: 2 } })
  expect([tied.includes('Leading run'), tied.includes('Best run')]).toEqual([true, false])
  expect(tied).toContain('Place 1 to 2 of 2 by AUC')
  expect(await show(null)).toContain('No run has a figure that says something about new rows.')
  expect(await show(null, 0)).toContain('No run was evaluated yet.')
})
