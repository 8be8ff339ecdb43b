// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it } from 'vitest'
import { METRICS } from '../../main/model/tasks'
import { renderPlain, type RenderedScreen } from '../host/testing'
import { Figures, KeyFigures } from '.'

let screen: RenderedScreen | undefined
beforeEach(() => localStorage.clear())
afterEach(() => screen?.unmount())

const metrics = Object.fromEntries(METRICS.map(({ key }) => [key, { value: 0.5, low: 0.25, high: 0.75 }]))
const show = async (primary: string) => {
  await screen?.unmount()
  screen = await renderPlain(
    <KeyFigures metrics={metrics} primary={primary} label="17 more figures">
      <Figures metrics={metrics} keys={['f1', 'recall']} />
    </KeyFigures>
  )
  return screen
}
const figures = () =>
  [...document.querySelectorAll('.text-figure')].map((figure) => figure.closest('.min-w-0')!.firstElementChild!.textContent)

it('of a run with every metric five stand first: what the question asks for, then skill, calibration and cost, each with its interval', async () => {
  const { text } = await show('auc')
  expect(figures()).toEqual(['AUC', 'Brier skill', 'Debiased calibration error', 'Latency p50', 'Training time'])
  expect(text().match(/95% CI/g)).toHaveLength(5)
  await show('recall')
  expect(figures()).toEqual(['Recall', 'AUC', 'Brier skill', 'Debiased calibration error', 'Latency p50'])
})

it('the others are behind one button, which keyboards reach and which stays as it was left', async () => {
  const { find } = await show('auc')
  const button = find('button', '17 more figures')
  expect([button.tabIndex, button.getAttribute('aria-expanded')]).toEqual([0, 'false'])
  await screen!.click(button)
  expect([figures().slice(5), button.getAttribute('aria-expanded')]).toEqual([['F1', 'Recall'], 'true'])
  expect(document.getElementById(button.getAttribute('aria-controls')!)!.textContent).toContain('Recall')
  await show('auc')
  expect(figures()).toHaveLength(7)
  await screen!.click(screen!.find('button', '17 more figures'))
  await show('auc')
  expect(figures()).toHaveLength(5)
})
