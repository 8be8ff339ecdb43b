import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { HostOutput } from '../../host'
import { renderWithHost, type RenderedScreen } from '../../host/testing'
import { FeaturesPage } from './features-page'
import { featureStore } from './feature-store'
import { PipelineRunId, Sha256 } from '../../../main/model/reference'

// jsdom lays nothing out; the code editor asks where its text stands.
Range.prototype.getClientRects = () => [] as unknown as DOMRectList

const sha256 = Sha256.parse('b'.repeat(64))
const set: HostOutput<'features.list'>[number] = {
  sha256,
  name: 'strike-damage / features',
  pipeline: 'strike-damage',
  pipelineRun: PipelineRunId.parse('5f0c7a52-0000-4000-8000-000000000000'),
  step: 'features',
  rows: 250,
  columns: 1,
  createdAt: '2026-03-01T10:00:00.000Z',
  sources: [`dataset:strikes@sha256:${'a'.repeat(64)}`]
}
const detail: HostOutput<'features.get'> = {
  ...set,
  sql: 'SELECT speed FROM strikes',
  statistics: [
    {
      name: 'speed',
      type: 'BIGINT',
      missing: 50,
      distinct: 122,
      distinctExact: true,
      minimum: '7',
      maximum: '350',
      mean: 153.9,
      histogram: [{ label: '7 to 41', count: 12 }],
      usedBy: ['strike-damage@1']
    }
  ]
}

let screen: RenderedScreen | undefined
beforeEach(() => {
  window.location.hash = '#/features'
  featureStore.setState(featureStore.getInitialState(), true)
})
afterEach(async () => {
  await screen?.unmount()
  screen = undefined
})

describe('features', () => {
  it('say how they come about while there are none, and lead to the pipelines', async () => {
    screen = await renderWithHost(<FeaturesPage />, { features: { list: () => [] } })
    await screen.settle(80)
    expect(screen.text()).toContain('Add a source step and an SQL step to a pipeline and run it')
    await screen.click(screen.find('button', 'Go to pipelines'))
    expect(window.location.hash).toBe('#/pipelines')
  })

  it('open with Enter from the list and show statistics, readers, rows and the SQL', async () => {
    const asked: number[] = []
    screen = await renderWithHost(<FeaturesPage />, {
      features: {
        list: () => [set],
        get: () => detail,
        rows: ({ offset, limit }) => {
          asked.push(offset)
          return {
            columns: [{ name: 'speed', type: 'BIGINT' }],
            rows: Array.from({ length: limit }, (_, row) => [offset + row]),
            total: 250,
            offset
          }
        }
      }
    })
    await screen.settle(80)
    const grid = screen.find('grid', 'Feature sets')
    await screen.press(grid, 'j')
    await screen.press(grid, 'Enter')
    await screen.settle(120)
    expect(window.location.hash).toBe(`#/features/${sha256}`)
    expect(screen.find('row', /^speed/).textContent).toContain('20.0')
    expect(screen.find('button', 'Open model:strike-damage@1')).toBeTruthy()
    await screen.click(screen.find('tab', /^Rows/))
    await screen.settle(120)
    expect(screen.find('grid', /Rows of/).getAttribute('aria-rowcount')).toBe('251')
    expect(asked[0]).toBe(0)
    await screen.click(screen.find('tab', /^Origin/))
    await screen.settle(200)
    expect(screen.text()).toContain('SELECT speed FROM strikes')
  })
})
