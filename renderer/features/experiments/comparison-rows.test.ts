import { describe, expect, it } from 'vitest'
import type { ComparedMetric, RunComparison } from '../../../main/model/run'
import { comparisonAnswer, comparisonSections, comparisonText, metricVerdict } from './comparison-rows'
import { runSummary } from '../../../main/testing/sample-runs'

const metric = (change: Partial<ComparedMetric>): ComparedMetric => ({
  key: 'auc',
  label: 'AUC',
  unit: 'share',
  direction: 'higher',
  values: [
    { value: 0.8, low: 0.78, high: 0.82 },
    { value: 0.9, low: 0.88, high: 0.92 }
  ],
  comparable: [true, true],
  best: 1,
  separated: true,
  differs: true,
  ...change
})
const comparison: RunComparison = {
  runs: [runSummary('a|b'), runSummary('c')],
  metrics: [metric({}), metric({ key: 'brier', separated: false, differs: false, best: null })],
  parameters: [
    { key: 'trees', values: ['10', '20'], differs: true },
    { key: 'l2', values: ['0', '0'], differs: false }
  ],
  data: [],
  environment: [],
  code: [{ key: 'note', values: ['two\nlines', null], differs: true }],
  warnings: []
}

describe('what is said of a metric', () => {
  it('names a best run only when intervals are apart', () => {
    expect(metricVerdict(metric({}))).toBe('')
    expect(metricVerdict(metric({ separated: false }))).toBe('within noise')
    expect(metricVerdict(metric({ best: null, separated: false }))).toBe('no difference')
    expect(metricVerdict(metric({ separated: false, values: [{ value: 1, low: null, high: null }, metric({}).values[0]] }))).toBe(
      'no intervals'
    )
    expect(metricVerdict(metric({ best: null, separated: false, values: [metric({}).values[0], null] }))).toBe('one value')
    expect(metricVerdict(metric({ best: null, separated: false, comparable: [true, false] }))).toBe('not comparable')
    expect(metricVerdict(metric({ best: null, separated: false, direction: null }))).toBe('direction unknown')
  })

  it('answers which run is better, and never more than the figures say', () => {
    const names = new Map(comparison.runs.map((each) => [each.id, each.name]))
    const answer = (change: Partial<ComparedMetric>) => comparisonAnswer({ ...comparison, metrics: [metric(change)] }, 'auc', names)
    expect(answer({})).toBe('"c" has the best AUC, 0.900 (0.880\u20130.920). It is better than "a|b" beyond noise.')
    const close = [
      { value: 0.9, low: 0.86, high: 0.94 },
      { value: 0.91, low: 0.87, high: 0.95 }
    ]
    expect(answer({ separated: false, values: close })).toBe(
      '"c" has the best AUC, 0.910 (0.870\u20130.950), but not beyond noise. Its difference to "a|b", the baseline, +0.010 (95% CI \u22120.047 to +0.067), may be chance.'
    )
    const bare = close.map((each) => ({ ...each, low: null, high: null }))
    expect(answer({ separated: false, values: bare })).toContain('+0.010, has no interval')
    expect(answer({ separated: false, best: null, comparable: [true, false] })).toContain('no two runs were judged on the same test data')
    expect(answer({ separated: false, best: null, direction: null })).toBeNull()
    expect(comparisonAnswer(comparison, 'rmse', names)).toBeNull()
  })
})

describe('the run that the best one is held against', () => {
  const three: RunComparison = { ...comparison, runs: [runSummary('base'), runSummary('best'), runSummary('next')] }
  const value = (at: number) => ({ value: at, low: at - 0.05, high: at + 0.05 })
  const answer = (change: Partial<ComparedMetric>) =>
    comparisonAnswer({ ...three, metrics: [metric({ comparable: [true, true, true], separated: false, ...change })] }, 'auc', new Map())
  it('is the baseline where it can be compared, although another run comes nearer', () => {
    expect(answer({ values: [value(0.7), value(0.8), value(0.79)] })).toContain('Its difference to "base", the baseline, +0.100')
  })
  it('is the next best where the baseline has no value, was judged on other rows, or is the best itself', () => {
    for (const change of [
      { values: [null, value(0.8), value(0.79)] },
      { values: [value(0.7), value(0.8), value(0.79)], comparable: [false, true, true] }
    ]) {
      const said = answer(change)
      expect(said).toContain('Its difference to "next", +0.010')
      expect(said).not.toContain('baseline')
    }
    expect(answer({ values: [value(0.8), value(0.7), value(0.79)], best: 0 })).toContain('Its difference to "next", +0.010')
    expect(answer({ values: [value(0.3), value(0.2), value(0.25)], best: 1, direction: 'lower' })).toContain('to "base", the baseline')
    expect(answer({ values: [value(0.2), value(0.3), value(0.25)], best: 0, direction: 'lower' })).toContain('Its difference to "next"')
  })
})

describe('rows and copies', () => {
  it('keeps only what differs when asked, and says how many there were', () => {
    const sections = comparisonSections(comparison, true)
    expect(sections.map((section) => [section.title, section.rows.map((row) => row.key), section.total])).toEqual([
      ['Metrics', ['auc'], 2],
      ['Parameters', ['trees'], 2],
      ['Data', [], 0],
      ['Code', ['note'], 1],
      ['Environment', [], 0]
    ])
  })
  it('copies for a spreadsheet and as Markdown without breaking the table', () => {
    const sections = comparisonSections(comparison, true)
    const tsv = comparisonText(comparison, sections, 'tsv')
    expect(tsv.trimEnd().split('\n')).toHaveLength(4)
    expect(tsv).toContain('Code\tnote\ttwo lines\t\u2013\t')
    const markdown = comparisonText(comparison, sections, 'markdown')
    expect(markdown.split('\n')[0]).toBe('| Section | Row | a\\|b (baseline) | c | Verdict |')
    expect(markdown).toContain('| Metrics | AUC | 0.800 (0.780\u20130.820) | 0.900 (0.880\u20130.920) | best: c |')
  })
})
