import { describe, expect, it } from 'vitest'
import type { QualityFinding, QualityReport } from '../../model/quality'
import type { TrainedModel } from '../../model/training'
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

  it('say of a model what it was made of, and of its two forms only where they were compared', () => {
    expect(deriveGateFacts({ training: trainedOn(['speed']) }).model).toEqual({
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
})
