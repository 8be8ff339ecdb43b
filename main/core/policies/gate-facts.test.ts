import { describe, expect, it } from 'vitest'
import type { QualityFinding, QualityReport } from '../../model/quality'
import type { TrainedModel } from '../../model/training'
import { anEvaluation, digestOf } from '../bundle-format/documents/bundle-facts.fixture'
import { deriveGateFacts } from './gate-facts'

const finding = (kind: QualityFinding['kind'], severity: QualityFinding['severity'], ...columns: string[]) =>
  ({ kind, severity, columns }) as QualityFinding
const quality = {
  rows: 240,
  counts: { error: 3, warning: 2, info: 1 },
  findings: [
    finding('leakage-declared', 'error', 'repair_cost'),
    finding('leakage-suspected', 'error', 'outcome_code'),
    finding('missing', 'error', 'speed'),
    finding('split-overlap', 'warning'),
    finding('split-shift', 'info'),
    finding('outliers', 'warning', 'speed')
  ]
} as QualityReport
/** A model that learnt from these columns; `rows` were compared between its two forms. */
const trainedOn = (features: string[], rows = 100) =>
  ({
    algorithm: 'logistic-regression',
    features: features.map((name) => ({ name })),
    parity: { rows, maxDifference: 1e-7 }
  }) as TrainedModel

describe('the facts of a gate', () => {
  it('are absent where there is no document', () => {
    expect(deriveGateFacts({})).toEqual({ metrics: {}, fairness: {}, data: {}, model: {}, run: {}, evaluation: {} })
  })

  it('count every leak where it is not known what the model learnt from', () => {
    expect(deriveGateFacts({ quality }).data).toEqual({ rows: 240, errors: 3, warnings: 2, leakage_findings: 2, split_findings: 1 })
  })

  it.each([
    [['speed'], 0],
    [['speed', 'repair_cost'], 1],
    [['outcome_code'], 1],
    [['repair_cost', 'outcome_code'], 2]
  ])('count the leaks in the features %s of a model: %i', (features, leaks) => {
    expect(deriveGateFacts({ quality, training: trainedOn(features) }).data).toMatchObject({ leakage_findings: leaks })
  })

  it('count a leak of several columns for each model that reads one of them', () => {
    const together = { ...quality, findings: [finding('leakage-suspected', 'error', 'repair_cost', 'repair_days')] }
    for (const [features, leaks] of [
      [['speed', 'repair_days'], 1],
      [['speed'], 0]
    ] as const)
      expect(deriveGateFacts({ quality: together, training: trainedOn([...features]) }).data).toMatchObject({ leakage_findings: leaks })
  })

  it('say of a model what it was made of, and of its two forms only where they were compared', () => {
    expect(deriveGateFacts({ training: trainedOn(['speed'], 1) }).model).toEqual({
      algorithm: 'logistic-regression',
      features: ['speed'],
      parity: 1e-7
    })
    expect(deriveGateFacts({ training: trainedOn(['speed'], 0) }).model).toEqual({ algorithm: 'logistic-regression', features: ['speed'] })
  })

  it('keep metrics from elsewhere that are numbers', () => {
    expect(deriveGateFacts({ customMetrics: { recall_at_5: 0.4, lost: Number.NaN, endless: Infinity } }).metrics).toEqual({
      recall_at_5: 0.4
    })
  })

  it('are those of the evaluation: each metric it has, the groups it compared, what was judged', () => {
    const evaluation = anEvaluation()
    const facts = deriveGateFacts({ evaluation, customMetrics: { auc: 0.999, recall_at_5: 0.4 } })
    // What somebody logged under the name of a metric never replaces the one that was measured.
    expect(facts.metrics).toMatchObject({ auc: 0.871, auc_lower: expect.closeTo(0.858, 6), recall_at_5: 0.4 })
    expect(facts.fairness).toMatchObject({ column: 'phase_of_flight', disparate_impact: expect.any(Number) })
    expect(facts.evaluation).toMatchObject({
      split: 'test',
      rows: evaluation.rows.judged,
      positives: evaluation.rows.positives,
      independent: true,
      rows_shared: 0
    })
    expect(deriveGateFacts({ evaluation: { ...evaluation, fairness: null } }).fairness).toEqual({})
  })

  it.each([
    ['none is shared', 0, {}, { independent: true, rows_shared: 0 }],
    ['a few are shared', 1, {}, { independent: true, rows_shared: 1 }],
    ['many are shared', 2_000, {}, { independent: false, rows_shared: 2_000 }],
    ['it is the same table', 0, { trainingRows: digestOf('judged rows') }, { independent: false, rows_shared: 0 }],
    ['that is not known', null, {}, {}]
  ])('say whether the judged rows were new, where %s', (_, rowsShared, subject, expected) => {
    const evaluation = anEvaluation()
    const facts = deriveGateFacts({
      evaluation: { ...evaluation, rowsShared, subject: { ...evaluation.subject!, ...subject } }
    }).evaluation!
    const { independent, rows_shared } = facts
    expect({ independent, rows_shared }).toEqual({ independent: undefined, rows_shared: undefined, ...expected })
    expect(Object.keys(facts)).not.toContain(rowsShared === null ? 'rows_shared' : 'nothing')
  })

  it('are what is on record of the run', () => {
    const run = { seeded: true, reproducible: false, trials: 3 }
    expect(deriveGateFacts({ run }).run).toEqual(run)
    expect(deriveGateFacts({ run: null, quality: null, training: null, evaluation: null })).toEqual(deriveGateFacts({}))
  })
})
