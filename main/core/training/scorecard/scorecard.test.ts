import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { scorecardParametersSchema } from '../../../model/training-parameters/scorecard'
import { selectRows, type Frame } from '../../frames'
import { Random } from '../../numerics'
import { divide, strikes } from '../explainable-boosting/fixtures/tables'
import { syntheticRows, writeArrow } from '../fixtures/synthetic'
import { encodeFeatures } from '../features'
import { readNativeModel } from '../native-model'
import { trainModel } from '../train-model'
import { isBeyondChance } from './chance'
import { chooseBins } from './choose-bins'
import { evidenceOf, informationOf, sumCells } from './evidence'
import { checkScorecard, pointContributions, pointsTable, type ScorecardModel } from './model'
import { linePoints, scaling } from './scale'
import { scorecardTrainer } from './trainer'
import { weigh } from './weigh'

interface Reference {
  divisions: {
    rows: number[]
    events: number[]
    maxBins: number
    minRows: number
    minEvents: number
    iv: number
    starts: number[]
    woe: number[]
  }[]
  fit: { x: number[][]; y: number[]; w: number[]; l2: number; free: number[]; oneSign: number[] }
  scale: { factor: number; offset: number; intercept: number; columns: number; lines: { woe: number; weight: number; points: number }[] }
}
const reference = JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures', 'reference.json'), 'utf8')) as Reference

async function learn(frame: Frame, labels: Uint8Array, features: string[], given: object = {}) {
  const warnings: string[] = []
  const learned = await scorecardTrainer.learn({
    ...{ objective: { name: 'logistic' }, given, seed: 1, features, warnings, progress: {}, validation: null },
    parameters: scorecardParametersSchema.parse(given),
    rows: { frame, labels, weights: null },
    holdBack: { by: 'random', column: null }
  })
  return { ...learned, warnings }
}

const strikesOf = (seed: number) => {
  const { frame, labels, features } = strikes()
  const { learned } = divide(frame.rows, seed)
  return { frame: selectRows(frame, learned), labels: Uint8Array.from(learned, (row) => labels[row]!), features }
}

describe('the parts of a scorecard against numpy, scipy and the textbook', () => {
  it.each(reference.divisions)('finds the best of all divisions that go one way: information value $iv', (division) => {
    const cells = division.rows.map((rows, at) => ({ rows, events: division.events[at]! }))
    const all = sumCells(cells)
    const starts = chooseBins(cells, all, { ...division, smoothing: 0 })
    expect(starts).toEqual(division.starts)
    const bins = starts.map((start, at) => sumCells(cells.slice(start, starts[at + 1])))
    bins.forEach((bin, at) => expect(evidenceOf(bin, all)).toBeCloseTo(division.woe[at]!, 12))
    expect(bins.reduce((sum, bin) => sum + informationOf(bin, all), 0)).toBeCloseTo(division.iv, 12)
  })

  it.each([
    ['free', Infinity],
    ['oneSign', 0]
  ] as const)('weighs columns as L-BFGS-B does: %s', (name, most) => {
    const { x, y, w, l2 } = reference.fit
    const columns = [0, 1, 2].map((at) => Float64Array.from(x, (row) => row[at]!))
    const found = weigh(columns, y, Float64Array.from(w), { l2, most })
    expect(found.converged).toBe(true)
    ;[found.intercept, ...found.weights].forEach((value, at) => expect(value).toBeCloseTo(reference.fit[name][at]!, 5))
  })

  it('scales to points as Siddiqi does', () => {
    const { factor, offset, intercept, columns, lines } = reference.scale
    const found = scaling({ baseScore: 600, baseOdds: 50, pointsToDoubleOdds: 20 })
    expect(found.factor).toBeCloseTo(factor, 12)
    expect(found.offset).toBeCloseTo(offset, 10)
    for (const { woe, weight, points } of lines) expect(linePoints(found, { woe, weight, intercept, columns })).toBe(points)
  })

  it('takes bins of no meaning for strong no more than rarely', () => {
    const random = new Random(4)
    let strong = 0
    for (let draw = 0; draw < 500; draw++) {
      const cells = Array.from({ length: 5 }, () => ({ rows: 200, events: 0 }))
      for (const cell of cells) for (let row = 0; row < 200; row++) if (random.uniform() < 0.2) cell.events++
      const all = sumCells(cells)
      if (
        isBeyondChance(
          cells.reduce((sum, cell) => sum + informationOf(cell, all), 0),
          4,
          all
        )
      )
        strong++
    }
    expect(strong).toBeLessThan(6)
  })
})

describe('a scorecard of bird strikes', () => {
  it('has points that fall with the share of events, add up to the prediction, and are the same every time', async () => {
    const { frame, labels, features } = strikesOf(1)
    const { model, features: encodings } = await learn(frame, labels, features)
    const table = pointsTable(model, encodings)
    for (const feature of new Set(table.map((line) => line.feature))) {
      const lines = table.filter((line) => line.feature === feature)
      expect(lines.reduce((sum, { rows }) => sum + rows, 0)).toBe(frame.rows)
      expect(lines.reduce((sum, { events }) => sum + events, 0)).toBe(labels.reduce((sum, label) => sum + label, 0))
      for (const one of lines) for (const other of lines) if (one.woe > other.woe) expect(one.points).toBeGreaterThanOrEqual(other.points)
      for (const { points } of lines) expect(Number.isInteger(points)).toBe(true)
    }
    const encoded = encodeFeatures(frame, encodings)
    const points = pointContributions(model, encodings, encoded)
    const margins = scorecardTrainer.predict(model, encodings, encoded, { name: 'logistic' })
    margins.forEach((margin, row) => {
      const sum = points.reduce((total, part) => total + part[row]!, model.basePoints)
      expect(margin).toBe((model.offset - sum) / model.factor)
    })
    const expected = margins.reduce((sum, margin) => sum + 1 / (1 + Math.exp(-margin)), 0)
    expect(expected / labels.reduce((sum, label) => sum + label, 0)).toBeCloseTo(1, 1)
    expect(JSON.stringify((await learn(frame, labels, features)).model)).toBe(JSON.stringify(model))
  })

  it('is refused where its parts do not fit', async () => {
    const { frame, labels, features } = strikesOf(2)
    const { model, features: encodings } = await learn(frame, labels, features)
    const broken = (change: (copy: ScorecardModel) => void): (() => void) => {
      const copy = structuredClone(model)
      change(copy)
      return () => checkScorecard(copy, encodings)
    }
    expect(() => checkScorecard(model, encodings)).not.toThrow()
    expect(broken((copy) => copy.characteristics.pop())).toThrow(/one characteristic per feature/)
    expect(broken((copy) => (copy.characteristics[0]!.lines[0] = 99))).toThrow(/line that does not exist/)
    expect(broken((copy) => copy.characteristics[0]!.lines.pop())).toThrow(/do not fit its bins/)
  })

  it('goes the whole way to ONNX with equal answers, and its model.json is read again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'scorecard-'))
    try {
      const table = await writeArrow(join(folder, 'rows.arrow'), { ...syntheticRows(1500, 3) })
      const record = await trainModel({ table, target: 'damaged', algorithm: 'scorecard', seed: 1, outputDirectory: folder })
      expect(record.parity.maxDifference).toBeLessThan(1e-6)
      const native = await readNativeModel(join(folder, 'model.json'))
      expect(pointsTable(native.model as ScorecardModel, native.features).length).toBeGreaterThan(5)
      expect(record.warnings.join('\n')).toMatch(/no points for .*"noise"/)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})

describe('columns and rows that cannot make a table', () => {
  it('are left out by name, or refused with what is missing', async () => {
    const { frame, labels } = strikesOf(1)
    const rows = frame.rows
    const texts = Array.from({ length: rows }, (_, row) => `text ${row}`)
    const poor: Frame = {
      rows,
      columns: new Map([
        ['one', { kind: 'number', values: new Float64Array(rows).fill(2), outOfRange: 0 }],
        ['none', { kind: 'number', values: new Float64Array(rows).fill(NaN), outOfRange: 0 }],
        ['all', { kind: 'category', categories: texts, codes: Int32Array.from(texts.keys()) }]
      ])
    }
    const { model, warnings } = await learn(poor, labels, ['one', 'none', 'all'])
    expect(warnings.join('\n')).toMatch(/every row gets the same points/)
    expect(model.characteristics.map(({ weight }) => weight)).toEqual([null, null, null])
    const share = labels.reduce((sum, label) => sum + label, 0) / rows
    expect(1 / (1 + Math.exp(-(model.offset - model.basePoints) / model.factor))).toBeCloseTo(share, 2)
    await expect(
      learn(
        poor,
        labels.map((_, row) => (row < 7 ? 1 : 0)),
        ['one'],
        { minEvents: 5 }
      )
    ).rejects.toThrow(/7 events, but two bins with 5 in each need 10/)
  })
})
