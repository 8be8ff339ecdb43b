import { describe, expect, it } from 'vitest'
import { maximumExpressionLength, type GateFacts } from '../../model/policy'
import { bindFacts, collectEvidence, compileExpression, decide } from './cel-expression'
import { createTimeBudget } from './time-bound'

function problemOf(source: string) {
  const compiled = compileExpression(source, createTimeBudget())
  if (compiled.ok) throw new Error(`this compiles: ${source}`)
  return compiled.problem
}
function expressionOf(source: string) {
  const compiled = compileExpression(source, createTimeBudget())
  if (!compiled.ok) throw new Error(`this does not compile: ${source}: ${compiled.problem.message}`)
  return compiled.expression
}
const verdictOf = (source: string, facts: GateFacts = {}) => decide(expressionOf(source), bindFacts(facts), createTimeBudget())
const evidenceOf = (source: string, facts: GateFacts) => collectEvidence(expressionOf(source).syntax, bindFacts(facts))
const outcomeOf = (source: string, facts: GateFacts = {}) => verdictOf(source, facts).outcome

describe('an expression that cannot be used', () => {
  it.each([
    ['metrics.auc >', 12, '>'],
    ['metrics.auc\n  >= \n0.8 &&', 22, '&'],
    ['metrics.auc\r\n >=\r\n0.8 &&', 22, '&'],
    ['metrics.auc > 0.5\n"text', 18, '"'],
    [' ', 1, '']
  ])('because of its syntax is marked where it stops making sense: %j', (source, from, found) => {
    const problem = problemOf(source)
    expect(problem).toMatchObject({ from, to: from + found.length })
    expect(problem.message).toMatch(
      new RegExp(`^The expression is not valid CEL: found ${found || 'end of input'} but expecting .*[^.]\\.$`)
    )
  })

  it('names what is not known, and marks it', () => {
    expect(problemOf('metrics.auc > 0.5 && nope . a < 1')).toEqual({
      message: '"nope" is not known. Facts are grouped under metrics, fairness, data, model, run, evaluation, split.',
      from: 21,
      to: 29
    })
    expect(problemOf('metrics.auc.median() > size(data.rows)')).toEqual({
      message: 'The function "median" does not exist in CEL.',
      from: 12,
      to: 18
    })
  })

  it('is longer than a rule may be, by a character', () => {
    const text = (length: number) => `"${'x'.repeat(length - 8)}" != ""`
    expect(expressionOf(text(maximumExpressionLength)).source).toHaveLength(maximumExpressionLength)
    expect(problemOf(text(maximumExpressionLength + 1))).toEqual({
      message: 'The expression is longer than 4000 characters.',
      from: 0,
      to: 4_001
    })
  })

  it('loops inside of loops more than three deep, or is nested too deeply', () => {
    expect(problemOf('[1].all(a, [1].all(b, [1].all(c, [1].all(d, true))))')).toEqual({
      message: 'The expression nests more than 3 iterations. Split it into several rules.',
      from: 0,
      to: 52
    })
    expect(outcomeOf('[1].all(a, [1].all(b, [1].all(c, a + b + c == 3)))')).toBe('pass')
    const deep = `1${' + 1'.repeat(600)} > 0`
    expect(problemOf(deep)).toEqual({
      message: 'The expression cannot be read: it is nested too deeply. Split it into several rules.',
      from: 0,
      to: deep.length
    })
  })

  it('is said to be too hard, and not wrong, when there is no time left to read it', () => {
    const problem = compileExpression('true', createTimeBudget(0))
    expect(problem).toMatchObject({ ok: false, problem: { message: expect.stringMatching(/cannot be read: the time.*Split it/), to: 4 } })
  })
})

describe('facts in an expression', () => {
  it('are numbers, texts, truths, lists and maps', () => {
    const facts: GateFacts = {
      metrics: { auc: 0.85, deep: { low: 0.8, high: { upper: 0.9 } } },
      model: { features: ['a', 'b'], algorithm: 'forest' },
      run: { seeded: true, reproducible: false }
    }
    expect(outcomeOf('metrics.auc == 0.85 && metrics.deep.high.upper == 0.9 && metrics.deep.size() == 2', facts)).toBe('pass')
    expect(outcomeOf('model.features == ["a", "b"] && model.algorithm.startsWith("for")', facts)).toBe('pass')
    expect(outcomeOf('run.seeded && !run.reproducible', facts)).toBe('pass')
  })

  it('come in groups that are there even when nothing is in them', () => {
    expect(
      outcomeOf(['metrics', 'fairness', 'data', 'model', 'run', 'evaluation'].map((group) => `size(${group}) == 0`).join(' && '))
    ).toBe('pass')
  })

  it('are left out when null, and are null in a list, which keeps its length', () => {
    const facts = { metrics: { lost: null, kept: 0, map: { lost: null, kept: 1 } } }
    expect(outcomeOf('size(metrics) == 2 && has(metrics.kept) && !has(metrics.lost) && metrics.map == {"kept": 1.0}', facts)).toBe('pass')
    expect(outcomeOf('model.list == [null, null, 1.0]', { model: { list: [null, null, 1] } })).toBe('pass')
  })

  it.each([NaN, Infinity, -Infinity])('that are %d let no expression hold, however it is turned', (odd) => {
    const facts = { metrics: { odd, kept: 0.5, map: { odd, kept: 1 } }, model: { list: [1, odd] } }
    for (const expression of [
      ...['<', '<=', '>', '>=', '==', '!='].flatMap((sign) => [`metrics.odd ${sign} 0.1`, `!(metrics.odd ${sign} 0.1)`]),
      ...['metrics.odd <= 0.1 || true', '!has(metrics.odd) || metrics.odd < 0.1', 'has(metrics.odd)', 'metrics.odd == metrics.odd'],
      ...[
        'metrics["odd"] != 0.1',
        'string(metrics.odd) != ""',
        'metrics.map.odd < 2.0',
        'type(metrics.odd) == double',
        '[metrics.odd] != []'
      ],
      ...['metrics.map.exists(k, metrics.map[k] > 0.9)', '!metrics.map.exists(k, metrics.map[k] > 2.0)', 'model.list.all(x, x > 0.0)'],
      ...['!model.list.all(x, x < 0.0)', 'metrics.kept < 1.0 && metrics.odd < 1.0']
    ])
      expect([expression, outcomeOf(expression, facts)]).toEqual([expression, 'error'])
    const words = { NaN: 'not a number', Infinity: 'infinity', '-Infinity': 'minus infinity' }[String(odd)]
    expect(verdictOf('metrics.odd < 0.1', facts)).toMatchObject({
      detail: expect.stringContaining(`metrics.odd is ${words}, which no`),
      from: 0
    })
    expect(evidenceOf('metrics.odd < 0.1', facts)).toEqual([{ fact: 'metrics.odd', value: String(odd), present: true }])
    expect(outcomeOf('metrics.kept < 1.0', facts)).toBe('pass')
  })

  it('are never taken from what every object has', () => {
    for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty', 'size', 'get'])
      expect(verdictOf(`metrics.${name} != "x" || true`)).toMatchObject({ outcome: 'error', detail: expect.stringContaining('is missing') })
  })
})

describe('the evidence', () => {
  it('is each fact once, with its value, and those that are missing as such', () => {
    const facts: GateFacts = {
      metrics: { auc: 0.85, zero: 0, lost: null },
      model: { features: ['a', null, ['b']], none: [], text: '', is: false, deep: { list: [{ a: 1 }] } }
    }
    const names = [
      'metrics.auc',
      'metrics.zero',
      'metrics.lost',
      'metrics.auc.low',
      'model.features',
      'model.none',
      'model.text',
      'model.is'
    ]
    expect(evidenceOf(`[${[...names, 'metrics.auc', 'model.deep', 'model.deep.list'].join(', ')}] == []`, facts)).toEqual([
      { fact: 'metrics.auc', value: 0.85, present: true },
      { fact: 'metrics.zero', value: 0, present: true },
      { fact: 'metrics.lost', present: false },
      { fact: 'metrics.auc.low', present: false },
      { fact: 'model.features', value: ['a', null, ['b']], present: true },
      { fact: 'model.none', value: [], present: true },
      { fact: 'model.text', value: '', present: true },
      { fact: 'model.is', value: false, present: true },
      { fact: 'model.deep', value: { list: [{ a: 1 }] }, present: true },
      { fact: 'model.deep.list', value: [{ a: 1 }], present: true }
    ])
  })

  it('is neither a whole group nor the name of a type', () => {
    expect(
      evidenceOf('size(metrics) > 0 && type(data.rows) == double && type(1) != google.protobuf.Timestamp', { data: { rows: 1 } })
    ).toEqual([{ fact: 'data.rows', value: 1, present: true }])
  })
})

describe('deciding', () => {
  it('names and marks the fact that is missing, unless the expression asks for that very one', () => {
    const source = 'metrics.auc > 0.5 || metrics.brier < 0.1'
    expect(verdictOf(source, { metrics: { auc: 0.8 } })).toEqual({
      outcome: 'error',
      detail: 'The fact metrics.brier is missing: it was not measured or is not known by this name.',
      from: 21,
      to: 34
    })
    expect(verdictOf(`has(metrics.auc) && (${source})`, { metrics: { auc: 0.8 } })).toMatchObject({
      outcome: 'error',
      detail: expect.stringContaining('metrics.brier')
    })
    expect(outcomeOf(`has(metrics.brier) || (${source})`, { metrics: { auc: 0.8 } })).toBe('error')
    expect(outcomeOf(`!has(metrics.brier) || (${source})`, { metrics: { auc: 0.8 } })).toBe('pass')
    expect(verdictOf(`has(metrics.brier) && (${source})`, { metrics: { auc: 0.8 } })).toEqual({ outcome: 'fail' })
  })

  it('misses a fact inside of a loop whose variable is called like its group', () => {
    expect(verdictOf('[1].all(metrics, .metrics.nope > 0.5 || true)')).toMatchObject({
      outcome: 'error',
      detail: expect.stringContaining('metrics.nope is missing')
    })
  })

  it('knows no fact in the name of a type', () => {
    expect(outcomeOf('type(timestamp("2026-01-01T00:00:00Z")) == google.protobuf.Timestamp')).toBe('pass')
  })

  it('says which operator does not take what, and of whole numbers how to write them', () => {
    const facts: GateFacts = { metrics: { auc: 0.5 }, model: { name: 'a', is: true } }
    const detailOf = (source: string) => {
      const verdict = verdictOf(source, facts)
      return verdict.outcome === 'error' ? verdict.detail : verdict.outcome
    }
    expect(detailOf('metrics.auc + 1 > 1.0')).toBe(
      'The operator + does not take (double, int). Measured numbers are doubles: write 1.0 instead of 1.'
    )
    expect(detailOf('metrics.auc + model.name == ""')).toBe('The operator + does not take (double, string).')
    expect(detailOf('1 in model.name')).toBe('The operator in does not take (int, string).')
    expect(detailOf('-model.name == ""')).toBe('The operator - does not take (string).')
    expect(detailOf('1 + model.name == ""')).toBe('The operator + does not take (int, string).')
    expect(detailOf('1 / 0 == 1')).toBe('The expression could not be evaluated: int divide by zero.')
    for (const source of ['metrics.auc', 'model.name', '"true"', 'null', 'model'])
      expect(detailOf(source)).toBe('The expression did not yield true or false. Compare the value with something.')
  })

  it('stops at the end of its time', () => {
    const expression = expressionOf('true')
    expect(decide(expression, bindFacts({}), createTimeBudget(0))).toEqual({
      outcome: 'error',
      detail: 'The expression was stopped: the time for the whole policy was used up.'
    })
  })
})
