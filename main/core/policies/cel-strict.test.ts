import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GateFacts } from '../../model/policy'
import { bindFacts, compileExpression, decide } from './cel-expression'
import { evaluatePolicy } from './gate'
import { parsePolicy } from './policy-document'
import { policyOf } from './policy-text.fixture'
import { createTimeBudget } from './time-bound'

const facts: GateFacts = {
  metrics: { auc: 0.85, zero: 0 },
  model: { features: ['speed', 'height'], none: [], items: [{ a: 1 }, { b: 1 }] }
}
function verdictOf(source: string, given: GateFacts = facts) {
  const compiled = compileExpression(source, createTimeBudget())
  if (!compiled.ok) throw new Error(`${source}: ${compiled.problem.message}`)
  return decide(compiled.expression, bindFacts(given), createTimeBudget())
}
const outcomeOf = (source: string, given?: GateFacts) => verdictOf(source, given).outcome

describe('an error that CEL passes over', () => {
  it.each([
    'missing.fact > 0.5 || true',
    'metrics["n" + "o"] > 0.5 || true',
    'true || metrics["n" + "o"] > 0.5',
    'true ? true : metrics["n" + "o"] > 0.5',
    '!(false && metrics["n" + "o"] > 0.5)',
    'metrics.auc > 0.5 || 1 / 0 == 1',
    'true || 1 || false',
    'true || (false ? 1 / 0 == 1 : false)',
    '[0, 1].exists(x, 1 / x == 1)',
    '![0, 1].all(x, 1 / x == 2)',
    '[1, 0].exists(x, 1 / x == 1)',
    '[[1, 0], [1]].exists(l, l.exists(x, 1 / x == 1))',
    'size([1, 2].filter(x, x == 1 || 1 / 0 == 1)) == 1',
    'model.features.exists(f, f == "speed" || metrics[f] > 0.5)'
  ])('is seen, and the blocking rule fails: %s', (expression) => {
    const report = evaluatePolicy(parsePolicy(policyOf(expression)), facts)
    expect(report.results[0]).toMatchObject({ outcome: 'error', errorDetail: expect.stringMatching(/./) })
    expect(report.outcome).toBe('fail')
  })

  it.each([
    '1.0 / 0.0 > 0.5',
    '!(1.0 / 0.0 < 0.5)',
    '0.0 / metrics.zero != 0.5',
    'metrics.auc / metrics.zero > 0.5 || true',
    '-1.0 / metrics.zero < metrics.auc',
    'double("NaN") != 0.5',
    'double("Infinity") > 0.5',
    '1e999 > 0.5',
    '1e308 * 10.0 > 0.5',
    'string(1.0 / 0.0) != ""',
    '[1.0].exists(x, x / 0.0 > 0.5)'
  ])('is also a calculation without a finite result: %s', (expression) => {
    expect(verdictOf(expression)).toMatchObject({
      outcome: 'error',
      detail: expect.stringMatching(/could not be evaluated: a calculation/)
    })
  })
})

describe('a question about an empty list', () => {
  it.each([
    'model.none.all(x, x == "y")',
    '[].all(x, true)',
    '![].all(x, false)',
    'metrics.auc > 0.5 || model.none.all(x, true)',
    'size(model.none) == 0 || model.none.all(x, x == "y")',
    '[[]].all(l, l.all(x, true))',
    '[["a"], []].all(l, l.all(x, x == "a"))',
    '[[]].exists(l, l.all(x, true))',
    'model.features.filter(f, f == "age").all(f, f != "age")',
    'model.features.map(f, f == "age", f).all(f, f != "age")',
    '!model.none.exists(x, x == "y")',
    'model.none.exists(x, x == "y") == false',
    'model.none.exists(x, true) ? false : true',
    '!model.none.exists_one(x, true)'
  ])('decides nothing: %s', (expression) => {
    expect(verdictOf(expression)).toMatchObject({ outcome: 'error', detail: expect.stringContaining('was asked of an empty list') })
  })
  it('is answered with no where only a yes would help the rule', () => {
    for (const expression of ['model.none.exists(x, true)', 'false || [[]].exists(l, l.exists(x, true))', '[].exists_one(x, true)'])
      expect(outcomeOf(expression)).toBe('fail')
    expect(outcomeOf('size(model.none.filter(x, true)) == 0 && model.none.map(x, x) == []')).toBe('pass')
    expect(outcomeOf('size(model.none.filter(x, !(x == "y"))) == 0')).toBe('pass')
  })
})

describe('what has() asks for', () => {
  it.each([
    ['!has(metrics.brier) || metrics.brier < 0.1', 'pass'],
    ['metrics.brier < 0.1 || !has(metrics.brier)', 'pass'],
    ['has(metrics.brier) ? metrics.brier < 0.1 : metrics.auc > 0.5', 'pass'],
    ['has(metrics.brier) && metrics.brier < 0.1 && metrics.auc > 0.5', 'fail'],
    ['model.items.exists(i, has(i.a) && i.a > 0.5)', 'pass'],
    ['model.items.all(i, !has(i.a) || i.a > 0.5)', 'pass'],
    ['has(metrics.brier) ? metrics.brier < 0.1 : metrics.auc / metrics.zero > 0.5', 'error'],
    ['!has(metrics.auc) || metrics.auc > 0.5 || 1 / 0 == 1', 'error'],
    ['!has(metrics.brier) || metrics.brier < 0.1 || 1 / 0 == 1', 'error'],
    ['(has(metrics.brier) || true) && (metrics.brier < 0.1 || true)', 'error'],
    ['model.items.exists(i, i.a > 0.5)', 'error'],
    ['has(metrics.brier) || (metrics.auc > 0.5 || metrics.brier < 0.1)', 'error'],
    ['has(metrics.brier) && (metrics.auc > 0.5 || metrics.brier < 0.1)', 'fail'],
    ['has(metrics.brier) && metrics.auc || true', 'error']
  ])('%s', (expression, outcome) => expect(outcomeOf(expression)).toBe(outcome))
})

it('still names the operator that does not take what it was given', () => {
  expect(verdictOf('true || metrics.auc')).toMatchObject({ detail: 'The operator || does not take (bool, double).' })
  expect(verdictOf('1 ? true : false')).toMatchObject({ detail: 'The operator ?: does not take (int, bool, bool).' })
})

/** An expression, and what it must come to: undefined is an error anywhere in it. */
interface Known {
  source: string
  value: boolean | undefined
}
const strict = (parts: (boolean | undefined)[], decide: (values: boolean[]) => boolean): boolean | undefined =>
  parts.includes(undefined) ? undefined : decide(parts as boolean[])

/** Every operator decides all of its parts; nothing here knows how the engine does it. */
const { known } = fc.letrec<{ known: Known }>((tie) => {
  const comparison = fc
    .tuple(
      fc.constantFrom(0, 1, 2),
      fc.constantFrom(0, 1, 2),
      fc.constantFrom('>', '<='),
      fc.constantFrom('1.0', 'metrics.one', 'metrics["o" + "ne"]')
    )
    .map(([above, below, sign, right]): Known => {
      const quotient = above / below
      const value = !Number.isFinite(quotient) ? undefined : sign === '>' ? quotient > 1 : quotient <= 1
      return { source: `${above}.0 / ${below}.0 ${sign} ${right}`, value }
    })
  const asked = fc.boolean().map((isThere): Known => {
    const name = isThere ? 'metrics.one' : 'metrics.absent'
    return { source: `(!has(${name}) || ${name} > 0.5)`, value: true }
  })
  const question = fc.tuple(fc.array(fc.boolean(), { maxLength: 3 }), fc.boolean(), tie('known')).map(([items, isAll, part]): Known => {
    const answers = items.map((item) => strict([item, part.value], ([left, right]) => left || right))
    const value = !isAll && items.length === 0 ? undefined : strict(answers, (each) => (isAll ? each.every(Boolean) : each.some(Boolean)))
    const source = `[${items.join(', ')}].${isAll ? 'all' : 'exists'}(x, x || (${part.source}))`
    // Turned round, so that nothing over which no question is asked helps.
    return isAll
      ? { source, value: items.length === 0 ? undefined : value }
      : { source: `!${source}`, value: value === undefined ? undefined : !value }
  })
  const both = (sign: string, decide: (values: boolean[]) => boolean) =>
    fc.tuple(tie('known'), tie('known')).map(([left, right]): Known => ({
      source: `(${left.source} ${sign} ${right.source})`,
      value: strict([left.value, right.value], decide)
    }))
  return {
    known: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.boolean().map((value): Known => ({ source: String(value), value })),
      comparison,
      asked,
      both('&&', (values) => values.every(Boolean)),
      both('||', (values) => values.some(Boolean)),
      tie('known').map(({ source, value }): Known => ({ source: `(${source} == false)`, value: value === undefined ? undefined : !value })),
      fc.tuple(tie('known'), tie('known'), tie('known')).map(([condition, yes, no]): Known => ({
        source: `(${condition.source} ? ${yes.source} : ${no.source})`,
        value: strict([condition.value, yes.value, no.value], ([first, second, third]) => (first ? second : third))
      })),
      question
    )
  }
})

it('comes to what deciding every part comes to, whatever CEL would pass over', () => {
  const seen = { pass: 0, fail: 0, error: 0 }
  fc.assert(
    fc.property(known, ({ source, value }) => {
      fc.pre(source.length < 3_000 && (source.match(/\(x, /g) ?? []).length <= 3)
      const outcome = outcomeOf(source, { metrics: { one: 1 } })
      seen[outcome]++
      expect([source, outcome]).toEqual([source, value === undefined ? 'error' : value ? 'pass' : 'fail'])
    }),
    { numRuns: 400, seed: 7 }
  )
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(40)
})
