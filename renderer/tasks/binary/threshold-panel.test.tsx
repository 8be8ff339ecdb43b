// @vitest-environment jsdom
import { afterEach, expect, it } from 'vitest'
import type { BinaryEvaluation } from '../../../main/model/evaluation'
import { judgeScores } from '../../../main/core/tasks/binary/judge'
import { renderPlain, type RenderedScreen } from '../../host/testing'
import { ThresholdPanel } from './threshold-panel'

let screen: RenderedScreen | undefined
afterEach(() => screen?.unmount())

it('gives every figure of every threshold its interval, the what-ifs too (statsmodels, Wilson)', async () => {
  // Of 40 rows 10 are positive: 4 of them score 0.9 and 4 score 0.7, with 2 others.
  const rows = [...Array(4).fill([1, 0.9]), ...Array(4).fill([1, 0.7]), ...Array(2).fill([0, 0.7]), ...Array(2).fill([1, 0.2])]
  const all = [...rows, ...Array(28).fill([0, 0.1])] as [number, number][]
  const labels = Uint8Array.from(all, ([label]) => label)
  const judged = await judgeScores(
    labels,
    Float64Array.from(all, ([, score]) => score),
    { threshold: 0.5, bootstrapSamples: 0, seed: 1 }
  )
  const evaluation = { ...judged, threshold: 0.5, rows: { judged: 40, positives: 10, negatives: 30 }, target: { name: 'y', positive: 1 } }
  screen = await renderPlain(<ThresholdPanel evaluation={evaluation as unknown as BinaryEvaluation} />)
  const figures = () =>
    Object.fromEntries([...document.querySelectorAll('dt')].map((term) => [term.textContent, term.nextElementSibling!.textContent]))
  expect(figures()).toEqual({
    Precision: '0.80095% CI 0.490\u20130.943',
    Recall: '0.80095% CI 0.490\u20130.943',
    F1: expect.stringMatching(/^0\.80095% CI 0\.5\d\d\u20130\.9\d\d$/),
    Accuracy: '0.90095% CI 0.769\u20130.960',
    'False positive rate': '0.06795% CI 0.018\u20130.213',
    Selected: '25.0% of rows95% CI 14.2\u201340.2%'
  })
  expect(screen.text()).not.toContain('A what-if only')
  const slider = document.querySelector<HTMLInputElement>('input[aria-label="Decision threshold"]')!
  const place = judged.thresholds.findIndex(({ threshold }) => threshold === 0.8)
  await screen.type(slider, String(place))
  expect(figures()).toMatchObject({
    Precision: '1.00095% CI 0.510\u20131.000',
    Recall: '0.40095% CI 0.168\u20130.687',
    Accuracy: '0.85095% CI 0.709\u20130.929',
    'False positive rate': '0.00095% CI 0.000\u20130.114'
  })
  expect(screen.text()).toContain('A what-if only')
})
