import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { scorecardParametersSchema } from '../../../model/training-parameters/scorecard'
import { Random } from '../../numerics'
import { frameOf } from '../fixtures/small-sets'
import { hasTrend, trendOf } from './chance'
import { chooseBins } from './choose-bins'
import { evidenceOf, sumCells, type Cell } from './evidence'
import { pointsTable } from './model'
import { scorecardTrainer } from './trainer'

type Line = Record<'rows' | 'events' | 'woe' | 'iv', number>
interface Evidence {
  rows: { age: (number | null)[]; load: number[]; town: string[]; event: number[] }
  columns: Record<'age' | 'load', { edges: number[]; bins: Line[]; cells: [number, number][]; trend: number }> & {
    town: { texts: string[]; bins: Line[] }
  }
}
const { rows, columns } = JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures', 'evidence.json'), 'utf8')) as Evidence

async function learn() {
  const { event, ...cells } = rows
  const labels = Uint8Array.from(event)
  return scorecardTrainer.learn({
    ...{ objective: { name: 'logistic' }, given: {}, seed: 1, features: Object.keys(cells), warnings: [], progress: {}, validation: null },
    parameters: scorecardParametersSchema.parse({}),
    rows: { frame: frameOf({ cells, labels }), labels, weights: null },
    holdBack: { by: 'random', column: null }
  })
}

const expectLines = (found: readonly Line[], expected: readonly Line[]): void => {
  expect(found).toHaveLength(expected.length)
  expected.forEach(({ rows: count, events, woe, iv }, at) => {
    expect(found[at]).toMatchObject({ rows: count, events })
    expect(found[at]!.woe).toBeCloseTo(woe, 12)
    expect(found[at]!.iv).toBeCloseTo(iv, 12)
  })
}

describe('the table of a scorecard by its defaults against pandas', () => {
  it.each([
    ['age', 0],
    ['load', 1]
  ] as const)('has the edges, counts, weights of evidence and information values of %s, missing values last', async (name, at) => {
    const { model } = await learn()
    // The edges of numbers in single precision are those that round to the same.
    expect(model.characteristics[at]!.edges.map(Math.fround)).toEqual(columns[name].edges)
    expectLines(model.characteristics[at]!.bins, columns[name].bins)
    expect(model.characteristics[at]!.iv).toBeCloseTo(
      columns[name].bins.reduce((sum, { iv }) => sum + iv, 0),
      12
    )
  })

  it('joins the same texts', async () => {
    const { model, features } = await learn()
    const { texts, bins } = columns.town
    const own = pointsTable(model, features).filter(({ feature }) => feature === 'town')
    expectLines(own.slice(0, bins.length), bins)
    const names = own.map(({ bin }) => bin.split(', ').sort().join('/'))
    expect(names.slice(0, bins.length)).toEqual(texts)
    for (const left of own.slice(bins.length)) expect(left).toMatchObject({ rows: 0, woe: 0 })
  })

  it('has a bin without events, whose evidence is finite', async () => {
    const { model } = await learn()
    const [none] = model.characteristics[1]!.bins
    expect(none).toMatchObject({ events: 0 })
    expect(none!.woe).toBeGreaterThan(3)
    expect(none!.points).toBeGreaterThan(model.characteristics[1]!.bins[1]!.points)
  })

  it.each(['age', 'load'] as const)('finds a trend in %s as the rank test of scipy does', (name) => {
    const { cells, trend } = columns[name]
    expect(trendOf(cells.map(([count, events]) => ({ rows: count, events })))).toBeCloseTo(trend, 9)
  })
})

describe('bins of drawn cells', () => {
  it.each([0, 0.5, 1])('go one way in share and in evidence and are large enough, with smoothing %s', (smoothing) => {
    const random = new Random(7)
    let divided = 0
    for (let draw = 0; draw < 200; draw++) {
      const rise = random.uniform() - 0.5
      const cells = Array.from({ length: 15 }, (_, at): Cell => {
        const count = random.below(30)
        const chance = 1 / (1 + Math.exp(1 - rise * at))
        return { rows: count, events: Array.from({ length: count }, () => random.uniform() < chance).filter(Boolean).length }
      })
      const all = sumCells(cells)
      const starts = chooseBins(cells, all, { maxBins: 5, minRows: 20, minEvents: 0, smoothing })
      const bins = starts.map((start, at) => sumCells(cells.slice(start, starts[at + 1])))
      expect(starts[0]).toBe(0)
      expect(bins.length).toBeLessThanOrEqual(5)
      const steps = bins.slice(1).map((bin, at) => ({
        share: bin.events / bin.rows - bins[at]!.events / bins[at]!.rows,
        woe: evidenceOf(bin, all, smoothing) - evidenceOf(bins[at]!, all, smoothing)
      }))
      const sign = Math.sign(steps[0]?.share ?? 1)
      for (const { share, woe } of steps) {
        expect(sign * share).toBeGreaterThan(0)
        expect(sign * woe).toBeLessThan(0)
      }
      if (bins.length > 1) for (const bin of bins) expect(bin.rows).toBeGreaterThanOrEqual(20)
      if (bins.length > 1) divided++
    }
    expect(divided).toBeGreaterThan(150)
  })

  it('have a trend no more than once in forty times where the event is drawn without one', () => {
    const random = new Random(5)
    let found = 0
    for (let draw = 0; draw < 2000; draw++)
      if (
        hasTrend(
          Array.from({ length: 10 }, () => ({
            rows: 20,
            events: Array.from({ length: 20 }, () => random.uniform() < 0.3).filter(Boolean).length
          }))
        )
      )
        found++
    // 50 are expected, with a standard deviation of 7.
    expect(found).toBeGreaterThan(25)
    expect(found).toBeLessThan(75)
  })
})
