import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { renderPlain, type RenderedScreen } from '../host/testing'
import { BarChart, ForestPlot } from '.'
import { alignSeries } from './line-plot'
import { niceTicks } from './scale'
import { fitText } from './svg-parts'
import { forgetSeriesColours, keepApart, seriesHue } from './series-colour'

describe('labels', () => {
  it('are cut to what fits, capitals earlier than small letters', () => {
    expect(fitText('Denver', 80)).toBe('Denver')
    const capitals = fitText('DALLAS/FORT WORTH INTL ARPT', 80)
    const small = fitText('dallas/fort worth intl arpt', 80)
    expect(capitals).toMatch(/^DALLAS.*\u2026$/)
    expect(small.length).toBeGreaterThan(capitals.length)
    expect(fitText('損害保険の請求データ', 60)).toBe('損害保険\u2026')
    expect(fitText('', 10)).toBe('')
  })
})

describe('ticks', () => {
  it('are round, rising and inside', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: 1e-3, max: 1e6, noNaN: true }), (low, span) => {
        const ticks = niceTicks(low, low + span, 5)
        expect(ticks.length).toBeLessThan(12)
        ticks.forEach((tick, index) => {
          expect(tick).toBeGreaterThanOrEqual(low - span * 1e-6)
          expect(tick).toBeLessThanOrEqual(low + span * (1 + 1e-6))
          if (index) expect(tick).toBeGreaterThan(ticks[index - 1])
        })
      })
    )
    expect(niceTicks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1])
    // Above 2^53 the next whole number is the same number.
    expect(niceTicks(1e16, 1e16 + 4, 5)).toEqual([1e16])
  })
})

describe('colours', () => {
  beforeEach(forgetSeriesColours)
  it('stay with their key and do not repeat before all hues are used', () => {
    const keys = Array.from({ length: 8 }, (_, index) => `run-${index}`)
    const hues = keys.map(seriesHue)
    expect(new Set(hues).size).toBe(8)
    expect([...keys].reverse().map(seriesHue).reverse()).toEqual(hues)
  })

  it('are apart where keys stand beside each other, however many were seen before', () => {
    const seen = Array.from({ length: 20 }, (_, index) => `run-${index}`)
    const first = seriesHue(seen[0]!)
    const alike = seen.filter((key) => seriesHue(key) === first)
    expect(alike.length).toBeGreaterThan(1)
    keepApart(alike)
    expect(new Set(alike.map(seriesHue)).size).toBe(alike.length)
    expect(seriesHue(seen[0]!)).toBe(first)
    keepApart(seen)
    expect(new Set(seen.slice(0, 8).map(seriesHue)).size).toBe(8)
  })

  it('of up to six that stand beside each other are no two blues, nor ochre and yellow', () => {
    const isAlike = (hues: number[]) => (hues.includes(0) && hues.includes(5)) || (hues.includes(4) && hues.includes(6))
    const seen = Array.from({ length: 60 }, (_, index) => `run-${index}`)
    for (const [index, key] of seen.entries()) {
      forgetSeriesColours()
      expect(isAlike([key, `other-${index}`].map(seriesHue))).toBe(false)
    }
    for (let first = 0; first < 54; first++) {
      const beside = seen.slice(first, first + 6)
      keepApart(beside)
      expect(isAlike(beside.map(seriesHue))).toBe(false)
    }
  })
})

describe('alignSeries', () => {
  it('joins different x and keeps gaps apart from missing values', () => {
    const aligned = alignSeries([
      {
        key: 'a',
        label: 'a',
        points: [
          { x: 2, y: 20 },
          { x: 1, y: 10, low: 9, high: 11 }
        ]
      },
      { key: 'b', label: 'b', points: [{ x: 2, y: Number.NaN }] }
    ])
    expect(aligned.x).toEqual([1, 2])
    expect(aligned.y).toEqual([
      [10, 20],
      [undefined, Number.NaN]
    ])
    expect(aligned.data[aligned.columns[1].y]).toEqual([undefined, null])
    expect(aligned.columns[0]).toEqual({ y: 1, high: 2, low: 3 })
    expect(aligned.columns[1]).toEqual({ y: 4 })
  })
})

describe('chart frame', () => {
  let screen: RenderedScreen
  afterEach(() => screen.unmount())

  it('has a table behind the drawing', async () => {
    screen = await renderPlain(
      <ForestPlot title="AUC" axis="AUC" rows={[{ key: 'r1', label: 'run one', value: 0.871, low: 0.858, high: 0.884 }]} />
    )
    expect(screen.container.querySelectorAll('svg[data-chart] circle')).toHaveLength(1)
    await screen.click(screen.find('button', 'Show as table'))
    const cells = [...screen.container.querySelectorAll('td')].map((cell) => cell.textContent)
    expect(cells).toEqual(['run one', '0.871', '0.858', '0.884'])
  })

  it('says what is missing instead of an empty drawing', async () => {
    screen = await renderPlain(<BarChart title="Importance" axis="Drop" category="Feature" bars={[]} empty="Run an evaluate step." />)
    expect(screen.container.querySelector('svg[data-chart]')).toBeNull()
    expect(screen.text()).toContain('Run an evaluate step.')
  })
})
