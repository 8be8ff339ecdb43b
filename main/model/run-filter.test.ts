import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WorkbenchError } from './errors'
import { parseRunFilter } from './run-filter'
import type { RunSummary } from './run'
import { RunId } from './reference'

const run = (over: Partial<RunSummary> = {}): RunSummary => ({
  id: RunId.parse('a'.repeat(32)),
  experiment: 'strikes',
  name: 'boosting 1',
  status: 'finished',
  algorithm: 'gradient-boosting',
  startedAt: '2026-01-02T00:00:00.000Z',
  endedAt: '2026-01-02T00:00:05.000Z',
  duration: 5,
  pipeline: 'train',
  pipelineRun: null,
  parameters: { trees: '100', 'odd name': 'x' },
  metrics: { auc: { value: 0.9, low: null, high: null }, 'val loss': { value: 0.2, low: null, high: null } },
  tags: {},
  registered: [],
  gate: null,
  testData: null,
  trainingData: null,
  rowsJudged: null,
  rowsShared: null,
  ...over
})
const matches = (text: string, over?: Partial<RunSummary>): boolean => parseRunFilter(text)(run(over))

describe('parseRunFilter', () => {
  it.each([
    ['', true],
    ['metrics.auc > 0.8', true],
    ['metrics.auc > 0.8 and params.trees >= 100', true],
    ['metrics.auc > 0.95 or params.trees = 100', true],
    ["not algorithm = 'gradient-boosting'", false],
    ["algorithm in ('logistic-regression', 'gradient-boosting')", true],
    ["algorithm not in ('logistic-regression')", true],
    ['metrics."val loss" < 0.3 and params."odd name" = x', true],
    ['gate is null', true],
    ['params.constructor is null and tags.toString is null', true],
    ['gate is not null', false],
    ['gate = pass', false],
    ['not gate = pass', true],
    ["name like 'boost%'", true],
    ["name not like '%2'", true],
    ['params.trees > 99.5', true],
    ['params.trees = 1e2', true],
    ['metrics.missing > 0 or (status = finished and duration <= 5)', true],
    ['metrics.auc > 0.8 and metrics.auc < 0.85 or status = finished', true]
  ])('%s -> %s', (text, expected) => expect(matches(text)).toBe(expected))

  it.each([
    'metrics.auc >',
    'metrics.auc 0.8',
    'colour = red',
    '(status = finished',
    "name = 'unclosed",
    'status = finished and',
    'gate is 3',
    'auc > 1',
    'name = a b'
  ])('refuses %s with the place of the mistake', (text) => {
    expect(() => parseRunFilter(text)).toThrowError(WorkbenchError)
    try {
      parseRunFilter(text)
    } catch (error) {
      expect((error as WorkbenchError).details?.at).toBeTypeOf('number')
    }
  })

  it('and, or and not agree with JavaScript on random expressions', () => {
    const leaf = fc.constantFrom(
      { text: 'metrics.auc > 0.5', value: true },
      { text: 'metrics.auc > 0.95', value: false },
      { text: 'status = failed', value: false },
      { text: 'gate is null', value: true }
    )
    const { tree } = fc.letrec<{ tree: { text: string; value: boolean } }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => ({ text: `(${a.text} and ${b.text})`, value: a.value && b.value })),
        fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => ({ text: `(${a.text} or ${b.text})`, value: a.value || b.value })),
        tie('tree').map((a) => ({ text: `not (${a.text})`, value: !a.value }))
      )
    }))
    fc.assert(
      fc.property(tree, ({ text, value }) => {
        expect(matches(text)).toBe(value)
      })
    )
  })

  it('never fails otherwise than with INVALID_INPUT, whatever is typed', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('(', ')', 'not ', 'a', '=', "'", '"', '.', 'in', ',', '1', ' ') })),
        (text) => {
          try {
            parseRunFilter(text)(run())
          } catch (error) {
            expect((error as WorkbenchError).code).toBe('INVALID_INPUT')
          }
        }
      )
    )
    expect(() => parseRunFilter('('.repeat(50_000))).toThrowError(/nested too deeply/)
    expect(() => parseRunFilter('not '.repeat(50_000))).toThrowError(/nested too deeply/)
  })

  it('quoted keys reach any parameter name', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (key) => {
        const filter = parseRunFilter(`params."${key.replace(/[\\"]/g, '\\$&')}" = 'v'`)
        expect(filter(run({ parameters: { [key]: 'v' } }))).toBe(true)
      }),
      { numRuns: 2000 }
    )
  })
})
