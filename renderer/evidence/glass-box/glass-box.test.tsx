// @vitest-environment jsdom
import { afterEach, expect, it } from 'vitest'
import { glassBoxSchema, type PointsDrawing, type Shape, type ShapesDrawing } from '../../../main/model/glass-box'
import { renderPlain, type RenderedScreen } from '../../host/testing'
import { GlassBoxView } from './glass-box-view'

let screen: RenderedScreen | undefined
afterEach(async () => screen?.unmount())

const number = { feature: 'speed', kind: 'number' as const, edges: [100, 150], range: { min: 40, max: 260 } }
const speed: Shape = {
  axes: [{ ...number, names: ['up to 100', 'above 100 to 150', 'above 150', 'missing'] }],
  scores: [[-0.4, 0.1, 0.9, -0.2]],
  lower: [[-0.6, 0, 0.5, -0.9]],
  upper: [[-0.2, 0.2, 1.3, 0.5]],
  weights: [500, 300, 40, 60],
  spread: 0.5
}
const phase: Shape = {
  axes: [{ feature: 'phase', kind: 'category', edges: [], range: null, names: ['Climb', 'Approach', 'other texts', 'missing'] }],
  scores: [[0.3, -0.3, 0, 0]],
  lower: null,
  upper: null,
  weights: [400, 500, 0, 0],
  spread: 0.2
}
const pair: Shape = {
  axes: [{ ...number, edges: [100], names: ['up to 100', 'above 100', 'missing'] }, phase.axes[0]!],
  scores: [Array.from({ length: 12 }, (_, cell) => cell / 10 - 0.5)],
  lower: null,
  upper: null,
  weights: Array.from({ length: 12 }, (_, cell) => (cell % 4) * 10),
  spread: 0.1
}
const shapes: ShapesDrawing = {
  ...{ schema: 'drydock.glass-box', version: 1, kind: 'shapes', algorithm: 'explainable-boosting', target: 'damaged' },
  ...{ margin: 'log-odds', classes: null, intercept: [-2.1], bags: 8, shapes: [phase, pair, speed] }
}

it('draws every shape of a model, the widest first, with missing values apart and the values of each as a table', async () => {
  screen = await renderPlain(<GlassBoxView box={shapes} />)
  const titles = [...screen.container.querySelectorAll('figure')].map((figure) => figure.getAttribute('aria-label'))
  expect(titles).toEqual(['speed', 'phase', 'speed and phase'])
  expect(screen.text()).toContain('2 curves and 1 pair')
  expect(screen.text()).toMatch(/the intercept [\u2212-]2.1, as log-odds/)
  const curve = screen.container.querySelector('figure')!
  expect([...curve.querySelectorAll('title')].map(({ textContent }) => textContent)).toContain('speed, above 150: 0.9 (0.5 to 1.3)')
  // Texts that no training row has are no line of the drawing.
  expect(screen.container.querySelectorAll('figure')[1]!.textContent).not.toContain('other texts')
  expect(screen.container.querySelectorAll('figure')[2]!.querySelectorAll('rect').length).toBeGreaterThanOrEqual(12)
  await screen.click(curve.querySelector('button[aria-label="Show as table"]')!)
  expect([...curve.querySelectorAll('tbody tr')].map((row) => row.textContent)).toHaveLength(4)
})

it('shows a scorecard as its table, with what points mean and what has none', async () => {
  const points: PointsDrawing = {
    ...{ schema: 'drydock.glass-box', version: 1, kind: 'points', algorithm: 'scorecard', target: 'damaged', event: true },
    ...{ basePoints: 0, factor: 20 / Math.LN2, offset: 487 },
    columns: [
      { feature: 'speed', iv: 0.31, weight: -0.9 },
      { feature: 'phase', iv: 0.001, weight: null }
    ],
    lines: [
      { feature: 'speed', bin: 'up to 100', rows: 300, events: 10, woe: 0.7, iv: 0.2, points: 507 },
      { feature: 'speed', bin: 'above 100', rows: 100, events: 30, woe: -0.6, iv: 0.11, points: 467 }
    ]
  }
  screen = await renderPlain(<GlassBoxView box={points} />)
  const said = screen.text()
  expect(said).toContain('20 points more halve the odds of the event. A row has 467 to 507 points')
  expect(said).toContain('66.67% down to 33.33%')
  expect(said).toContain('Without points: phase.')
  expect(screen.container.querySelector('[aria-label="Table of points"]')).not.toBeNull()
})

it('is no drawing where lists that go together differ in length, or a pair has more cells than can be drawn', () => {
  const isRead = (change: Partial<ShapesDrawing>) => glassBoxSchema.safeParse({ ...shapes, ...change }).success
  const wide = {
    ...number,
    names: Array.from({ length: 100_000 }, (_, at) => `b${at}`),
    edges: Array.from({ length: 99_998 }, (_, at) => at)
  }
  expect(isRead({})).toBe(true)
  expect(isRead({ classes: ['a', 'b', 'c'] })).toBe(false)
  expect(isRead({ intercept: [1, 2] })).toBe(false)
  expect(isRead({ shapes: [{ ...speed, lower: [[1]] }] })).toBe(false)
  expect(isRead({ shapes: [{ ...speed, weights: [1] }] })).toBe(false)
  expect(isRead({ shapes: [{ ...speed, axes: [{ ...speed.axes[0]!, edges: [1] }] }] })).toBe(false)
  expect(isRead({ shapes: [{ ...pair, axes: [wide, wide] }] })).toBe(false)
})
