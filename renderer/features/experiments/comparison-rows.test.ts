import { describe, expect, it } from 'vitest'
import type { ComparedMetric, ComparedPair, RunComparison } from '../../../main/model/run'
import { comparisonAnswer, comparisonSections, comparisonText, metricVerdict, pairText } from './comparison-rows'
import { metricFormat } from '../../evidence'
import { runSummary } from '../../../main/testing/sample-runs'

const pair = (change: Partial<ComparedPair> = {}): ComparedPair => ({
  difference: 0.1,
  low: 0.06,
  high: 0.14,
  level: 0.95,
  p: 0.0004,
  method: 'delong',
  rows: 2500,
  verdict: 'better',
  why: null,
  ...change
})
const chance = (change: Partial<ComparedPair> = {}) =>
  pair({ difference: 0.01, low: -0.047, high: 0.067, p: 0.41, verdict: 'cannot-be-told', ...change })
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
  pairs: [null, pair()],
  best: 1,
  separated: true,
  rival: { run: 0, pair: pair() },
  differs: true,
  ...change
})
const comparison: RunComparison = {
  baseline: { run: runSummary('a|b').id, reason: 'first' },
  isJudged: true,
  runs: [runSummary('a|b'), runSummary('c')],
  metrics: [metric({}), metric({ key: 'brier', separated: false, differs: false, best: null, rival: null })],
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
  it('is the word of the verdict that its cells have too', () => {
    const said = (change: Partial<ComparedMetric>, isJudged = true) => metricVerdict(metric(change), isJudged)
    expect(said({})).toBe('better')
    for (const [verdict, words] of [
      ['worse', 'worse'],
      ['same', 'same'],
      ['cannot-be-told', 'cannot be told'],
      ['not-comparable', 'not comparable']
    ] as const)
      expect(said({ pairs: [null, pair({ verdict })] })).toBe(words)
    expect(said({ pairs: [null, pair(), chance(), pair(), null] })).toBe('2 better, 1 cannot be told')
    expect(said({ values: [metric({}).values[0], null] })).toBe('one value')
    expect(said({ direction: null })).toBe('direction unknown')
    expect(said({ pairs: [null, null] }, false)).toBe('comparing')
  })

  it('rests on a difference, its interval, a p, a method and rows, which a cell shows on request', () => {
    const text = (of: ComparedPair) => pairText(metricFormat('auc'), of)
    expect(text(pair())).toBe('+0.100 (95% CI +0.060 to +0.140), better, p < 0.001. DeLong, same rows (2,500 rows)')
    expect(text(chance({ method: 'independent', rows: null }))).toBe(
      '+0.010 (95% CI \u22120.047 to +0.067), cannot be told, p 0.410. as if judged on different rows'
    )
    expect(text(pair({ level: 1 - 0.05 / 3 }))).toContain('(98.33% CI +0.060')
    const none = { difference: null, low: null, high: null, level: null, p: null, method: 'none', rows: null } as const
    expect(text(pair({ ...none, verdict: 'not-comparable', why: 'judged on other rows' }))).toBe('not comparable (judged on other rows)')
  })

  it('answers which run is better, and never more than the verdict says', () => {
    const names = new Map(comparison.runs.map((each) => [each.id, each.name]))
    const answer = (change: Partial<ComparedMetric>, isJudged = true) =>
      comparisonAnswer({ ...comparison, isJudged, metrics: [metric(change)] }, 'auc', names)
    expect(answer({})).toBe('"c" has the best AUC, 0.900 (0.880\u20130.920). It is better than "a|b" beyond chance.')
    const runs = [comparison.runs[0], { ...comparison.runs[1], gate: 'fail' as const }]
    expect(comparisonAnswer({ ...comparison, runs }, 'auc', names)).toMatch(/beyond chance\. Its gate did not pass: it cannot be approved/)
    const untold = (of: ComparedPair) => answer({ separated: false, rival: { run: 0, pair: of } })
    expect(untold(chance())).toBe(
      '"c" has the best AUC, 0.900 (0.880\u20130.920), but that may be chance. Its difference to "a|b", the baseline, +0.010 (95% CI \u22120.047 to +0.067), cannot be told from none.'
    )
    expect(untold(pair())).toContain('is more than chance, but it cannot be told from every other run.')
    expect(untold(chance({ low: null, high: null, why: 'no interval' }))).toContain('+0.010, cannot be told: no interval.')
    expect(answer({}, false)).toContain('Comparing the runs row by row')
    expect(answer({ best: null, rival: null, comparable: [true, false] })).toContain('no two runs were judged on the same test data')
    expect(answer({ best: null, rival: null, differs: false })).toBe('All runs have the same AUC.')
    expect(answer({ separated: false, best: null, direction: null })).toBeNull()
    expect(comparisonAnswer(comparison, 'rmse', names)).toBeNull()
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
    expect(markdown).toContain('| Metrics | AUC | 0.800 (0.780\u20130.820) | 0.900 (0.880\u20130.920) | better |')
  })
})
