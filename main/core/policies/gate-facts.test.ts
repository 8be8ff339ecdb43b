import { describe, expect, it } from 'vitest'
import type { QualityFinding, QualityReport } from '../../model/quality'
import type { ModelSignature, TrainedModel } from '../../model/training'
import { anEvaluation, digestOf } from '../bundle-format/documents/bundle-facts.fixture'
import { deriveGateFacts, explainAbsent, findingsBehind } from './gate-facts'

const finding = (kind: QualityFinding['kind'], severity: QualityFinding['severity'], ...columns: string[]) =>
  ({ kind, severity, columns, evidence: {} }) as unknown as QualityFinding
const looked = ['speed', 'repair_cost', 'outcome_code']
const quality = {
  rows: 240,
  target: { column: 'damaged', positive: ['true'], rate: 0.1, rows: 240 },
  features: looked,
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
    target: { name: 'damaged', positive: true, negatives: [false] },
    features: features.map((name) => ({ name })),
    parity: { rows, maxDifference: 1e-7 }
  }) as TrainedModel

describe('the facts of a gate', () => {
  it('are absent where there is no document', () => {
    expect(deriveGateFacts({})).toEqual({ metrics: {}, fairness: {}, data: {}, model: {}, run: {}, evaluation: {}, split: {} })
  })

  it('count no leak and no sign of a bad split where a report did not look for one', () => {
    const data = { rows: 240, errors: 3, warnings: 2 }
    expect(deriveGateFacts({ quality }).data).toEqual({ ...data, split_findings: 1 })
    expect(deriveGateFacts({ quality: { ...quality, findings: [] } }).data).toEqual(data)
    expect(explainAbsent({ quality })['data.leakage_findings']).toMatch(/not on record/)
    expect(explainAbsent({ training: trainedOn(['speed']) })['data.leakage_findings']).toMatch(/Connect the one of a quality check/)
    expect(explainAbsent({})['data.errors']).toMatch(/^no quality report is connected to the gate\. Connect the one/)
    expect(explainAbsent({ quality })).not.toHaveProperty('data.errors')
    const evaluation = anEvaluation()
    expect(explainAbsent({ evaluation: { ...evaluation, fairness: null } })['fairness.disparate_impact_lower']).toMatch(
      /^the evaluation compared no groups\. Choose their column in the evaluate step/
    )
    expect(explainAbsent({ evaluation })).not.toHaveProperty('fairness.disparate_impact_lower')
  })

  it.each([
    [
      'no target',
      { target: null },
      'has no target, so it looked for no leakage, and the model predicts "damaged". Give the quality step the target "damaged".'
    ],
    [
      'another target',
      { target: { ...quality.target!, column: 'day' } },
      'looked for leakage of "day", and the model predicts "damaged". Give the quality step the target "damaged".'
    ],
    [
      'another event',
      { target: { ...quality.target!, positive: ['true', 'maybe'] } },
      'Give the quality step the target "damaged" with positive: ["true"].'
    ],
    ['the other, more frequent outcome', { target: { ...quality.target!, positive: ['false'], rate: 0.9 } }, 'with positive: ["true"]'],
    ['other columns', { features: ['repair_cost', 'outcome_code'] }, 'did not look at "speed", which the model reads.']
  ])('know of no leak by a report of %s, and say what to do', (_, differs, advice) => {
    const sources = { quality: { ...quality, ...differs }, training: trainedOn(['speed']) }
    expect(deriveGateFacts(sources).data).not.toHaveProperty('leakage_findings')
    expect(explainAbsent(sources)['data.leakage_findings']).toContain(advice)
  })

  it('know of leaks by a report of the other outcome, where that is the rarer one', () => {
    const target = { ...quality.target!, positive: ['false'], rate: 0.1 }
    expect(deriveGateFacts({ quality: { ...quality, target }, training: trainedOn(['speed']) }).data).toMatchObject({ leakage_findings: 0 })
    expect(explainAbsent({ quality, training: trainedOn(['speed']) })).not.toHaveProperty('data.leakage_findings')
  })

  it('count leaks of the kind of question that a model answers, where the report looked for that', () => {
    const told = (task: 'multiclass' | 'regression', column: string) =>
      ({ ...finding('leakage-suspected', 'error', column), evidence: { tasks: [task] } }) as QualityFinding
    const report = (...tasks: ('multiclass' | 'regression')[]): QualityReport => ({
      ...quality,
      target: null,
      sought: { column: 'damaged', tasks },
      findings: [told('multiclass', 'outcome_code'), told('regression', 'repair_cost'), finding('leakage-declared', 'error', 'speed')]
    })
    const model = (task: 'multiclass' | 'regression', ...features: string[]) =>
      ({ ...trainedOn(features), task, target: { name: 'damaged' } }) as unknown as TrainedModel
    const leaks = (quality: QualityReport, training: TrainedModel) => deriveGateFacts({ quality, training }).data!.leakage_findings
    const both = report('multiclass', 'regression')
    expect(leaks(both, model('multiclass', 'outcome_code', 'repair_cost'))).toBe(1)
    expect(leaks(both, model('regression', 'outcome_code', 'repair_cost'))).toBe(1)
    expect(leaks(both, model('regression', 'outcome_code', 'speed'))).toBe(1)
    expect(leaks(report('regression'), model('regression', 'outcome_code'))).toBe(0)
    // What is declared is a leak of any question, whatever a report says of its own.
    const declared = { ...finding('leakage-declared', 'error', 'speed'), evidence: { tasks: ['binary'] } }
    for (const task of ['multiclass', 'regression'] as const)
      expect(leaks({ ...both, findings: [declared] }, model(task, 'outcome_code', 'speed'))).toBe(1)
    for (const [training, advice] of [
      [
        model('multiclass', 'speed'),
        'looked for leaks of an amount only, and the model answers one of several classes. Give the quality step the target "damaged" with task: multiclass.'
      ],
      [
        trainedOn(['speed']),
        'looked for leaks of an amount only, and the model answers yes or no. Give the quality step the target "damaged".'
      ]
    ] as const) {
      expect(leaks(report('regression'), training)).toBeUndefined()
      expect(explainAbsent({ quality: report('regression'), training })['data.leakage_findings']).toContain(advice)
    }
    // A report of an earlier version looked for leaks of a yes or no alone.
    expect(leaks(quality, model('regression', 'speed'))).toBeUndefined()
  })

  it('take what a model reads from its signature, before what a record of its training says', () => {
    const signature = {
      target: { name: 'damaged', positive: true, negatives: [false] },
      inputs: [{ name: 'outcome_code' }]
    } as ModelSignature
    expect(deriveGateFacts({ quality, signature }).data).toMatchObject({ leakage_findings: 1 })
    expect(deriveGateFacts({ quality, signature, training: trainedOn(['speed']) }).data).toMatchObject({ leakage_findings: 1 })
  })

  it.each([
    ['1.0', 1, true],
    ['1', 1, true],
    ['yes', 'yes', true],
    ['', 0, false],
    ['1', '1.0', false]
  ])('hold the event %j of a report against the value %j of a model: %s', (text, positive, same) => {
    const target = { ...quality.target!, positive: [text] }
    const training = { ...trainedOn(['speed']), target: { name: 'damaged', positive, negatives: [] } } as TrainedModel
    expect('leakage_findings' in deriveGateFacts({ quality: { ...quality, target }, training }).data!).toBe(same)
  })

  it.each([
    [['speed'], 0],
    [['speed', 'repair_cost'], 1],
    [['outcome_code'], 1],
    [['repair_cost', 'outcome_code'], 2]
  ])('count the leaks in the features %s of a model: %i', (features, leaks) => {
    const sources = { quality, training: trainedOn(features) }
    expect(deriveGateFacts(sources).data).toMatchObject({ leakage_findings: leaks })
    expect(findingsBehind(sources)['data.leakage_findings']).toHaveLength(leaks)
  })

  it('count a leak of several columns for each model that reads one of them', () => {
    const together = {
      ...quality,
      features: [...looked, 'repair_days'],
      findings: [finding('leakage-suspected', 'error', 'repair_cost', 'repair_days')]
    }
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
    const moved = { ...trainedOn(['speed']), parity: { rows: 100, maxDifference: 0, unrounded: { maxDifference: 0.055, beyond: 1 } } }
    expect(deriveGateFacts({ training: moved }).model).toMatchObject({ parity: 0.055 })
    expect(deriveGateFacts({ training: trainedOn(['speed'], 0) }).model).toEqual({ algorithm: 'logistic-regression', features: ['speed'] })
  })

  it('keep metrics from elsewhere, those too that are no finite number: a rule on them must not take them as never measured', () => {
    const customMetrics = { recall_at_5: 0.4, lost: Number.NaN, endless: Infinity }
    expect(deriveGateFacts({ customMetrics }).metrics).toEqual(customMetrics)
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

  it('say what ties both sides of the split, the worse of evaluation and quality report, and nothing where nobody looked', () => {
    const tied = { column: 'patient', role: 'group' as const, shared: 12, of: 40, rows: 30 }
    const times = [{ column: 'day', overlap: 7, of: 300, trainingEnds: null, judgedBegins: null }]
    const evaluation = {
      ...anEvaluation(),
      splitCheck: { judgedRows: 100, groups: [tied, { ...tied, column: 'clinic', shared: 0 }], times: [] }
    }
    expect(deriveGateFacts({ evaluation })).toMatchObject({
      split: { groups_shared: 12, group_rows_share: 0.3 },
      data: { split_findings: 1 }
    })
    expect(deriveGateFacts({ evaluation }).split).not.toHaveProperty('time_overlap')
    const report = { ...quality, findings: [], split: { judgedRows: 100, groups: [{ ...tied, shared: 3 }], times } }
    expect(deriveGateFacts({ evaluation, quality: report })).toMatchObject({
      split: { groups_shared: 12, group_rows_share: 0.3, time_overlap: 7, time_overlap_share: 7 / 300 },
      data: { split_findings: 2 }
    })
    // A split by groups does not promise that its sides are apart in time.
    const byGroups = { judgedRows: 100, groups: [{ ...tied, shared: 0, rows: 0 }], times: [{ ...times[0]!, dividedBy: 'group' as const }] }
    expect(deriveGateFacts({ evaluation: { ...evaluation, splitCheck: byGroups } })).toMatchObject({
      split: { groups_shared: 0, group_rows_share: 0, time_overlap: 7, time_overlap_share: 0 },
      data: { split_findings: 0 }
    })
    expect(deriveGateFacts({ evaluation: anEvaluation() })).toMatchObject({ split: {}, data: {} })
    expect(explainAbsent({ evaluation: anEvaluation() })['split.groups_shared']).toContain('Give the columns their roles')
  })

  it('are what is on record of the run', () => {
    const run = { seeded: true, reproducible: false, trials: 3 }
    expect(deriveGateFacts({ run }).run).toEqual(run)
    expect(deriveGateFacts({ run: null, quality: null, training: null, evaluation: null })).toEqual(deriveGateFacts({}))
  })
})
