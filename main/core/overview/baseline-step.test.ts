import { expect, it } from 'vitest'
import { baselineStep } from './baseline-step'

it('leads to the baseline of the dataset that was checked last, else of the newest, and to a canvas as the second way', () => {
  const datasets = [{ name: 'new' }, { name: 'the loans' }]
  expect(baselineStep(datasets, 'the loans')).toMatchObject({
    title: 'Train a baseline',
    text: expect.stringContaining('on "the loans"'),
    route: '/data/the%20loans?train=baseline',
    other: { title: 'Draw a pipeline', route: '/pipelines' }
  })
  expect(baselineStep(datasets, 'in the trash').route).toBe('/data/new?train=baseline')
  expect(baselineStep([], undefined)).toMatchObject({ route: '/data', text: expect.stringMatching(/^A first model that/) })
})
