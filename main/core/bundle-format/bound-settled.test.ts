import { expect, it } from 'vitest'
import { calibrationRecordSchema } from '../../model/calibration'
import { intervalsRecordSchema, measuredIntervalsSchema } from '../../model/conformal'
import { decisionRecordSchema } from '../../model/decision'
import { Sha256 } from '../../model/reference'
import type { ModelSignature } from '../../model/training'
import { findUnboundMeasured, findUnboundSettled } from './bound-settled'

const digest = (digit: string): Sha256 => Sha256.parse(digit.repeat(64))
const [trained, calibrated, decided, table] = ['1', '2', '3', 'a'].map(digest) as [Sha256, Sha256, Sha256, Sha256]
const about = { target: 'outcome', algorithm: 'gradient-boosting' }
const figures = { logLoss: 0.5, brier: 0.2 }

const calibration = calibrationRecordSchema.parse({
  ...{
    schema: 'drydock.calibration',
    version: 1,
    task: 'binary-classification',
    ...about,
    method: 'platt',
    model: calibrated,
    original: trained
  },
  rows: { table, read: 300, used: 300, outcomes: [] },
  maps: [{ method: 'platt', slope: 1, intercept: 0 }],
  figures: { folds: 5, before: figures, after: figures, gain: { value: 0, lower: 0, upper: 0 } },
  ...{ curves: { of: 'true', before: [], after: [] }, parity: { rows: 300, maxDifference: 0 }, warnings: [] }
})
const rule = { by: 'given' as const }
const decision = decisionRecordSchema.parse({
  ...{ schema: 'drydock.decision', version: 1, ...about, model: decided, original: calibrated },
  ...{ rows: { table, read: 300, used: 300, events: 100 }, rule, threshold: 0.3 },
  ...{ chosen: { selection: null, recall: null, precision: null, specificity: null }, curve: [], warnings: [] }
})
const signedIntervals = { method: 'split-conformal' as const, score: 'lac' as const, coverage: 0.9, quantile: 0.5, rows: 300, table }
const intervals = intervalsRecordSchema.parse({
  ...{ schema: 'drydock.intervals', version: 1, ...about, model: decided, rows: { table, read: 300, used: 300 } },
  ...{ intervals: signedIntervals, expected: { lower: 0.8, upper: 0.95 }, size: 1, warnings: [] }
})
const signature = {
  ...{ algorithm: about.algorithm, target: { name: about.target } },
  calibration: { method: 'platt', rows: 300, table, original: trained },
  decision: { threshold: 0.3, rule, rows: 300, table },
  intervals: signedIntervals
} as unknown as ModelSignature
const all = { calibration, decision, intervals }

it('takes the records of the enclosed model, whatever was settled and in whatever order', () => {
  expect(findUnboundSettled(all, signature, decided)).toEqual([])
  expect(findUnboundSettled({ calibration }, signature, calibrated)).toEqual([])
  // Intervals before the threshold: the graph got its label afterwards.
  expect(findUnboundSettled({ ...all, intervals: { ...intervals, model: calibrated } }, signature, decided)).toEqual([])
  // Bundles of earlier programs carry no record.
  expect(findUnboundSettled({}, signature, decided)).toEqual([])
})

it.each([
  [
    'another threshold',
    { ...all, decision: { ...decision, threshold: 0.4 } },
    /decision\.json says something else than model\/signature\.json/
  ],
  [
    'other rows',
    { ...all, calibration: { ...calibration, rows: { ...calibration.rows, used: 299 } } },
    /calibration\.json says something else/
  ],
  [
    'another coverage',
    { ...all, intervals: { ...intervals, intervals: { ...signedIntervals, coverage: 0.95 } } },
    /intervals\.json says something else/
  ],
  [
    'rows that counted otherwise',
    { ...all, decision: decisionRecordSchema.parse({ ...decision, rows: { ...decision.rows, weight: 'counts' } }) },
    /decision\.json says something else/
  ],
  ['another target', { ...all, decision: { ...decision, target: 'other' } }, /decision\.json is about gradient-boosting for "other"/],
  [
    'another model',
    { ...all, decision: { ...decision, model: digest('9') } },
    /decision\.json is about the model 99999999, but the enclosed one is 33333333/
  ],
  [
    'a calibration of another model',
    { ...all, calibration: { ...calibration, model: digest('9') } },
    /calibration\.json is about the model 99999999/
  ],
  [
    'intervals measured on other rows than they say',
    { ...all, intervals: { ...intervals, rows: { ...intervals.rows, used: 299 } } },
    /intervals\.json says something else/
  ],
  [
    'intervals measured on another table than they say',
    { ...all, intervals: { ...intervals, rows: { ...intervals.rows, table: digest('b') } } },
    /intervals\.json says something else/
  ],
  ['intervals of another model', { ...all, intervals: { ...intervals, model: digest('9') } }, /intervals\.json is about the model 99999999/]
])('names %s', (_what, records, words) => {
  expect(findUnboundSettled(records, signature, decided)).toEqual([expect.stringMatching(words)])
})

it('holds the classes of a decision, and what an evaluation measured, against the signature', () => {
  const costs = [
    [0, 1, 1],
    [2, 0, 1],
    [20, 10, 0]
  ]
  const rule = { by: 'class-costs' as const, costs }
  const way = { cost: { value: 1, lower: 0, upper: 2 }, accuracy: 0.8, decided: [0.5, 0.3, 0.2] }
  const byCosts = (names: string[]) => ({
    ...{ schema: 'drydock.decision', version: 1, ...about, model: decided, original: calibrated },
    rows: { table, read: 300, used: 300, classes: names.map((name) => ({ name, rows: 100 })) },
    ...{ rule, chosen: way, likeliest: way, matrix: costs, single: { name: 'low', cost: 1 }, saved: way.cost, warnings: [] }
  })
  const signed = {
    ...{ task: 'multiclass-classification', algorithm: about.algorithm },
    target: { name: about.target, classes: ['low', 'middle', 'high'] },
    decision: { rule, rows: 300, table },
    intervals: signedIntervals
  } as unknown as ModelSignature
  const unbound = (names: string[]) => findUnboundSettled({ decision: decisionRecordSchema.parse(byCosts(names)) }, signed, decided)
  expect(unbound(['low', 'middle', 'high'])).toEqual([])
  expect(unbound(['low', 'high', 'middle'])).toEqual([expect.stringMatching(/decision\.json names other classes, or in another order/)])
  // What is drawn of it pairs its parts by place.
  expect(decisionRecordSchema.safeParse(byCosts(['low', 'middle', 'high', 'more'])).success).toBe(false)
  const measured = measuredIntervalsSchema.parse({
    ...{ score: 'lac', promised: 0.9, rows: 10, covered: 0.9, lower: 0.6, upper: 1, size: 1, parts: [] }
  })
  expect(findUnboundMeasured(measured, signed)).toEqual([])
  expect(findUnboundMeasured(undefined, signed)).toEqual([])
  for (const other of [{ promised: 0.8 }, { score: 'aps' }])
    expect(findUnboundMeasured({ ...measured, ...other }, signed)).toEqual([expect.stringContaining('measured other intervals')])
})

it('holds no record without a signature, nor one of a part that the signature does not have', () => {
  expect(findUnboundSettled({ calibration }, undefined, calibrated)).toEqual([
    expect.stringContaining('cannot be held against a signature')
  ])
  const { decision: _none, ...undecided } = signature
  expect(findUnboundSettled(all, undecided as ModelSignature, decided)).toEqual([
    expect.stringContaining('evidence/decision.json says something else')
  ])
})
