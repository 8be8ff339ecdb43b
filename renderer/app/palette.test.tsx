import { act } from 'react'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { runSummary } from '../../main/testing/sample-runs'
import { renderWithHost, type RenderedScreen } from '../host/testing'
import { registerActions } from '../ui'
import { Palette } from './palette'

let screen: RenderedScreen | undefined
beforeEach(() => (window.location.hash = ''))
afterEach(() => screen?.unmount())

const boosted = runSummary('Boosted trees')

async function find(text: string): Promise<string[]> {
  const input = document.querySelector<HTMLInputElement>('[cmdk-input]')!
  await screen!.type(input, text)
  await screen!.settle(80)
  return [...document.querySelectorAll('[cmdk-item]')].map((item) => item.textContent ?? '')
}

it('finds an action by the beginnings of its words, and a run by its name, which it opens', async () => {
  const forget = registerActions([
    { id: 't.new', title: 'New pipeline', group: 'Pipelines', run: () => {} },
    { id: 't.list', title: 'Show all pipelines', group: 'Pipelines', run: () => {} }
  ])
  screen = await renderWithHost(<Palette open onOpenChange={() => {}} hasWorkspace />, {
    datasets: { list: () => [] },
    pipelines: { list: () => [] },
    models: { list: () => [] },
    experiments: {
      runs: () => ({ runs: [boosted], total: 1, all: 1, metricKeys: [], parameterKeys: [], ranges: {}, notes: [] })
    }
  })
  expect((await find('new pipe'))[0]).toMatch(/^New pipeline/)
  expect((await find('boost'))[0]).toMatch(/^Boosted trees.*Runs$/)
  await act(async () => void document.querySelector<HTMLElement>('[cmdk-item]')!.click())
  await screen.settle()
  expect(window.location.hash).toBe(`#/experiments/runs/${boosted.id}`)
  forget()
})
