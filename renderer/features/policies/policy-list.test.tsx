import { afterEach, expect, it } from 'vitest'
import { renderWithHost, type RenderedScreen } from '../../host/testing'
import { actions, Page } from '.'
import { policiesStore } from './policies-store'
import { Sha256 } from '../../../main/model/reference'

const policy = (name: string, testsPassed: number) => ({
  name,
  title: `The ${name}`,
  sha256: Sha256.parse('a'.repeat(64)),
  rules: 2,
  blocking: 2,
  tests: 3,
  testsPassed,
  updatedAt: '2026-03-01T10:00:00.000Z'
})

let screen: RenderedScreen
afterEach(async () => {
  await screen.unmount()
  policiesStore.setState(policiesStore.getInitialState(), true)
})

it('lists the policies under their own address, finds one by its words and opens it', async () => {
  window.location.hash = '#/overview'
  actions.find(({ id }) => id === 'policies.list')!.run()
  expect(window.location.hash).toBe('#/policies')
  screen = await renderWithHost(<Page />, {
    workspace: { status: () => ({ workspace: null }) },
    policies: { list: () => [policy('ceiling', 3), policy('floor', 2), { ...policy('gone', 0), lost: 'It was deleted.' }], gates: () => [] }
  })
  await screen.shows('3 policies')
  expect(screen.text()).toMatch(/The ceiling.*3 of 3 pass.*The floor.*2 of 3 pass.*The gone.*Text lost/)
  await screen.type(document.querySelector<HTMLInputElement>('input[placeholder="Filter by title or name"]')!, 'FLOOR')
  expect(screen.text()).toContain('1 of 3 policies')
  expect(screen.text()).not.toContain('The ceiling')
  await screen.click(document.querySelector('[role=gridcell]')!)
  await screen.shows('Gates of floor')
  await screen.shows('It was not applied to any run yet.')
  await screen.click(screen.find('button', 'Edit the policy'))
  expect(window.location.hash).toBe('#/policies/floor')
})
