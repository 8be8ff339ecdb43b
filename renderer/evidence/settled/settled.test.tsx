// @vitest-environment jsdom
import { afterEach, expect, it } from 'vitest'
import { gainWords } from '../../../main/model/calibration'
import { Sha256 } from '../../../main/model/reference'
import { settledSchema, type Settled } from '../../../main/model/settled'
import { renderPlain, type RenderedScreen } from '../../host/testing'
import { SettledView } from './settled-view'

let screen: RenderedScreen | undefined
afterEach(async () => screen?.unmount())

const table = Sha256.parse('a'.repeat(64))
const [first, second, third] = ['1', '2', '3'].map((digit) => Sha256.parse(digit.repeat(64)))
const bin = (predicted: number, observed: number) => ({ count: 150, predicted, observed, lower: observed - 0.05, upper: observed + 0.05 })
const rate = (value: number) => ({ value, lower: value - 0.04, upper: value + 0.04 })
const about = { target: 'outcome', algorithm: 'gradient-boosting' }

/** A model that was calibrated, decided by costs and given sets. */
const settled: Settled = settledSchema.parse({
  calibration: {
    ...{
      schema: 'drydock.calibration',
      version: 1,
      task: 'binary-classification',
      ...about,
      method: 'platt',
      model: second,
      original: first
    },
    rows: {
      table,
      read: 310,
      used: 300,
      outcomes: [
        { name: 'not true', rows: 200 },
        { name: 'true', rows: 100 }
      ]
    },
    maps: [{ method: 'platt', slope: 0.8123, intercept: -0.25 }],
    figures: {
      ...{ folds: 5, before: { logLoss: 0.5012, brier: 0.1611 }, after: { logLoss: 0.4723, brier: 0.1542 } },
      gain: { value: 0.0289, lower: 0.0101, upper: 0.0477 }
    },
    curves: { of: 'true', before: [bin(0.2, 0.3), bin(0.8, 0.6)], after: [bin(0.29, 0.3), bin(0.62, 0.6)] },
    parity: { rows: 300, maxDifference: 3e-8 },
    warnings: ['There are fewer than 30 calibration rows of: true.']
  },
  decision: {
    ...{ schema: 'drydock.decision', version: 1, ...about, model: third, original: second },
    rows: { table, read: 300, used: 299, events: 100 },
    rule: { by: 'cost', costs: { falseAlarm: 1, missed: 5, found: 0, left: 0 } },
    threshold: 0.21,
    chosen: { selection: rate(0.6), recall: rate(0.91), precision: rate(0.5), specificity: rate(0.55), cost: 0.4512 },
    byProbabilities: 1 / 6,
    curve: [
      { threshold: 1, selection: 0, recall: 0, precision: null, cost: 1.6667 },
      { threshold: 0.5, selection: 0.29, recall: 0.59, precision: 0.71, cost: 0.7723 },
      { threshold: 0.49, selection: 0.3, recall: 0.6, precision: 0.7, cost: 0.7654 },
      { threshold: 0.21, selection: 0.6, recall: 0.91, precision: 0.5, cost: 0.4512 },
      { threshold: 0.17, selection: 0.7, recall: 0.93, precision: 0.45, cost: 0.5012 },
      { threshold: 1 / 6, selection: 0.71, recall: 0.94, precision: 0.44, cost: 0.5034 },
      { threshold: 0, selection: 1, recall: 1, precision: 0.33, cost: 0.6667 }
    ],
    warnings: []
  },
  intervals: {
    ...{ schema: 'drydock.intervals', version: 1, ...about, model: third },
    rows: { table, read: 300, used: 298 },
    intervals: { method: 'split-conformal', score: 'lac', coverage: 0.9, quantile: 0.7, rows: 298, table },
    ...{ expected: { lower: 0.864, upper: 0.931 }, size: 1.35, sizes: [0, 194, 104], warnings: [] }
  },
  measured: {
    ...{
      score: 'lac',
      promised: 0.9,
      rows: 600,
      covered: 0.895,
      lower: 0.868,
      upper: 0.917,
      size: 1.42,
      verdict: 'held',
      sizes: [0, 348, 252]
    },
    parts: [
      { name: 'not true', rows: 400, covered: 0.94, lower: 0.912, upper: 0.959, size: 1.3 },
      { name: 'true', rows: 200, covered: 0.805, lower: 0.745, upper: 0.854, size: 1.66 }
    ]
  }
})

const way = (value: number) => ({ cost: { value, lower: value - 0.1, upper: value + 0.1 }, accuracy: 0.8, decided: [0.5, 0.3, 0.2] })

/** Three classes, of which the third is dear to miss. */
const byCosts = settledSchema.parse({
  ...{ calibration: null, intervals: null, measured: null },
  decision: {
    ...{ schema: 'drydock.decision', version: 1, target: 'band', algorithm: 'gradient-boosting', model: second, original: first },
    rows: { table, read: 100, used: 100, classes: ['low', 'middle', 'high'].map((name) => ({ name, rows: 30 })), weight: 'counts' },
    rule: {
      by: 'class-costs',
      costs: [
        [0, 1, 1],
        [2, 0, 1],
        [20, 10, 0]
      ]
    },
    matrix: [
      [30, 2, 3],
      [1, 29, 5],
      [0, 1, 29]
    ],
    ...{ chosen: way(0.45), likeliest: way(0.9), single: { name: 'high', cost: 0.66 } },
    ...{ saved: { value: 0.45, lower: 0.2, upper: 0.7 }, warnings: [] }
  }
})

const press = async (label: string) => {
  const figure = screen!.container.querySelector(`figure[aria-label="${label}"]`)!
  await screen!.click([...figure.querySelectorAll('button')].find((button) => button.getAttribute('aria-label') === 'Show as table')!)
  return figure.textContent
}

it('shows what a calibration brought: both curves as a table, both figures, the rows and the verdict', async () => {
  screen = await renderPlain(<SettledView settled={settled} />)
  const text = screen.container.textContent
  expect(text).toContain('Platt scaling')
  expect(text).toContain('0.5012 before, 0.4723 after')
  expect(text).toContain('0.1611 before, 0.1542 after')
  expect(text).toContain('better: log loss less by 0.0289 nats a row (95% interval 0.0101 to 0.0477)')
  expect(text).toContain('300 of 310: 200 not true, 100 true')
  expect(text).toContain('There are fewer than 30 calibration rows of: true.')
  const curves = await press('Reliability of true')
  for (const figure of ['Before', 'After', '0.800', '0.620', '0.550', '150']) expect(curves).toContain(figure)
})

it('shows what was decided, by which rule, what it costs and what else would, with the curve as a table', async () => {
  screen = await renderPlain(<SettledView settled={settled} />)
  const text = screen.container.textContent
  expect(text).toContain('the lowest cost, where a false alarm costs 1 and a missed event 5')
  expect(text).toContain('91.0% (95%: 87.0 to 95.0)')
  const rows = [...screen.container.querySelectorAll('[aria-label="What else could have been decided"] [role="row"]')].map((row) =>
    [...row.querySelectorAll('[role="gridcell"], [role="cell"]')].map((cell) => cell.textContent)
  )
  expect(rows.filter((row) => row.length > 0)).toEqual([
    ['chosen', '0.2100', '60.0', '91.0', '50.0', '0.4512'],
    ['one half', '0.5000', '29.0', '59.0', '71.0', '0.7723'],
    ['by probabilities', '0.1667', '71.0', '94.0', '44.0', '0.5034'],
    ['no row', '1.0000', '0.0', '0.0', '–', '1.6667'],
    ['every row', '0.0000', '100.0', '100.0', '33.0', '0.6667']
  ])
  expect(await press('Cost a row by threshold')).toContain('0.7654')
})

it('shows the promise beside what was measured, over all rows and by class, and how large the sets are', async () => {
  screen = await renderPlain(<SettledView settled={settled} />)
  const text = screen.container.textContent
  expect(text).toContain('90.0% of new outcomes within: the classes of at least 30.0%')
  expect(text).toContain('held: 89.5% of 600 outcomes within (86.8% to 91.7%), 90.0% were promised')
  expect(text).toContain('1.42 classes a row; 1.35 classes a row on the rows of the promise')
  for (const figure of ['80.5%', '74.5% to 85.4%', '1.66']) expect(text).toContain(figure)
  expect(await press('Size of the sets')).toContain('42.0')
})

it('says that a threshold which a person gave was measured and not chosen on the rows', async () => {
  const decision = { ...settled.decision!, rule: { by: 'given' as const } } as Settled['decision']
  screen = await renderPlain(<SettledView settled={{ ...settled, decision }} />)
  expect(screen.container.textContent).toContain('A person gave the threshold and no row chose it')
  expect(screen.container.textContent).not.toContain('Chosen on these rows alone')
})

it('tells a correction that does harm by the ends of what it costs', () => {
  expect(gainWords({ value: -0.01, lower: -0.02, upper: -0.001 })).toBe(
    'worse: log loss more by 0.0100 nats a row (95% interval 0.0010 to 0.0200)'
  )
})

it('says where intervals were not measured yet, and draws nothing for what was not settled', async () => {
  screen = await renderPlain(<SettledView settled={{ ...settled, calibration: null, decision: null, measured: null }} />)
  expect(screen.container.textContent).toContain('not yet: evaluate the model on rows of its own')
  expect(screen.container.textContent).not.toContain('Calibration before and after')
})

it('shows of several classes what deciding by costs saves, how often each is decided for, and what each mistake costs', async () => {
  screen = await renderPlain(<SettledView settled={byCosts} />)
  const text = screen.container.textContent
  expect(text).toContain('cheaper: 0.45 (95% interval 0.2 to 0.7) a row less than the likeliest class')
  expect(await press('Cost a row')).toContain('Always high')
  const cells = (label: string) =>
    [...screen!.container.querySelectorAll(`[aria-label="${label}"] [role="row"]`)]
      .map((row) => [...row.querySelectorAll('[role="gridcell"], [role="cell"]')].map((cell) => cell.textContent))
      .filter((row) => row.length > 0)
  // 35 of 100 by what each row counts, where 30 rows are of the class.
  expect(cells('How often each class is decided for')[0]).toEqual(['low', '35.0', '50.0', '50.0'])
  expect(text).toContain('of 3 classes counting by "counts"')
  expect(text).toContain('Rows, by weight')
  const mistakes = cells('What each decision costs')
  // The dearest first: one high row decided for the middle costs 10 of 100 rows.
  expect(mistakes[0]).toEqual(['high', 'middle', '10', '1', '0.1000'])
  expect(mistakes).toContainEqual(['high', 'low', '20', '0', '0'])
})
