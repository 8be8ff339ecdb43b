import { describe, expect, it } from 'vitest'
import type { ComparedMetric, RunComparison, RunSummary } from '../../../main/model/run'
import { comparisonSections, comparisonText, metricVerdict } from './comparison-rows'

const metric = (change: Partial<ComparedMetric>): ComparedMetric => ({
  key: 'auc',
  label: 'AUC',
  unit: 'share',
  direction: 'higher',
  values: [
    { value: 0.8, low: 0.78, high: 0.82 },
    { value: 0.9, low: 0.88, high: 0.92 }
  ],
  best: 1,
  separated: true,
  differs: true,
  ...change
})
const run = (name: string): RunSummary => ({
  id: name.padStart(32, '0'),
  experiment: 'e',
  name,
  status: 'finished',
  algorithm: 'a',
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: null,
  duration: null,
  pipeline: null,
  pipelineRun: null,
  parameters: {},
  metrics: {},
  tags: {},
  registered: [],
  gate: null
})
const comparison: RunComparison = {
  runs: [run('a|b'), run('c')],
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
    expect(metricVerdict(metric({ separated: false }))).toBe('not separated')
    expect(metricVerdict(metric({ best: null, separated: false }))).toBe('no difference')
    expect(metricVerdict(metric({ separated: false, values: [{ value: 1, low: null, high: null }, metric({}).values[0]] }))).toBe(
      'no intervals'
    )
    expect(metricVerdict(metric({ best: null, separated: false, values: [metric({}).values[0], null] }))).toBe('one value')
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
